import type { RunBudget } from '../contracts/budget.js';
import type { PreparedValueFunction } from '../language/definition.js';
import { andThen, type JsonObject, type MaybePromise } from '../model/json.js';
import { type Outcome, ok } from '../model/outcome.js';
import { evaluateLocals, evaluateMapping, type FunctionScope } from './evaluation.js';
import { evaluationFailure } from './failure.js';
import { recovering } from './maybe-promise.js';
import { checkPredicates } from './predicates.js';

/** Runs a ValueFunction. Pure: the same inputs give the same outcome. Gives a promise only when its engine does. */
export function runValueFunction(
  definition: PreparedValueFunction,
  inputs: JsonObject,
  budget: RunBudget,
): MaybePromise<Outcome> {
  return run(definition, inputs, budget, (scope) =>
    definition.return === undefined ? null : evaluateMapping(definition.return, scope, budget),
  );
}

/** Runs a ValueFunction as an overlay: its return sees the target as `resource`, and is laid over it. */
export function runOverlayFunction(
  definition: PreparedValueFunction,
  inputs: JsonObject,
  target: JsonObject,
  budget: RunBudget,
): MaybePromise<Outcome<JsonObject>> {
  return run(definition, inputs, budget, (scope) =>
    definition.return === undefined
      ? target
      : definition.return.layOver(target, { resource: target, ...scope }, budget),
  );
}

function run<T>(
  definition: PreparedValueFunction,
  inputs: JsonObject,
  budget: RunBudget,
  result: (scope: FunctionScope) => MaybePromise<T>,
): MaybePromise<Outcome<T>> {
  return recovering<Outcome<T>>(
    () =>
      andThen(checkPredicates(definition.preconditions, { inputs }, definition, budget), (verdict) => {
        if (verdict.type !== 'go-on') return verdict;
        return andThen(evaluateLocals(definition.locals, inputs, budget), (scope) => andThen(result(scope), ok));
      }),
    (error) => evaluationFailure(error, definition),
  );
}
