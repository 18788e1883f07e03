import { RunBudget } from '../contracts/budget.js';
import type { LogicReport, StepReport, UsedDefinition } from '../contracts/run-report.js';
import type { PreparedWorkflow } from '../language/definition.js';
import { getAt, hasKey, isObject, type JsonObject } from '../model/json.js';
import type { ManagedWorkflow } from '../model/managed-resources.js';
import type { Outcome } from '../model/outcome.js';
import { asJson, type Resource } from '../model/resource.js';
import { ManagedTracker } from './managed-tracker.js';
import { type RunContext, type RunEnvironment, type RunOwner, UsedDefinitions } from './run-context.js';
import { runLogic } from './run-logic.js';
import { runWorkflow } from './workflow.js';

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
  /** One of each type, the last step's that asks for it. */
  readonly conditions: readonly StepCondition[];
  /** What the steps of this run gave; not yet laid over what the trigger's status held. */
  readonly state: JsonObject;
  /** By step label; a step of a sub-Workflow as `outer.inner`. Null when there are none. */
  readonly stateErrors: Readonly<Record<string, string>> | null;
  /** What is known to be managed, whatever the outcomes. */
  readonly managed: ManagedWorkflow;
  readonly used: readonly UsedDefinition[];
}

/**
 * Runs a Workflow for a trigger. Whatever the definitions, data and stores do is in the outcome; it rejects only when
 * the environment's signal aborts, with the signal's reason, or when something is wrong with the kernel itself.
 */
export async function runTriggeredWorkflow(
  workflow: PreparedWorkflow,
  trigger: Trigger,
  environment: RunEnvironment,
): Promise<TriggerRun> {
  const tracker = new ManagedTracker();
  const { claims } = environment;
  const context: RunContext = {
    claim: async (resource) => claims?.claim(resource, () => tracker.node as ManagedWorkflow),
    appliedTo: (resource) => claims?.appliedTo(resource),
    owner: ownerOf(trigger),
    budget: new RunBudget(environment.limits.evaluation),
    used: new UsedDefinitions(environment.definitions),
    ...environment,
  };
  const parent = parentOf(trigger.resource);
  const run = await runWorkflow(workflow, parent, context, tracker, runLogic);
  const { outcome, steps, state, managed } = run;
  const errors = stateErrorsOf(steps);
  return {
    outcome,
    steps,
    conditions: conditionsOf(workflow, steps),
    state,
    stateErrors: errors.length === 0 ? null : Object.fromEntries(errors),
    managed,
    used: context.used.list(),
  };
}

/** {@link runTriggeredWorkflow}, or what stands in its place. */
export type RunForTrigger = typeof runTriggeredWorkflow;

/** What a Workflow sees of its trigger: all its top-level fields where it has no spec, and its state in any case. */
export function parentOf(trigger: Resource): JsonObject {
  const resource = asJson(trigger);
  const found = getAt(resource, ['status', 'state']);
  const state = isObject(found) ? found : {};
  if (!hasKey(resource, 'spec')) return { ...resource, state };
  return { metadata: resource.metadata ?? {}, spec: resource.spec ?? {}, state };
}

function ownerOf({ resource, store }: Trigger): RunOwner {
  const { apiVersion, kind, metadata } = resource;
  const { name, namespace, uid } = metadata;
  return {
    store,
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
  };
}

function conditionsOf(workflow: PreparedWorkflow, steps: readonly StepReport[]): readonly StepCondition[] {
  const byType = new Map<string, StepCondition>();
  for (const [index, { condition }] of workflow.steps.entries()) {
    const outcome = steps[index]?.outcome;
    if (condition !== undefined && outcome !== undefined) byType.set(condition.type, { ...condition, outcome });
  }
  return [...byType.values()];
}

function stateErrorsOf(steps: readonly StepReport[], prefix = ''): readonly (readonly [string, string])[] {
  return steps.flatMap((step) => {
    const key = `${prefix}${step.label}`;
    const own = step.stateError === undefined ? [] : [[key, step.stateError] as const];
    const nested = (report: LogicReport, at: string) => stateErrorsOf(report.steps ?? [], `${at}.`);
    const items = step.items?.flatMap((item, index) => nested(item, `${key}[${index}]`)) ?? [];
    return [...own, ...nested(step, key), ...items];
  });
}
