import { type EvaluationLimits, RunBudget } from '../contracts/budget.js';
import type { DefinitionLookup } from '../definitions/definition-lookup.js';
import type { PreparedFunction, PreparedFunctionTest, PreparedTestCase } from '../language/definition.js';
import { KoreoError } from '../model/errors.js';
import { andThen, type JsonObject, type MaybePromise } from '../model/json.js';
import { KOREO_API_VERSION } from '../model/names.js';
import { isOk, type Outcome } from '../model/outcome.js';
import { evaluateMapping } from '../runtime/evaluation.js';
import { findDefinition } from '../runtime/find-definition.js';
import { ManagedTracker } from '../runtime/managed-tracker.js';
import { runResourceFunction } from '../runtime/resource-function.js';
import { DEFAULT_RUN_LIMITS, type RunContext, UsedDefinitions } from '../runtime/run-context.js';
import { runValueFunction } from '../runtime/value-function.js';
import { checkExpectation } from './expectation.js';
import type { CaseOutcome, CaseResult, CaseVerdict, FunctionTestResult } from './function-test-result.js';
import { SimulatedHandler } from './simulated-handler.js';
import { VirtualClock } from './virtual-clock.js';

/** What FunctionTests run in. */
export interface FunctionTestEnvironment {
  readonly definitions: DefinitionLookup;
  /** Those of the deployment, when absent the defaults. */
  readonly limits?: EvaluationLimits;
}

/**
 * Runs the cases of a FunctionTest in order, each against a simulated store, with the very code that real runs use.
 * Never rejects for what definitions do: that is in the results.
 */
export function runFunctionTest(
  test: PreparedFunctionTest,
  environment: FunctionTestEnvironment,
): Promise<FunctionTestResult> {
  return new FunctionTestRun(test, environment).run();
}

/** What one case hands on to the next. */
interface Carried {
  readonly inputs: JsonObject;
  readonly resource: JsonObject | undefined;
}

/** A case that has run, and what it hands on. */
interface Ran {
  readonly result: CaseResult;
  readonly carried: Carried;
}

class FunctionTestRun {
  readonly #test: PreparedFunctionTest;
  readonly #environment: FunctionTestEnvironment;
  readonly #never = new AbortController().signal;

  constructor(test: PreparedFunctionTest, environment: FunctionTestEnvironment) {
    this.#test = test;
    this.#environment = environment;
  }

  async run(): Promise<FunctionTestResult> {
    const { name, namespace, functionRef, location } = this.#test;
    const cases = await this.#cases();
    return { name, namespace, function: functionRef.name, functionKind: functionRef.kind, location, cases };
  }

  async #cases(): Promise<readonly CaseResult[]> {
    const { functionRef, cases } = this.#test;
    const used = new UsedDefinitions(this.#environment.definitions);
    const found = findDefinition(functionRef.kind, functionRef.name, { used });
    if (found.definition === undefined) return failFirst(cases, found.why);
    let carried: Carried;
    try {
      carried = { inputs: await this.#inputs(), resource: this.#test.currentResource };
    } catch (error) {
      return failFirst(cases, messageOf(error));
    }
    return this.#runAll(found.definition, carried);
  }

  async #runAll(definition: PreparedFunction, start: Carried): Promise<readonly CaseResult[]> {
    const results: CaseResult[] = [];
    let carried = start;
    let ended = false;
    for (const testCase of this.#test.cases) {
      if (testCase.skip || ended) {
        results.push(resultOf(testCase, testCase.skip ? 'skipped' : 'not-run'));
        continue;
      }
      const ran = await this.#runCase(definition, testCase, carried);
      results.push(ran.result);
      if (testCase.variant) continue;
      carried = ran.carried;
      ended = ran.result.result === 'fail';
    }
    return results;
  }

