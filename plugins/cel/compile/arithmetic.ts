import { type Budget, floatValue, integerValue, textSteps } from '../../../kernel/plugin.js';
import { Fault, noOverload } from '../fault.js';
import { Bytes } from '../values/bytes.js';
import { doubleOf, isInt } from '../values/number.js';
import { isList, type List, lengthOf, Sequence } from '../values/sequence.js';
import { Duration, Timestamp } from '../values/time.js';
import { typeName } from '../values/type-name.js';
import { Uint } from '../values/uint.js';
import type { Value } from '../values/value.js';
import type { Operation } from './frame.js';
import { anyOperation } from './operation.js';

/** `a + b`. Sizes are checked before anything is made. */
export function add(a: Value, b: Value, budget: Budget): Value {
  if (typeof a === 'number') return arithmetic('+', a, b);
  if (typeof a === 'string' && typeof b === 'string') {
    budget.checkString(a.length + b.length);
    return a + b;
  }
  if (isList(a) && isList(b)) return concat(a, b, budget);
  if (a instanceof Bytes && b instanceof Bytes) return concatBytes(a, b, budget);
  return addTimes(a, b) ?? arithmetic('+', a, b);
}

/** `a - b`. */
export function subtract(a: Value, b: Value): Value {
  if (a instanceof Timestamp && b instanceof Timestamp) return duration(a.nanoseconds - b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanoseconds - b.nanoseconds);
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanoseconds - b.nanoseconds);
  return arithmetic('-', a, b);
}

/** `a * b`, `a / b`, `a % b`, and what `+` and `-` do with numbers. */
export function arithmetic(operator: ArithmeticOperator, a: Value, b: Value): Value {
  if (isInt(a) && isInt(b)) return ints(operator, a, b);
  const left = doubleOf(a);
  const right = doubleOf(b);
  if (left !== undefined && right !== undefined && operator !== '%') return floatValue(doubles(operator, left, right));
  if (a instanceof Uint && b instanceof Uint) return uints(operator, a.value, b.value);
  throw noOverload(`${typeName(a)} ${operator} ${typeName(b)}`);
}

/** `-a`. */
export function negateOperation(operand: Operation, at: number): Operation {
  return anyOperation((frame) => negate(operand.evaluate(frame), at), [operand]);
}

function negate(value: Value, at: number): Value {
  if (isInt(value)) return typeof value === 'number' ? 0 - value : int64(-value, '-');
  const double = doubleOf(value);
  if (double !== undefined) return floatValue(-double);
  throw noOverload(`-${typeName(value)}`, at);
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

function ints(operator: ArithmeticOperator, a: number | bigint, b: number | bigint): Value {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const result = safeInts(operator, Number(a), Number(b));
    if (Number.isSafeInteger(result)) return result;
  }
  return int64(bigInts(operator, BigInt(a), BigInt(b), 'int'), operator);
}

/** The exact result wherever it is a safe integer. Adding zero makes minus zero, which ints do not have, plain zero. */
function safeInts(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b + 0;
    case '/':
      return (a - (a % b)) / b + 0;
    case '%':
      return (a % b) + 0;
  }
}

function bigInts(operator: ArithmeticOperator, a: bigint, b: bigint, type: string): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0n) throw new Fault(`${type} division by zero`);
      return a / b;
    case '%':
      if (b === 0n) throw new Fault(`${type} modulus by zero`);
      return a % b;
  }
}

function doubles(operator: Exclude<ArithmeticOperator, '%'>, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
  }
}

function uints(operator: ArithmeticOperator, a: bigint, b: bigint): Value {
  const result = bigInts(operator, a, b, 'uint');
  if (BigInt.asUintN(64, result) !== result) throw new Fault(`uint overflow in ${operator}`);
  return new Uint(result);
}

function int64(value: bigint, operator: string): Value {
  if (BigInt.asIntN(64, value) !== value) throw new Fault(`int overflow in ${operator}`);
  return integerValue(value);
}

function concat(a: List, b: List, budget: Budget): Value {
  budget.checkItems(lengthOf(a) + lengthOf(b));
  budget.spend(Sequence.concatSteps(a, b));
  return Sequence.concat(a, b);
}

function concatBytes(a: Bytes, b: Bytes, budget: Budget): Value {
  const length = a.bytes.length + b.bytes.length;
  budget.checkString(length);
  budget.spend(textSteps(length));
  return new Bytes(Buffer.concat([a.bytes, b.bytes]));
}

function addTimes(a: Value, b: Value): Value | undefined {
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanoseconds + b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanoseconds + b.nanoseconds);
  if (a instanceof Duration && b instanceof Timestamp) return timestamp(a.nanoseconds + b.nanoseconds);
  return undefined;
}

function timestamp(nanoseconds: bigint): Timestamp {
  const value = Timestamp.of(nanoseconds);
  if (value === undefined) throw new Fault('timestamp out of range');
  return value;
}

function duration(nanoseconds: bigint): Duration {
  const value = Duration.of(nanoseconds);
  if (value === undefined) throw new Fault('duration out of range');
  return value;
}
