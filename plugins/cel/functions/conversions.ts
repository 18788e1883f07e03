import { type Budget, floatValue, integerValue, textSteps } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { Bytes } from '../values/bytes.js';
import { doubleOf, isInt, numericOf } from '../values/number.js';
import { Duration, Timestamp } from '../values/time.js';
import { typeName } from '../values/type-name.js';
import { TypeValue } from '../values/type-value.js';
import { Uint } from '../values/uint.js';
import type { Value } from '../values/value.js';
import { type CelFunction, wrongArguments } from './cel-function.js';

/** Numbers and booleans have no more characters than this in text; what has more is refused unread. */
const LONGEST_NUMBER = 400;
const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);

/** What reading or writing a number takes, beside the call. */
const CONVERSION_STEPS = 2;

/** What making bytes of a text, or a text of bytes, takes however short it is. */
const BYTES_STEPS = 8;

/** From one type to another. Complaints never quote the value. */
export const conversionFunctions: readonly CelFunction[] = [
  conversion('int', toInt),
  conversion('uint', toUint),
  conversion('double', toDouble),
  conversion('bool', toBool),
  conversion('string', toText),
  conversion('bytes', toBytes),
  conversion('type', (value) => new TypeValue(typeName(value))),
  conversion('dyn', (value) => value),
];

function conversion(name: string, convert: (value: Value, budget: Budget) => Value | undefined): CelFunction {
  return {
    name,
    arity: 1,
    call: (args, budget) => {
      budget.spend(CONVERSION_STEPS);
      const result = convert(args[0] ?? null, budget);
      if (result === undefined) throw wrongArguments(name, args);
      return result;
    },
  };
}

function toInt(value: Value): Value | undefined {
  if (isInt(value)) return value;
  if (value instanceof Timestamp) return integerValue(floorSeconds(value.nanoseconds));
  const whole = wholeNumber(value, 'int');
  if (whole === undefined) return undefined;
  if (BigInt.asIntN(64, whole) !== whole) throw new Fault('int overflow in conversion');
  return integerValue(whole);
}

function toUint(value: Value): Value | undefined {
  if (value instanceof Uint) return value;
  const whole = isInt(value) ? BigInt(value) : wholeNumber(value, 'uint');
  if (whole === undefined) return undefined;
  const double = doubleOf(value);
  if (BigInt.asUintN(64, whole) !== whole || (double !== undefined && double < 0)) {
    throw new Fault('uint overflow in conversion');
  }
  return new Uint(whole);
}

/** The integer part of a double, or the integer that a text or uint stands for. */
function wholeNumber(value: Value, type: string): bigint | undefined {
  if (value instanceof Uint) return value.value;
  if (typeof value === 'string') {
    if (value.length > LONGEST_NUMBER || !INTEGER.test(value)) throw new Fault(`the text is no ${type}`);
    return BigInt(value.replace(/^\+/, ''));
  }
  const double = doubleOf(value);
  if (double === undefined) return undefined;
  // A double at the very ends of the range may stand for a number beyond them.
  const tooFar = type === 'int' && Math.abs(double) >= 2 ** 63;
  if (!Number.isFinite(double) || tooFar) throw new Fault(`${type} overflow in conversion`);
  return BigInt(Math.trunc(double));
}

function floorSeconds(nanoseconds: bigint): bigint {
  const second = 1_000_000_000n;
  const seconds = nanoseconds / second;
  return nanoseconds % second < 0n ? seconds - 1n : seconds;
}

function toDouble(value: Value): Value | undefined {
  const number = numericOf(value);
  if (number !== undefined) return floatValue(Number(number));
  if (typeof value !== 'string') return undefined;
  if (value.length > LONGEST_NUMBER) throw new Fault('the text is no double');
  const special = NOT_FINITE.get(value.toLowerCase().replace(/^[+-]/, ''));
  if (special !== undefined) return floatValue(value.startsWith('-') ? -special : special);
  const double = DECIMAL.test(value) ? Number(value) : Number.NaN;
  if (!Number.isFinite(double)) throw new Fault('the text is no double');
  return floatValue(double);
}

function toBool(value: Value): Value | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const boolean = value.length > LONGEST_NUMBER ? undefined : BOOLEANS.get(value);
  if (boolean === undefined) throw new Fault('the text is no bool');
  return boolean;
}

function toText(value: Value, budget: Budget): Value | undefined {
  if (typeof value === 'string') return value;
  if (isInt(value)) return BigInt(value).toString();
  if (typeof value === 'boolean') return String(value);
  const double = doubleOf(value);
  if (double !== undefined) return String(double);
  if (value instanceof Uint) return value.value.toString();
  if (value instanceof Timestamp || value instanceof Duration) return value.toText();
  return value instanceof Bytes ? decode(value, budget) : undefined;
}

function decode({ bytes }: Bytes, budget: Budget): string {
  budget.spend(BYTES_STEPS + textSteps(bytes.length));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('the bytes are not UTF-8');
  }
}

function toBytes(value: Value, budget: Budget): Value | undefined {
  if (value instanceof Bytes) return value;
  if (typeof value !== 'string') return undefined;
  budget.spend(BYTES_STEPS + textSteps(value.length));
  return new Bytes(new TextEncoder().encode(value));
}
