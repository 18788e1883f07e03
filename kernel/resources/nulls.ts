import { isList, isObject, type Json, type JsonObject, type MutableJsonObject, setKey } from '../model/json.js';

/** The value without the fields that are null, at any depth: a new resource has nothing to remove. What has none is shared. */
export function dropNulls(value: JsonObject): JsonObject;
export function dropNulls(value: Json): Json;
export function dropNulls(value: Json): Json {
  if (!holdsNulls(value)) return value;
  if (isList(value)) return value.map((item) => dropNulls(item));
  if (!isObject(value)) return value;
  const result: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== null) setKey(result, key, dropNulls(item));
  }
  return result;
}

/** Of the entries of lists, only what is inside them counts: a null among them is kept. */
function holdsNulls(value: Json): boolean {
  if (isList(value)) return value.some(holdsNulls);
  if (!isObject(value)) return false;
  for (const key of Object.keys(value)) {
    const item = value[key] ?? null;
    if (item === null || holdsNulls(item)) return true;
  }
  return false;
}