  async #runCase(definition: PreparedFunction, testCase: PreparedTestCase, before: Carried): Promise<Ran> {
    let carried: Carried;
    try {
      carried = await this.#arrange(testCase, before);
    } catch (error) {
      return { result: resultOf(testCase, 'fail', { message: messageOf(error) }), carried: before };
    }
    const handler = new SimulatedHandler(carried.resource);
    const outcome = await this.#act(definition, carried.inputs, handler);
    const { sent, given, held } = handler;
    const complaint = checkExpectation(testCase.expectation, { outcome, sent, given });
    const result = resultOf(testCase, complaint === undefined ? 'pass' : 'fail', {
      ...complaint,
      outcome: caseOutcome(outcome),
    });
    return { result, carried: { inputs: carried.inputs, resource: held } };
  }

  /** Lays the case's own inputs and resource over what it was handed. @throws KoreoError */
  async #arrange(testCase: PreparedTestCase, { inputs: before, resource: handed }: Carried): Promise<Carried> {
    const { inputOverrides, overlayResource, currentResource } = testCase;
    const budget = this.#budget();
    const inputs =
      inputOverrides === undefined ? before : await inputOverrides.layOver(before, { inputs: before }, budget);
    const resource = currentResource ?? handed;
    if (overlayResource === undefined) return { inputs, resource };
    if (resource === undefined) throw new NoResourceError();
    return { inputs, resource: await overlayResource.layOver(resource, { inputs, resource }, budget) };
  }

  #act(definition: PreparedFunction, inputs: JsonObject, handler: SimulatedHandler): MaybePromise<Outcome> {
    if (definition.kind === 'ValueFunction') return runValueFunction(definition, inputs, this.#budget());
    const run = runResourceFunction(definition, inputs, this.#context(handler), new ManagedTracker());
    return andThen(run, ({ outcome }) => outcome);
  }

  async #inputs(): Promise<JsonObject> {
    return this.#test.inputs === undefined ? {} : evaluateMapping(this.#test.inputs, {}, this.#budget());
  }

  /** The trigger of a test has no uid, so that nothing is made its own. */
  #context(handler: SimulatedHandler): RunContext {
    const { name, kind } = this.#test;
    const { definitions } = this.#environment;
    return {
      definitions,
      handlers: [handler],
      clock: new VirtualClock(),
      limits: DEFAULT_RUN_LIMITS,
      signal: this.#never,
      dryRun: false,
      claim: async () => undefined,
      appliedTo: () => undefined,
      owner: { store: handler.name, apiVersion: KOREO_API_VERSION, kind, name },
      budget: this.#budget(),
      used: new UsedDefinitions(definitions),
    };
  }

  #budget(): RunBudget {
    return new RunBudget(this.#environment.limits);
  }
}

class NoResourceError extends KoreoError {
  readonly code = 'no-resource';

  constructor() {
    super(
      'overlayResource needs a resource to be laid over: give a currentResource, or let an earlier case create one',
    );
  }
}

/** None of the cases can run: the first that is not skipped says why. */
function failFirst(cases: readonly PreparedTestCase[], message: string): readonly CaseResult[] {
  const first = cases.findIndex(({ skip }) => !skip);
  return cases.map((testCase, index) => {
    if (testCase.skip) return resultOf(testCase, 'skipped');
    return index === first ? resultOf(testCase, 'fail', { message }) : resultOf(testCase, 'not-run');
  });
}

function resultOf(
  { label, variant, location }: PreparedTestCase,
  result: CaseVerdict,
  details: Partial<Pick<CaseResult, 'outcome' | 'differences' | 'message'>> = {},
): CaseResult {
  return { label, variant, location, result, differences: [], ...details };
}

function caseOutcome(outcome: Outcome): CaseOutcome {
  if (isOk(outcome)) return { type: outcome.type, value: outcome.value };
  const { type, message } = outcome;
  return outcome.type === 'Retry' ? { type, message, delay: outcome.delay } : { type, message };
}

/** Anything but an error of the definitions is a defect, and no test's result. */
function messageOf(error: unknown): string {
  if (error instanceof KoreoError) return error.message;
  throw error;
}
