import type { Float } from '../../../kernel/plugin.js';
import type { Special } from './special.js';

/**
 * A CEL value. JSON stands for itself, so that reading a scope copies nothing: a whole number is an int, any other number
 * a double. What JSON does not have is a bigint (an int past 2^53), a Float (a whole double) or a Special.
 * Values are never changed once they are made.
 */
export type Value = null | boolean | number | bigint | string | Float | Special | readonly Value[] | ValueMapping;

/** A mapping whose keys are all strings. Every key is data: only own keys count. */
export interface ValueMapping {
  readonly [key: string]: Value;
}
