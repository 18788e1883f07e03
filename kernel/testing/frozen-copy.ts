import { copyOf, isList, type Json, type MutableJsonObject, setKey } from '../model/json.js';

/**
 * A copy that nobody can change, so that one who changes what he was given is found out at once. What is frozen already
 * is shared; fields that are undefined are left out, as JSON would.
 */
export function frozenCopy<T extends object>(value: T): T {
  return copy(value as unknown as Json) as unknown as T;
}

function copy(value: Json): Json {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (isList(value)) return Object.freeze(value.map(copy));
  const result: MutableJsonObject = copyOf(value);
  for (const key of Object.keys(result)) {
    const item = result[key];
    if (item === undefined) delete result[key];
    else if (typeof item === 'object') setKey(result, key, copy(item));
  }
  return Object.freeze(result);
}
