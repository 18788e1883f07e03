import type { RunBudget } from '../contracts/budget.js';
import type { Scope } from '../contracts/expression-engine.js';
import type { Predicate } from '../language/definition.js';
import { andThen, type MaybePromise } from '../model/json.js';
import { depSkip, type NotOk, permFail, retry, skip } from '../model/outcome.js';
import { evaluateBoolean, evaluateString } from './evaluation.js';
import { placeIn, type Subject } from './failure.js';
import { firstOf } from './maybe-promise.js';

/** What checks came to: an outcome that ends the function, or that it goes on. */
export type Verdict = NotOk | typeof GO_ON;

const GO_ON = { type: 'go-on' } as const;

/**
 * Looks at the predicates in order; the first whose assert is false decides, and nothing after it is evaluated.
 * @throws EvaluationError, WrongTypeError
 */
export function checkPredicates(
  predicates: readonly Predicate[],
  scope: Scope,
  subject: Subject,
  budget: RunBudget,
): MaybePromise<Verdict> {
  const decided = firstOf(predicates, (predicate) =>
    andThen(evaluateBoolean(predicate.assert, scope, budget), (holds) =>
      holds ? undefined : decide(predicate, scope, subject, budget),
    ),
  );
  return andThen(decided, (verdict) => verdict ?? GO_ON);
}

function decide(predicate: Predicate, scope: Scope, subject: Subject, budget: RunBudget): MaybePromise<Verdict> {
  const { verdict } = predicate;
  if (verdict.type === 'ok') return GO_ON;
  const place = placeIn(subject, predicate.assert.location);
  return andThen(evaluateString(verdict.message, scope, budget), (message): NotOk => {
    switch (verdict.type) {
      case 'skip':
        return skip(message, place);
      case 'depSkip':
        return depSkip(message, place);
      case 'retry':
        return retry(verdict.delay, message, place);
      case 'permFail':
        return permFail(message, place);
    }
  });
}
