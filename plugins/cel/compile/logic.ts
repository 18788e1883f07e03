import { Fault, noOverload } from '../fault.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/value.js';
import type { Frame, Operation } from './frame.js';
import { scalarOperation } from './operation.js';

/**
 * `a && b` and `a || b`. A term that decides does so even when another fails, before it or after it; limits are no such
 * failures, and always end the evaluation.
 */
export function logicOperation(kind: 'and' | 'or', terms: readonly Operation[], at: number): Operation {
  const evaluates = terms.map((term) => term.evaluate);
  const deciding = kind === 'or';
  const operator = kind === 'or' ? '||' : '&&';
  return scalarOperation((frame) => {
    let failure: Fault | undefined;
    for (const evaluate of evaluates) {
      const term = attempt(evaluate, frame);
      if (term === deciding) return deciding;
      if (term === !deciding) continue;
      failure ??= term instanceof Fault ? term : noOverload(`${operator} of ${typeName(term)}`, at);
    }
    if (failure !== undefined) throw failure;
    return !deciding;
  }, terms);
}

/** What throwing and catching takes. */
const STEPS_PER_FAULT = 20;

/** The value, or the fault as a value; all other errors are thrown on. */
export function attempt<T extends Value>(evaluate: (frame: Frame) => T, frame: Frame): T | Fault {
  try {
    return evaluate(frame);
  } catch (error) {
    if (error instanceof Fault) {
      frame.budget.spend(STEPS_PER_FAULT);
      return error;
    }
    throw error;
  }
}

/** `!a`. */
export function notOperation(operand: Operation, at: number): Operation {
  const { evaluate } = operand;
  return scalarOperation(
    (frame) => {
      const value = evaluate(frame);
      if (typeof value !== 'boolean') throw noOverload(`!${typeName(value)}`, at);
      return !value;
    },
    [operand],
  );
}

/** `a ? b : c`, as a row of conditions and results. */
export function conditionalOperation(
  branches: readonly { readonly condition: Operation; readonly result: Operation; readonly at: number }[],
  otherwise: Operation,
): Operation {
  const results = [...branches.map((branch) => branch.result), otherwise];
  const parts = [...results, ...branches.map((branch) => branch.condition)];
  const cases = branches.map(({ condition, result, at }) => ({
    holds: condition.evaluate,
    evaluate: result.evaluate,
    at,
  }));
  return {
    evaluate: (frame) => {
      for (const { holds, evaluate, at } of cases) {
        const condition = holds(frame);
        if (condition === true) return evaluate(frame);
        if (condition !== false) throw noOverload(`${typeName(condition)} ? … : …`, at);
      }
      return otherwise.evaluate(frame);
    },
    plain: results.every((result) => result.plain),
    borrowed: results.every((result) => result.borrowed),
    size: parts.reduce((size, part) => size + part.size, 1),
  };
}
