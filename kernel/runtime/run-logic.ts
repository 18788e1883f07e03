import type { LogicReport } from '../contracts/run-report.js';
import type { LogicRef, PreparedLogic } from '../language/definition.js';
import { andThen, type JsonObject, type MaybePromise } from '../model/json.js';
import { isOk, ok, retry } from '../model/outcome.js';
import { placeIn } from './failure.js';
import { findDefinition } from './find-definition.js';
import type { ManagedTracker } from './managed-tracker.js';
import { runResourceFunction } from './resource-function.js';
import type { RunContext } from './run-context.js';
import { DEFAULT_DELAY } from './store-failure.js';
import { runValueFunction } from './value-function.js';
import { runWorkflow } from './workflow.js';

/** Runs a Function or a sub-Workflow by name. What is missing or not ready is a Retry that says so. */
export function runLogic(
  ref: LogicRef,
  inputs: JsonObject,
  context: RunContext,
  tracker: ManagedTracker,
): MaybePromise<LogicReport> {
  const found = findDefinition(ref.kind, ref.name, context);
  if (found.definition === undefined) {
    return { logic: ref, outcome: retry(DEFAULT_DELAY, found.why, placeIn(ref, undefined)) };
  }
  return run(ref, found.definition, inputs, context, tracker);
}

function run(
  logic: LogicRef,
  definition: PreparedLogic,
  inputs: JsonObject,
  context: RunContext,
  tracker: ManagedTracker,
): MaybePromise<LogicReport> {
  switch (definition.kind) {
    case 'ValueFunction':
      return andThen(runValueFunction(definition, inputs, context.budget), (outcome) => ({ logic, outcome }));
    case 'ResourceFunction':
      return andThen(runResourceFunction(definition, inputs, context, tracker), (report) => ({ logic, ...report }));
    case 'Workflow':
      return andThen(runWorkflow(definition, inputs, context, tracker, runLogic), ({ outcome, steps, state }) => ({
        logic,
        outcome: isOk(outcome) ? ok(state) : outcome,
        steps,
      }));
  }
}
