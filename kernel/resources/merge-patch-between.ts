import {
  equalJson,
  getKey,
  isObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  setKey,
} from '../model/json.js';

/**
 * The smallest JSON merge patch (RFC 7396) that makes the one the other; undefined when they are the same. A null in a
 * mapping of either means, as in such a patch, that there is no such key.
 */
export function mergePatchBetween(actual: JsonObject, wanted: JsonObject): JsonObject | undefined {
  const patch: MutableJsonObject = {};
  for (const key of Object.keys(actual)) {
    if (isThere(actual, key) && !isThere(wanted, key)) setKey(patch, key, null);
  }
  for (const key of Object.keys(wanted)) {
    const change = changeTo(getKey(actual, key), getKey(wanted, key) ?? null);
    if (change !== undefined) setKey(patch, key, change);
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function changeTo(actual: Json | undefined, wanted: Json): Json | undefined {
  if (wanted === null || equalJson(actual, wanted)) return undefined;
  if (!isObject(wanted)) return wanted;
  if (isObject(actual)) return mergePatchBetween(actual, wanted);
  return mergePatchBetween({}, wanted) ?? {};
}

function isThere(object: JsonObject, key: string): boolean {
  return (getKey(object, key) ?? null) !== null;
}
