import {
  equalJson,
  getKey,
  hasKey,
  isObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  setKey,
} from '../../kernel/index.js';

/**
 * The part of a merge patch that would change something about what readers see. What they see beside the author's text (the
 * store's own fields, the kernel's status) is thereby never written into that text by someone who sends back what he read.
 */
export function changingPart(patch: JsonObject, seen: Json | undefined): JsonObject {
  const part: MutableJsonObject = {};
  for (const [key, value] of Object.entries(patch)) {
    const now = isObject(seen) ? getKey(seen, key) : undefined;
    const change = changeOf(value, now, isObject(seen) && hasKey(seen, key));
    if (change !== undefined) setKey(part, key, change);
  }
  return part;
}

function changeOf(value: Json, now: Json | undefined, isThere: boolean): Json | undefined {
  if (value === null) return isThere ? null : undefined;
  if (!isObject(value) || !isObject(now)) return equalJson(value, now) ? undefined : value;
  const part = changingPart(value, now);
  return Object.keys(part).length === 0 ? undefined : part;
}
