import { getKey, isList, isObject, type Json, type JsonObject, setKey } from '../../../kernel/plugin.js';

/** The keys that lead to a property: of a JSON Pointer (RFC 6901) when it begins with a slash, else the one key that it is. */
export function keysOf(property: string): readonly string[] {
  if (property === '') return [];
  if (!property.startsWith('/')) return [property];
  return property
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value of a property; undefined where the keys lead nowhere. Lists are indexed by their numbers. */
export function valueAt(json: Json | undefined, property: string): Json | undefined {
  let here = json;
  for (const key of keysOf(property)) {
    if (isList(here)) here = /^(0|[1-9]\d*)$/.test(key) ? here[Number(key)] : undefined;
    else if (isObject(here)) here = getKey(here, key);
    else return undefined;
  }
  return here;
}

/** A copy with the property set, mappings made on the way; what is no mapping there gives way. */
export function withValueAt(json: JsonObject, property: string, value: Json): Json {
  return set(json, keysOf(property), value);
}

function set(json: Json | undefined, keys: readonly string[], value: Json): Json {
  const [first, ...rest] = keys;
  if (first === undefined) return value;
  const copy: { [key: string]: Json } = {};
  if (isObject(json)) for (const [key, one] of Object.entries(json)) setKey(copy, key, one);
  setKey(copy, first, set(getKey(copy, first), rest, value));
  return copy;
}
