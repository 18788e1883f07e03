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

/** The fields without those at a JSON pointer, nor below it. Mappings that nothing is left of go too. */
export function without(fields: FieldSet, pointer: string): FieldSet {
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return cut(fields, path) ?? {};
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

function cut(fields: FieldSet, [first, ...rest]: readonly string[]): FieldSet | undefined {
  if (first === undefined) return undefined;
  const key = `f:${first}`;
  const child = getKey(fields, key);
  if (!isObject(child)) return fields;
  const left = cut(child, rest);
  const result: MutableJsonObject = {};
  for (const other of Object.keys(fields)) if (other !== key) setKey(result, other, fields[other] ?? {});
  if (left !== undefined && Object.keys(left).length > 0) setKey(result, key, left);
  return Object.keys(result).length === 0 ? undefined : result;
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
