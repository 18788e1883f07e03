import { type Budget, compareText, textSteps } from '../../../kernel/plugin.js';
import { Bytes } from './bytes.js';
import { numericOf } from './number.js';
import { Duration, Timestamp } from './time.js';
import type { Value } from './value.js';

/**
 * The order of two values: negative, zero or positive; NaN when neither is before the other; undefined for values that
 * have no order. Ints and doubles compare as doubles, texts by code point.
 */
export function compare(a: Value, b: Value, budget: Budget): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') {
    budget.spend(textSteps(Math.max(a.length, b.length)) - 1);
    return compareText(a, b);
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return sign(a.nanoseconds, b.nanoseconds);
  if (a instanceof Duration && b instanceof Duration) return sign(a.nanoseconds, b.nanoseconds);
  if (a instanceof Bytes && b instanceof Bytes) {
    budget.spend(textSteps(Math.min(a.bytes.length, b.bytes.length)));
    return Buffer.compare(a.bytes, b.bytes);
  }
  return compareNumbers(numericOf(a), numericOf(b));
}

function compareNumbers(a: number | bigint | undefined, b: number | bigint | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (typeof a === typeof b) return sign(a, b);
  // Beyond 2^53 an int and a double compare as doubles.
  return Number.isSafeInteger(a) || Number.isSafeInteger(b) ? sign(a, b) : sign(Number(a), Number(b));
}

function sign(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number of the same value are equal
  return a == b ? 0 : Number.NaN;
}
