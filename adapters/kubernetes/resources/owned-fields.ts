import {
  equalJson,
  getKey,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  setKey,
} from '../../../kernel/plugin.js';

/**
 * A set of fields as the API server writes it (FieldsV1): a tree whose keys are `f:name` for a field, `k:{…}` for an entry of
 * a list by its keys, `v:…` for one by its value, `i:…` by its place, and `.` for the node itself.
 */
export type FieldSet = JsonObject;

/** All fields of both. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const result: MutableJsonObject = {};
  for (const key of Object.keys(a)) setKey(result, key, a[key] ?? {});
  for (const key of Object.keys(b)) {
    const [mine, other] = [getKey(result, key), b[key] ?? {}];
    setKey(result, key, isObject(mine) && isObject(other) ? union(mine, other) : other);
  }
  return result;
}

/** Fields in two parts, each undefined when it is empty. */
export interface Split {
  /** Those at the JSON pointers, and below them. */
  readonly at?: FieldSet;
  readonly beside?: FieldSet;
}

/** Takes the fields at some JSON pointers apart from the others. Lists are not gone into: their entries have no fixed places. */
export function split(fields: FieldSet, pointers: readonly string[]): Split {
  const paths = pointers.map((pointer) => pointer.split('/').slice(1).map(unescaped));
  return splitAt(fields, paths);
}

/**
 * The fields without the mappings that the value has no more, and that others own something in: who owns a mapping itself
 * would take it away with all that is in it (in 1.20; later versions look at the others first).
 */
export function sparing(fields: FieldSet, others: FieldSet, value: Json | undefined): FieldSet {
  const shared = Object.keys(others).some((key) => key !== '.');
  const result: MutableJsonObject = {};
  for (const key of Object.keys(fields)) {
    const [child, other] = [fields[key] ?? {}, getKey(others, key)];
    if (key === '.' && shared && value === undefined) continue;
    setKey(result, key, isObject(child) && isObject(other) ? sparing(child, other, childOf(value, key)) : child);
  }
  return result;
}

/** Whether the value says something about every one of the fields. */
export function coveredBy(fields: FieldSet, value: Json | undefined): boolean {
  return Object.keys(fields).every((key) => {
    if (key === '.') return value !== undefined && value !== null;
    const child = childOf(value, key);
    const below = fields[key];
    if (child === undefined || child === null) return false;
    return !isObject(below) || coveredBy(below, child);
  });
}

/** The merge patch that removes the fields, but for those that others own and those that the value has. Lists are left alone. */
export function removalOf(fields: FieldSet, others: FieldSet, value: Json | undefined): JsonObject {
  const patch: MutableJsonObject = {};
  for (const key of Object.keys(fields)) {
    const name = key.slice(2);
    const [child, other, present] = [fields[key] ?? {}, getKey(others, key), childOf(value, key)];
    if (!key.startsWith('f:') || !isObject(child)) continue;
    if (present === undefined && other === undefined) setKey(patch, name, null);
    else if (present === undefined || isObject(present)) {
      const inner = removalOf(child, isObject(other) ? other : {}, present);
      if (Object.keys(inner).length > 0) setKey(patch, name, inner);
    }
  }
  return patch;
}

function splitAt(fields: FieldSet, paths: readonly (readonly string[])[]): Split {
  const at: MutableJsonObject = {};
  const beside: MutableJsonObject = {};
  for (const key of Object.keys(fields)) {
    const child = fields[key] ?? {};
    const below = paths.filter(([first]) => key === `f:${first}`).map(([, ...rest]) => rest);
    if (below.some((rest) => rest.length === 0)) setKey(at, key, child);
    else if (below.length === 0 || !isObject(child)) setKey(beside, key, child);
    else {
      const parts = splitAt(child, below);
      if (parts.at !== undefined) setKey(at, key, parts.at);
      if (parts.beside !== undefined) setKey(beside, key, parts.beside);
    }
  }
  // Who owns a mapping itself takes all of it away with him (in 1.20), so it goes with what is to stay.
  if (Object.keys(at).length > 0 && Object.hasOwn(beside, '.')) {
    delete beside['.'];
    at['.'] = {};
  }
  return { ...(Object.keys(at).length > 0 && { at }), ...(Object.keys(beside).length > 0 && { beside }) };
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function childOf(value: Json | undefined, key: string): Json | undefined {
  const [type, name] = [key.slice(0, 2), key.slice(2)];
  if (type === 'f:') return isObject(value) ? getKey(value, name) : undefined;
  if (!isList(value)) return undefined;
  if (type === 'i:') return value[Number(name)];
  const wanted = JSON.parse(name) as Json;
  return value.find((item) =>
    type === 'v:'
      ? equalJson(item, wanted)
      : isObject(item) &&
        isObject(wanted) &&
        Object.keys(wanted).every((field) => equalJson(getKey(item, field), wanted[field])),
  );
}
