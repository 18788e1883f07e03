/** A floating-point number whose value is whole, such as `2.0`, where a language tells it from the integer `2`. */
export class Float {
  // Private, so that it is never found among the keys of a mapping.
  readonly #value: number;

  constructor(value: number) {
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }
}

/** JSON with the numbers that some languages have beyond it: integers past 2^53 as bigint, whole floating-point numbers as {@link Float}. */
export type ExactValue = null | boolean | number | bigint | string | Float | readonly ExactValue[] | ExactMapping;

/** A mapping among exact values. Every key is data: read and write with `getKey` and `setKey`. */
export interface ExactMapping {
  readonly [key: string]: ExactValue;
}

/** The first number that a 64-bit integer cannot hold. */
const INTEGER_END = 2 ** 63;

/** Whether the value is a mapping: neither null, nor a list, nor a number in a box. */
export function isExactMapping(value: ExactValue | undefined): value is ExactMapping {
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
