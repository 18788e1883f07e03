import { Float, getKey } from '../../../kernel/plugin.js';
import { KeyedMap } from './keyed-map.js';
import { Special } from './special.js';
import type { Value, ValueMapping } from './value.js';

/** A mapping, in either of its forms. */
export type Mapping = ValueMapping | KeyedMap;

/** Whether the value is a mapping whose keys are all strings. */
export function isPlainMapping(value: Value | undefined): value is ValueMapping {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Special) &&
    !(value instanceof Float)
  );
}

/** Whether the value is a mapping. */
export function isMapping(value: Value | undefined): value is Mapping {
  return isPlainMapping(value) || value instanceof KeyedMap;
}

/** The number of entries. */
export function sizeOf(mapping: Mapping): number {
  return mapping instanceof KeyedMap ? mapping.size : Object.keys(mapping).length;
}

/** The value under a key; undefined where there is none, or for a value that cannot be a key. */
export function valueAt(mapping: Mapping, key: Value): Value | undefined {
  if (mapping instanceof KeyedMap) return mapping.get(key);
  return typeof key === 'string' ? getKey<Value>(mapping, key) : undefined;
}

/** The keys, in order. */
export function keysOf(mapping: Mapping): readonly Value[] {
  if (mapping instanceof KeyedMap) return Array.from(mapping.entries(), ([key]) => key);
  return Object.keys(mapping);
}

/** Keys and values, in order. */
export function entriesOf(mapping: Mapping): Iterable<readonly [Value, Value]> {
  return mapping instanceof KeyedMap ? mapping.entries() : Object.entries(mapping);
}
