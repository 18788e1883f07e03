import { Float, isInteger } from '../../../kernel/plugin.js';
import { Uint } from './uint.js';
import type { Value } from './value.js';

/** Whether the value is an int. */
export function isInt(value: Value | undefined): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && isInteger(value));
}

/** The number of a double; undefined for all else. */
export function doubleOf(value: Value | undefined): number | undefined {
  if (value instanceof Float) return value.value;
  return typeof value === 'number' && !isInteger(value) ? value : undefined;
}

/** The number of an int, uint or double; undefined for all else. */
export function numericOf(value: Value | undefined): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof Uint || value instanceof Float ? value.value : undefined;
}
