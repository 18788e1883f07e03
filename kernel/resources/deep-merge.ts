import { getKey, isObject, type Json, type JsonObject, type MutableJsonObject, setKey } from '../model/json.js';

/** Lays mappings over one another in their order, as {@link deepMerge} does with two, and copies each once. */
export function deepMergeAll(mappings: readonly JsonObject[]): JsonObject {
  const result: MutableJsonObject = {};
  for (const over of mappings) layOver(result, over);
  return result;
}

/** Lays one value over another: mappings merge key by key, anything else replaces, null too. Neither is changed. */
export function deepMerge(base: JsonObject, over: JsonObject): JsonObject;
export function deepMerge(base: Json | undefined, over: Json): Json;
export function deepMerge(base: Json | undefined, over: Json): Json {
  if (!isObject(base) || !isObject(over)) return over;
  const result: MutableJsonObject = {};
  for (const key of Object.keys(base)) setKey(result, key, base[key] ?? null);
  layOver(result, over);
  return result;
}

function layOver(result: MutableJsonObject, over: JsonObject): void {
  for (const key of Object.keys(over)) setKey(result, key, deepMerge(getKey(result, key), over[key] ?? null));
}
