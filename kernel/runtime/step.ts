import type { LogicReport } from '../contracts/run-report.js';
import type { LogicRef, PreparedStep, PreparedWorkflow } from '../language/definition.js';
import { andThen, isList, type Json, type JsonObject, type MaybePromise, typeName, withKeys } from '../model/json.js';
import { combine, type NotOk, type Outcome, ok, permFail, skip } from '../model/outcome.js';
import { evaluateBoolean, evaluateMapping, WrongTypeError } from './evaluation.js';
import { evaluationFailure, placeIn } from './failure.js';
import type { RunLogic } from './logic.js';
import type { ManagedTracker } from './managed-tracker.js';
import { mapBounded, recovering } from './maybe-promise.js';
import type { RunContext } from './run-context.js';

/** What a step's own expressions see. */
export interface StepScope {
  readonly parent: JsonObject;
  /** The values of the steps that it refers to, all of them Ok. */
  readonly steps: JsonObject;
  readonly [name: string]: Json;
}

/** One step in one run, once all that it refers to is Ok. */
export class StepRun {
  constructor(
    private readonly workflow: PreparedWorkflow,
    private readonly step: PreparedStep,
    private readonly scope: StepScope,
    private readonly context: RunContext,
    private readonly tracker: ManagedTracker,
    private readonly runLogic: RunLogic,
  ) {}

  /** Looks at `skipIf`, evaluates the inputs, and runs the Logic, once or for each item. Throws only what is no fault of a definition. */
  run(): MaybePromise<LogicReport> {
    return recovering<LogicReport>(
      () =>
        andThen(this.#isSkipped(), (skipped) =>
          skipped ? { outcome: this.#skipped() } : andThen(this.#inputs(), (inputs) => this.#runWith(inputs)),
        ),
      (error) => ({ outcome: evaluationFailure(error, this.workflow) }),
    );
  }

  #isSkipped(): MaybePromise<boolean> {
    const { skipIf } = this.step;
    return skipIf !== undefined && evaluateBoolean(skipIf, this.scope, this.context.budget);
  }

  #skipped(): NotOk {
    return skip('skipped by workflow', placeIn(this.workflow, this.step.skipIf?.location));
  }

  #inputs(): MaybePromise<JsonObject> {
    const { inputs } = this.step;
    return inputs === undefined ? {} : evaluateMapping(inputs, this.scope, this.context.budget);
  }

  #runWith(inputs: JsonObject): MaybePromise<LogicReport> {
    const { forEach } = this.step;
    if (forEach === undefined) return this.#runOnce(inputs, this.tracker);
    return andThen(forEach.itemIn.evaluate(this.scope, this.context.budget), (items) => {
      if (!isList(items)) throw new WrongTypeError(forEach.itemIn.location, 'a list', items);
      return this.#runForEach(items, inputs, forEach.inputKey);
    });
  }

  #runForEach(items: readonly Json[], inputs: JsonObject, inputKey: string): MaybePromise<LogicReport> {
    const { forEachItems, forEachConcurrency } = this.context.limits;
    if (items.length > forEachItems) {
      const message = `itemIn gives ${items.length} items, but the limit is ${forEachItems} (limits.forEachItems)`;
      return { outcome: permFail(message, placeIn(this.workflow, this.step.forEach?.itemIn.location)) };
    }
    const trackers = this.tracker.items(items.length);
    const reports = mapBounded(trackers, forEachConcurrency, (tracker, index) =>
      this.#runItem(withItem(inputs, inputKey, items[index] ?? null), tracker),
    );
    return andThen(reports, (all) => ({ ...this.#logicOfAll(), outcome: combineItems(all), items: all }));
  }

  /** A failing `switchOn` is that item's, and leaves the others alone. */
  #runItem(inputs: JsonObject, tracker: ManagedTracker): MaybePromise<LogicReport> {
    return recovering<LogicReport>(
      () => this.#runOnce(inputs, tracker),
      (error) => ({ outcome: evaluationFailure(error, this.workflow) }),
    );
  }

  #runOnce(inputs: JsonObject, tracker: ManagedTracker): MaybePromise<LogicReport> {
    return andThen(this.#logicFor(inputs), (ref) =>
      'outcome' in ref ? ref : this.runLogic(ref, inputs, this.context, tracker),
    );
  }

  #logicFor(inputs: JsonObject): MaybePromise<LogicRef | { readonly outcome: NotOk }> {
    const { logic } = this.step;
    if (logic.type === 'ref') return logic.ref;
    return andThen(logic.switchOn.evaluate(withKeys(this.scope, { inputs }), this.context.budget), (value) => {
      if (typeof value !== 'string' && !Number.isInteger(value)) {
        throw new WrongTypeError(logic.switchOn.location, 'a string or an integer', value);
      }
      const chosen = logic.cases.get(String(value)) ?? logic.default;
      if (chosen !== undefined) return chosen;
      const message = `switchOn gives a ${typeName(value)} that is none of the cases, and there is no default case`;
      return { outcome: permFail(message, placeIn(this.workflow, logic.switchOn.location)) };
    });
  }

  #logicOfAll(): Pick<LogicReport, 'logic'> {
    const { logic } = this.step;
    return logic.type === 'ref' ? { logic: logic.ref } : {};
  }
}

/** Any Retry or PermFail decides; otherwise it is Ok, with a text in the place of each item that was skipped. */
function combineItems(reports: readonly LogicReport[]): Outcome {
  const values: Json[] = [];
  for (const { outcome } of reports) {
    switch (outcome.type) {
      case 'Ok':
        values.push(outcome.value);
        break;
      case 'Skip':
        values.push(`Skip (message=${outcome.message})`);
        break;
      case 'DepSkip':
        values.push(`Dependency Skip (message=${outcome.message})`);
        break;
      case 'Retry':
      case 'PermFail':
        return combine(reports.map((report) => report.outcome));
    }
  }
  return ok(values);
}

function withItem(inputs: JsonObject, key: string, item: Json): JsonObject {
  return withKeys(inputs, { [key]: item });
}
