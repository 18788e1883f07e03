import { getKey, isObject, type Json, type JsonObject, type MutableJsonObject, setKey } from '../model/json.js';

/**
 * Applies a JSON merge patch (RFC 7396): mappings merge key by key, null removes, everything else replaces. Neither
 * argument is changed; what the patch leaves alone is shared with the result. A patch that changes nothing may still
 * give a new object: compare with `equalJson`.
 */
export function mergePatch(target: Json | undefined, patch: JsonObject): JsonObject;
export function mergePatch(target: Json | undefined, patch: Json): Json;
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: MutableJsonObject = {};
  if (isObject(target)) {
    for (const key of Object.keys(target)) {
      const value = target[key];
      if (value !== undefined && getKey(patch, key) !== null) setKey(result, key, value);
    }
  }
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === undefined || value === null) continue;
    setKey(result, key, isObject(value) ? mergePatch(getKey(result, key), value) : value);
  }
  return result;
}
