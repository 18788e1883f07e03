import {
  equalJson,
  getKey,
  hasKey,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Path,
} from '../../kernel/index.js';

/** One step on the way from one JSON value to another. */
export type JsonEdit =
  /** Gives a key a value, whether or not the key is there; or replaces a list's item that is there. */
  | { readonly type: 'set'; readonly path: Path; readonly value: Json }
  /** Takes away a key or a list's item. */
  | { readonly type: 'remove'; readonly path: Path }
  /** Puts a new item into the list at the path, before the item of that index or behind the last. */
  | { readonly type: 'insert'; readonly path: Path; readonly index: number; readonly value: Json };

/**
 * The first step from a value to the wanted one, as small as may be, so that what stays the same keeps its place and its
 * comments; undefined when they are equal. Repeating it comes to an end.
 */
export function nextEdit(current: Json | undefined, wanted: Json, path: Path = []): JsonEdit | undefined {
  if (equalJson(current, wanted)) return undefined;
  if (isObject(current) && isObject(wanted)) return nextInMapping(current, wanted, path);
  if (isList(current) && isList(wanted)) return nextInList(current, wanted, path);
  return { type: 'set', path, value: wanted };
}

function nextInMapping(current: JsonObject, wanted: JsonObject, path: Path): JsonEdit | undefined {
  const keys = Object.keys(current);
  // Nothing stays: what is written anew as a whole is never empty in between.
  if (path.length > 0 && !keys.some((key) => hasKey(wanted, key))) return { type: 'set', path, value: wanted };
  for (const [key, value] of Object.entries(wanted)) {
    const edit = nextEdit(getKey(current, key), value, [...path, key]);
    if (edit !== undefined) return edit;
  }
  const surplus = keys.find((key) => !hasKey(wanted, key));
  return surplus === undefined ? undefined : { type: 'remove', path: [...path, surplus] };
}

function nextInList(current: readonly Json[], wanted: readonly Json[], path: Path): JsonEdit | undefined {
  if (current.length === 0 || wanted.length === 0) return { type: 'set', path, value: wanted };
  const index = current.findIndex((item, at) => !equalJson(item, wanted[at]));
  const start = index < 0 ? current.length : index;
  const same = commonEnd(current.slice(start), wanted.slice(start));
  const [here, ...after] = current.slice(start, current.length - same);
  const [there, ...thereAfter] = wanted.slice(start, wanted.length - same);
  const remove: JsonEdit = { type: 'remove', path: [...path, start] };
  if (there === undefined) return remove;
  const insert: JsonEdit = { type: 'insert', path, index: start, value: there };
  if (here === undefined || thereAfter.some((item) => isSameItem(here, item))) return insert;
  if (after.some((item) => isSameItem(item, there))) return remove;
  return nextEdit(here, there, [...path, start]);
}

function commonEnd(a: readonly Json[], b: readonly Json[]): number {
  let count = 0;
  while (count < Math.min(a.length, b.length) && equalJson(a[a.length - 1 - count], b[b.length - 1 - count]))
    count += 1;
  return count;
}

/** Whether two items mean the same thing in two states: equal, or of one name, as Kubernetes' lists are keyed. */
function isSameItem(a: Json, b: Json): boolean {
  if (equalJson(a, b)) return true;
  const name = isObject(a) ? getKey(a, 'name') : undefined;
  return typeof name === 'string' && isObject(b) && getKey(b, 'name') === name;
}
