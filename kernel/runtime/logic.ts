import type { LogicReport } from '../contracts/run-report.js';
import type { LogicRef } from '../language/definition.js';
import type { JsonObject, MaybePromise } from '../model/json.js';
import type { ManagedTracker } from './managed-tracker.js';
import type { RunContext } from './run-context.js';

/**
 * Runs what a step refers to. A Workflow runs steps and a step may run a Workflow; the circle is closed here, so that
 * neither imports the other.
 */
export type RunLogic = (
  ref: LogicRef,
  inputs: JsonObject,
  context: RunContext,
  tracker: ManagedTracker,
) => MaybePromise<LogicReport>;
