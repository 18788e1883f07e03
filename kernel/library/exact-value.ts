import { type ExactValue, Float, FunctionError } from '../contracts/function-library.js';
import type { Json, MutableJsonObject } from '../model/json.js';
import { setKey } from '../model/json.js';

/** A mapping among exact values. */
export type ExactMapping = { readonly [key: string]: ExactValue };

/** A mapping under construction; nobody but its maker holds it. */
export type MutableExactMapping = { [key: string]: ExactValue };

/** The first number that a 64-bit integer cannot hold. */
const INTEGER_END = 2 ** 63;

/** Whether the value is a mapping: neither null, nor a list, nor a number in a box. */
export function isMapping(value: ExactValue | undefined): value is ExactMapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);
}

/** `Array.isArray` that keeps the type of the items. */
export function isExactList(value: ExactValue | undefined): value is readonly ExactValue[] {
  return Array.isArray(value);
}

/** Whether the value is a 64-bit integer: a bigint, or a number that is whole and in its range. */
export function isInteger(value: ExactValue | undefined): value is number | bigint {
  if (typeof value === 'bigint') return true;
  return typeof value === 'number' && Number.isInteger(value) && value >= -INTEGER_END && value < INTEGER_END;
}

/** The value of a number of any kind; undefined for all else. */
export function numberOf(value: ExactValue | undefined): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof Float ? value.value : undefined;
}

/** A floating-point number as an exact value: in a box when it is whole and could be mistaken for an integer. */
export function floatValue(value: number): number | Float {
  return isInteger(value) ? new Float(value) : value;
}

/** An integer as an exact value: a number as long as numbers are exact, a bigint beyond. */
export function integerValue(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** The name of a value's type as users know it. Safe to put in messages. */
export function exactTypeName(value: ExactValue | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (isExactList(value)) return 'list';
  if (numberOf(value) !== undefined) return 'number';
  return typeof value === 'object' ? 'mapping' : typeof value;
}

/** The value with plain numbers, for languages that know no others. @throws FunctionError for an integer that they cannot hold */
export function toPlain(value: ExactValue): Json {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') throw new FunctionError('the integer is beyond 2^53 - 1 and would lose digits');
  if (isExactList(value)) return value.map(toPlain);
  if (!isMapping(value)) return value;
  const plain: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) setKey(plain, key, toPlain(item));
  return plain;
}

/** Sets an own key of a mapping under construction, whatever the key's name. */
export function setExactKey(mapping: MutableExactMapping, key: string, value: ExactValue): void {
  if (key === '__proto__') {
    Object.defineProperty(mapping, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    mapping[key] = value;
  }
}

/** The value under an own key; undefined where there is none. */
export function getExactKey(mapping: ExactMapping, key: string): ExactValue | undefined {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}
