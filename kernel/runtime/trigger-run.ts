import type { StepReport, UsedDefinition } from '../contracts/run-report.js';
import type { PreparedWorkflow } from '../language/definition.js';
import type { JsonObject } from '../model/json.js';
import type { ManagedWorkflow } from '../model/managed-resources.js';
import type { Outcome } from '../model/outcome.js';
import type { Resource } from '../model/resource.js';
import type { RunEnvironment } from './run-context.js';

/** A resource that starts a Workflow, and the name of the store where it lies. */
export interface Trigger {
  readonly resource: Resource;
  readonly store: string;
}

/** A condition that a step asks its trigger to show: what it is about, in the author's words, and what the step came to. */
export interface StepCondition {
  readonly type: string;
  readonly name: string;
  readonly outcome: Outcome;
}

/** What a run of a trigger's Workflow came to. */
export interface TriggerRun {
  readonly outcome: Outcome;
  readonly steps: readonly StepReport[];
  /** In the order of the steps, one of each type. */
  readonly conditions: readonly StepCondition[];
  /** What the steps of this run gave; not yet laid over what the trigger's status held. */
  readonly state: JsonObject;
  /** By step label; a step of a sub-Workflow as `outer.inner`. Null when there are none. */
  readonly stateErrors: Readonly<Record<string, string>> | null;
  readonly managed: ManagedWorkflow;
  readonly used: readonly UsedDefinition[];
}

/**
 * Runs a Workflow for a trigger. Whatever the definitions, data and stores do is in the outcome; it rejects only when
 * the environment's signal aborts, with the signal's reason, or when something is wrong with the kernel itself.
 */
export type RunForTrigger = (
  workflow: PreparedWorkflow,
  trigger: Trigger,
  environment: RunEnvironment,
) => Promise<TriggerRun>;
