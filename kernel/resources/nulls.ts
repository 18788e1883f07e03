import { isList, isObject, type Json, type JsonObject, type MutableJsonObject, setKey } from '../model/json.js';

/** The value without the fields that are null, at any depth: a new resource has nothing to remove. What has none is shared. */
export function dropNulls(value: JsonObject): JsonObject;
export function dropNulls(value: Json): Json;
export function dropNulls(value: Json): Json {
  if (isList(value)) {
    const items = value.map((item) => dropNulls(item));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const result: MutableJsonObject = {};
  let changed = false;
  for (const [key, item] of Object.entries(value)) {
    const kept = item === null ? null : dropNulls(item);
    changed ||= kept === null || kept !== item;
    if (kept !== null) setKey(result, key, kept);
  }
  return changed ? result : value;
}
