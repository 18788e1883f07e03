import type { Value } from '../values/value.js';
import type { Evaluate, Operation } from './frame.js';

/** An operation whose value is a scalar that JSON has: a boolean, say. */
export function scalarOperation(evaluate: Evaluate, parts: readonly Operation[]): Operation {
  return { evaluate, plain: true, borrowed: true, size: sizeWith(parts) };
}

/** An operation whose value may be anything. */
export function anyOperation(evaluate: Evaluate, parts: readonly Operation[]): Operation {
  return { evaluate, plain: false, borrowed: false, size: sizeWith(parts) };
}

/** A value that is known. */
export function constantOperation(value: Value): Operation {
  const plain =
    value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
  return { evaluate: () => value, plain, borrowed: plain, constant: value, size: 1 };
}

/** The size of an operation made of parts. */
export function sizeWith(parts: readonly Operation[]): number {
  return parts.reduce((size, part) => size + part.size, 1);
}

/** The steps that going once through operations of that size costs, beside what they count themselves. */
export function stepsOf(size: number): number {
  return 1 + Math.floor(size / OPERATIONS_PER_STEP);
}

const OPERATIONS_PER_STEP = 4;
