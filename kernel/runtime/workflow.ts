import type { LogicReport, StepReport } from '../contracts/run-report.js';
import type { PreparedStep, PreparedWorkflow } from '../language/definition.js';
import { andThen, type JsonObject, type MaybePromise, type MutableJsonObject, setKey } from '../model/json.js';
import type { ManagedWorkflow } from '../model/managed-resources.js';
import { combine, depSkip, isOk, type Outcome, retry } from '../model/outcome.js';
import { deepMergeAll } from '../resources/deep-merge.js';
import { evaluateMapping } from './evaluation.js';
import { evaluationFailure, placeIn } from './failure.js';
import type { RunLogic } from './logic.js';
import type { ManagedTracker, WorkflowTracker } from './managed-tracker.js';
import { guarded, recovering } from './maybe-promise.js';
import type { RunContext } from './run-context.js';
import { StepRun, type StepScope } from './step.js';
import { StepContext } from './step-context.js';
import { DEFAULT_DELAY } from './store-failure.js';
import { TimeLimit } from './time-limit.js';

/** What a Workflow came to: its steps, and the state that they gave together. */
export interface WorkflowRun {
  /** Of several Ok steps, the list of their values. */
  readonly outcome: Outcome;
  readonly steps: readonly StepReport[];
  readonly state: JsonObject;
  /** What is known to be managed, whatever the outcomes. */
  readonly managed: ManagedWorkflow;
}

/**
 * Runs a Workflow: each step as soon as all that it refers to has ended, so that steps with no path between them run at
 * the same time. Gives a promise only when a step does.
 */
export function runWorkflow(
  workflow: PreparedWorkflow,
  parent: JsonObject,
  context: RunContext,
  tracker: ManagedTracker,
  runLogic: RunLogic,
): MaybePromise<WorkflowRun> {
  return new Execution(workflow, parent, context, tracker, runLogic).run();
}

interface StepResult {
  readonly report: StepReport;
  readonly state?: JsonObject;
}

class Execution {
  readonly #workflow: PreparedWorkflow;
  readonly #parent: JsonObject;
  readonly #context: RunContext;
  readonly #runLogic: RunLogic;
  readonly #tracker: WorkflowTracker;
  readonly #results = new Map<string, MaybePromise<StepResult>>();

  constructor(
    workflow: PreparedWorkflow,
    parent: JsonObject,
    context: RunContext,
    tracker: ManagedTracker,
    runLogic: RunLogic,
  ) {
    this.#workflow = workflow;
    this.#parent = parent;
    this.#context = context;
    this.#runLogic = runLogic;
    const labels = workflow.steps.map(({ label }) => label);
    this.#tracker = tracker.workflow(workflow.name, labels);
  }

  run(): MaybePromise<WorkflowRun> {
    for (const step of this.#workflow.steps) {
      const result = guarded(() => this.#whenReady(step, this.#tracker.step(step.label)));
      this.#results.set(step.label, result);
    }
    return andThen(settled([...this.#results.values()]), (results) => this.#gather(results));
  }

  #whenReady(step: PreparedStep, tracker: ManagedTracker): MaybePromise<StepResult> {
    if (step.dependsOn.length === 0) return this.#runStep(step, {}, tracker);
    const needed = step.dependsOn.flatMap((label) => this.#results.get(label) ?? []);
    return andThen(settled(needed), (results) => {
      const missing = results.filter(({ report }) => !isOk(report.outcome));
      if (missing.length > 0) return this.#dependencySkip(step, missing);
      return this.#runStep(step, valuesOf(results), tracker);
    });
  }

  #dependencySkip(step: PreparedStep, missing: readonly StepResult[]): StepResult {
    const why = missing.map(({ report }) => `'${report.label}' (${reasonOf(report.outcome)})`).join(', ');
    const outcome = depSkip(`Step '${step.label}' waits for ${why}`, this.#placeOf(step));
    return { report: { label: step.label, outcome, waitedFor: step.dependsOn, durationMs: 0 } };
  }

  #runStep(step: PreparedStep, steps: JsonObject, tracker: ManagedTracker): MaybePromise<StepResult> {
    const { clock, limits } = this.#context;
    const started = clock.now();
    const seconds = step.timeoutSeconds ?? limits.stepTimeoutSeconds;
    const limit = new TimeLimit(this.#context, seconds);
    const scope: StepScope = { parent: this.#parent, steps };
    const context = new StepContext(this.#context, limit);
    const work = new StepRun(this.#workflow, step, scope, context, tracker, this.#runLogic).run();
    const tooLate = (): LogicReport => {
      const message = `Step '${step.label}' took longer than ${seconds} s`;
      return { outcome: retry(DEFAULT_DELAY, message, this.#placeOf(step)) };
    };
    return andThen(limit.race(work, tooLate), (report) => {
      const outcome = located(step.label, report.outcome);
      const durationMs = clock.now() - started;
      return this.#withState(step, { label: step.label, waitedFor: step.dependsOn, durationMs, ...report, outcome });
    });
  }

  /** A state that cannot be evaluated is left out whole, and the step is Ok as before. */
  #withState(step: PreparedStep, report: StepReport): MaybePromise<StepResult> {
    const { outcome } = report;
    const { state } = step;
    if (state === undefined || !isOk(outcome)) return { report };
    return recovering<StepResult>(
      () =>
        andThen(evaluateMapping(state, { value: outcome.value }, this.#context.budget), (value) => ({
          report,
          state: value,
        })),
      (error) => ({ report: { ...report, stateError: evaluationFailure(error, this.#workflow).message } }),
    );
  }

  #gather(results: readonly StepResult[]): WorkflowRun {
    const steps = results.map(({ report }) => report);
    const outcome = combine(steps.map((step) => step.outcome));
    const state = deepMergeAll(results.flatMap(({ state: own }) => (own === undefined ? [] : [own])));
    return { outcome, steps, state, managed: this.#tracker.record };
  }

  #placeOf(step: PreparedStep): string {
    return placeIn(this.#workflow, step.location);
  }
}

/** Waits for all, also when one of them fails, so that nothing goes on behind the back of who waits. */
function settled<T>(all: readonly MaybePromise<T>[]): MaybePromise<readonly T[]> {
  if (!all.some((one) => one instanceof Promise)) return all as readonly T[];
  return Promise.allSettled(all).then((results) =>
    results.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    }),
  );
}

function valuesOf(results: readonly StepResult[]): JsonObject {
  const values: MutableJsonObject = {};
  for (const { report } of results) {
    if (isOk(report.outcome)) setKey(values, report.label, report.outcome.value);
  }
  return values;
}

/** A step that waits itself does not repeat for what: its own outcome says it. */
function reasonOf(outcome: Outcome): string {
  return isOk(outcome) || outcome.type === 'DepSkip' ? outcome.type : `${outcome.type}: ${outcome.message}`;
}

function located(label: string, outcome: Outcome): Outcome {
  return isOk(outcome) ? outcome : { ...outcome, location: `${label}: ${outcome.location}` };
}
