import {
  copyOf,
  equalJson,
  getKey,
  hasKey,
  isObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  setKey,
} from '../model/json.js';

/**
 * Applies a JSON merge patch (RFC 7396): mappings merge key by key, null removes, everything else replaces. Neither
 * argument is changed; what stays as it was is shared with the result, all of it when the patch changes nothing: then the
 * result is the target itself.
 */
export function mergePatch(target: Json | undefined, patch: JsonObject): JsonObject;
export function mergePatch(target: Json | undefined, patch: Json): Json;
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return target !== undefined && equalJson(target, patch) ? target : patch;
  const base: JsonObject = isObject(target) ? target : {};
  let result: MutableJsonObject | undefined;
  for (const key of Object.keys(patch)) {
    const change = patch[key];
    if (change === undefined) continue;
    if (change === null) {
      if (hasKey(result ?? base, key)) result = copyWithout(result ?? base, patch);
      continue;
    }
    const present = getKey(base, key);
    const merged = mergePatch(present, change);
    if (merged === present) continue;
    result ??= copyOf(base);
    setKey(result, key, merged);
  }
  return result ?? base;
}

/** A copy without the keys that the patch removes. */
function copyWithout(base: JsonObject, patch: JsonObject): MutableJsonObject {
  const result: MutableJsonObject = {};
  for (const key of Object.keys(base)) {
    const value = base[key];
    if (value !== undefined && getKey(patch, key) !== null) setKey(result, key, value);
  }
  return result;
}
