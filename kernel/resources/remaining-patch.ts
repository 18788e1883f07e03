import { getAt, isObject, type Json, type JsonObject, type MutableJsonObject, setKey } from '../model/json.js';
import type { Path } from '../model/path.js';
import { compareResource } from './compare.js';
import { directivesOf, stripDirectives } from './directives.js';

/**
 * The merge patch for what a store that knows the owners of fields leaves standing when a target is applied: entries that
 * others added to a list that is to be just as the target says, and fields that the target wants gone. Undefined when
 * nothing is left that a merge patch would cure.
 */
export function remainingPatch(target: JsonObject, applied: JsonObject): JsonObject | undefined {
  const patch: MutableJsonObject = {};
  for (const { path, target: wanted } of compareResource(target, applied)) {
    const index = path.findIndex((segment) => typeof segment === 'number');
    const place = index < 0 ? path : path.slice(0, index);
    if (index < 0 ? wanted === null : isPositional(target, place)) {
      setAt(patch, place, stripDirectives(getAt(target, place) ?? null));
    }
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Whether the list is compared by position; of others, entries that only the resource has may stay. */
function isPositional(target: JsonObject, list: Path): boolean {
  const holder = getAt(target, list.slice(0, -1));
  const key = String(list.at(-1));
  if (!isObject(holder)) return true;
  const { asMap, asSet } = directivesOf(holder);
  return !asMap.has(key) && !asSet.has(key);
}

function setAt(patch: MutableJsonObject, [first = '', ...rest]: Path, value: Json): void {
  const key = String(first);
  if (rest.length === 0) {
    setKey(patch, key, value);
    return;
  }
  const present = Object.hasOwn(patch, key) ? patch[key] : undefined;
  const inner: MutableJsonObject = isObject(present) ? (present as MutableJsonObject) : {};
  setKey(patch, key, inner);
  setAt(inner, rest, value);
}
