import { FunctionError } from '../contracts/function-library.js';
import { type ExactValue, exactTypeName, floatValue, integerValue, isInteger, numberOf } from '../model/exact-value.js';

/** The order of two numbers by value, whatever their kinds; undefined when one is no number. */
export function compareNumbers(a: ExactValue, b: ExactValue): number | undefined {
  const left = numberOf(a);
  const right = numberOf(b);
  if (left === undefined || right === undefined) return undefined;
  if (left === right) return 0;
  return left < right ? -1 : Number(left > right);
}

/**
 * The sum of numbers: an integer when all are integers, exact in 64 bits, and floating-point otherwise.
 * @throws FunctionError for an item that is no number, or an integer beyond 64 bits
 */
export function sumNumbers(list: readonly ExactValue[]): ExactValue {
  let total: number | bigint = 0;
  let floating = false;
  for (const [index, item] of list.entries()) {
    const value = numberOf(item);
    if (value === undefined) {
      throw new FunctionError(`sum: the list must hold only numbers; item ${index} is ${exactTypeName(item)}`);
    }
    floating ||= !isInteger(item);
    total = floating ? Number(total) + Number(value) : addIntegers(total, value);
  }
  return floating ? floatValue(Number(total)) : total;
}

function addIntegers(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const sum = BigInt(a) + BigInt(b);
  if (BigInt.asIntN(64, sum) !== sum) throw new FunctionError('sum: the sum is beyond a 64-bit integer');
  return integerValue(sum);
}
