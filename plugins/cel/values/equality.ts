import { type Budget, textSteps } from '../../../kernel/plugin.js';
import { Bytes } from './bytes.js';
import { entriesOf, isMapping, type Mapping, sizeOf, valueAt } from './mapping.js';
import { numericOf } from './number.js';
import { isList, itemAt, type List, lengthOf } from './sequence.js';
import { Duration, Timestamp } from './time.js';
import { TypeValue } from './type-value.js';
import type { Value } from './value.js';

/** Whether two values are equal: numbers by value whatever their types, all else only within its type. */
export function equals(a: Value, b: Value, budget: Budget): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length === b.length) budget.spend(textSteps(a.length) - 1);
    return a === b;
  }
  if (a === b) return true;
  const number = numericOf(a);
  if (number !== undefined) {
    const other = numericOf(b);
    // Loose, as only this compares a bigint with a number by value.
    // biome-ignore lint/suspicious/noDoubleEquals: see above
    return other !== undefined && number == other;
  }
  return typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && equalObjects(a, b, budget);
}

function equalObjects(a: Value & object, b: Value & object, budget: Budget): boolean {
  if (isList(a)) return isList(b) && equalLists(a, b, budget);
  if (isMapping(a)) return isMapping(b) && equalMappings(a, b, budget);
  if (a instanceof Bytes) return b instanceof Bytes && equalBytes(a.bytes, b.bytes, budget);
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanoseconds === b.nanoseconds;
  return a instanceof Duration && b instanceof Duration && a.nanoseconds === b.nanoseconds;
}

function equalLists(a: List, b: List, budget: Budget): boolean {
  const length = lengthOf(a);
  if (length !== lengthOf(b)) return false;
  for (let index = 0; index < length; index++) {
    budget.spend(1);
    if (!equals(itemAt(a, index) ?? null, itemAt(b, index) ?? null, budget)) return false;
  }
  return true;
}

function equalMappings(a: Mapping, b: Mapping, budget: Budget): boolean {
  const size = sizeOf(a);
  if (size !== sizeOf(b)) return false;
  budget.spend(1 + 2 * size);
  for (const [key, value] of entriesOf(a)) {
    const other = valueAt(b, key);
    if (other === undefined || !equals(value, other, budget)) return false;
  }
  return true;
}

function equalBytes(a: Uint8Array, b: Uint8Array, budget: Budget): boolean {
  budget.spend(textSteps(Math.min(a.length, b.length)));
  return Buffer.compare(a, b) === 0;
}
