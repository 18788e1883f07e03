import { type Json, type MutableJsonObject, setKey } from '../../kernel/index.js';

/** Freezes JSON through and through, so that whoever is given it can share it. What is frozen already is taken to be so throughout. */
export function frozen<T>(value: T): T {
  freeze(value as Json);
  return value;
}

/** A frozen copy of JSON that somebody else may still change; fields that are undefined are left out. */
export function frozenCopy<T extends object>(value: T): T {
  return frozen(copy(value as Json)) as T;
}

function copy(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => copy(item));
  const result: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) setKey(result, key, copy(item));
  return result;
}

function freeze(value: Json): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
