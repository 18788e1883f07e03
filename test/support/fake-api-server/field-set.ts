import { equalJson, getKey, isList, isObject, type Json, type JsonObject, type MutableJsonObject } from 'koreo-kernel';
import type { FieldsV1 } from './api-object.js';
import type { ListType } from './served-kind.js';

/** Steps to a field as FieldsV1 writes them: `f:spec`, `k:{"name":"web"}`, `v:"a"`. */
export type FieldPath = readonly string[];
/** The type of the list at a path of field names. */
export type ListTypes = (path: string) => ListType | undefined;

/** The fields of an object that somebody has set. */
export class FieldSet {
  readonly #paths = new Map<string, FieldPath>();

  constructor(paths: Iterable<FieldPath> = []) {
    for (const path of paths) this.#paths.set(JSON.stringify(path), path);
  }

  /** All fields that a value has: its scalars, its atomic lists, the items of other lists, and mappings that are empty. */
  static of(value: JsonObject, listTypes: ListTypes): FieldSet {
    const set = new FieldSet();
    for (const path of fieldsOf(value, [], listTypes)) set.#paths.set(JSON.stringify(path), path);
    return set;
  }

  static fromFieldsV1(fields: FieldsV1): FieldSet {
    const paths: FieldPath[] = [];
    const visit = (node: FieldsV1, path: FieldPath): void => {
      const children = Object.entries(node);
      if (children.length === 0 && path.length > 0) paths.push(path);
      for (const [element, child] of children) {
        if (element === '.') paths.push(path);
        else visit(child, [...path, element]);
      }
    };
    visit(fields, []);
    return new FieldSet(paths);
  }

  get size(): number {
    return this.#paths.size;
  }

  paths(): readonly FieldPath[] {
    return [...this.#paths.values()];
  }

  has(path: FieldPath): boolean {
    return this.#paths.has(JSON.stringify(path));
  }

  with(other: FieldSet): FieldSet {
    return new FieldSet([...this.paths(), ...other.paths()]);
  }

  without(other: FieldSet): FieldSet {
    return this.filter((path) => !other.has(path));
  }

  filter(keep: (path: FieldPath) => boolean): FieldSet {
    return new FieldSet(this.paths().filter(keep));
  }

  equals(other: FieldSet): boolean {
    return this.size === other.size && this.paths().every((path) => other.has(path));
  }

  toFieldsV1(): FieldsV1 {
    const root: FieldsV1 = {};
    const paths = this.paths().toSorted((a, b) => a.length - b.length);
    for (const path of paths) {
      let node = root;
      for (const element of path) {
        node[element] ??= {};
        node = node[element];
      }
    }
    // A step that is a field itself and has others below it says so with a dot.
    for (const path of paths) {
      let node: FieldsV1 = root;
      for (const element of path) node = node[element] ?? {};
      if (Object.keys(node).length > 0) node['.'] = {};
    }
    return root;
  }
}

/** The value at a field; undefined where there is none. */
export function fieldAt(value: Json | undefined, path: FieldPath): Json | undefined {
  let here = value;
  for (const element of path) {
    if (element.startsWith('f:')) here = isObject(here) ? getKey(here, element.slice(2)) : undefined;
    else here = isList(here) ? here.find((item) => isItem(item, element)) : undefined;
  }
  return here;
}

/** Takes a field out of a value of one's own, and the mappings and lists that are empty without it. */
export function removeField(value: Json | undefined, path: FieldPath): void {
  const [element, ...rest] = path;
  if (element === undefined) return;
  if (rest.length > 0) {
    const child = fieldAt(value, [element]);
    removeField(child, rest);
    const isEmpty = isList(child) ? child.length === 0 : isObject(child) && Object.keys(child).length === 0;
    if (!isEmpty) return;
  }
  if (element.startsWith('f:') && isObject(value)) delete (value as MutableJsonObject)[element.slice(2)];
  else if (isList(value)) {
    const index = value.findIndex((item) => isItem(item, element));
    if (index >= 0) (value as Json[]).splice(index, 1);
  }
}

/** What is applied, merged into what is there: mappings by key, lists by their type. Gives a new value. */
export function mergeFields(
  live: Json | undefined,
  applied: Json,
  listTypes: ListTypes,
  names: readonly string[] = [],
): Json {
  if (isObject(applied)) {
    const result: MutableJsonObject = isObject(live) ? { ...live } : {};
    for (const [key, value] of Object.entries(applied)) {
      result[key] = mergeFields(result[key], value, listTypes, [...names, key]);
    }
    return result;
  }
  const type = isList(applied) ? listTypes(names.join('.')) : undefined;
  if (!isList(applied) || !isList(live) || type === undefined || type === 'atomic') return applied;
  const result = [...live];
  for (const item of applied) {
    const element = elementOf(item, type);
    const index = result.findIndex((one) => isItem(one, element));
    if (index < 0) result.push(item);
    else result[index] = mergeFields(result[index], item, listTypes, names);
  }
  return result;
}

function* fieldsOf(value: Json, path: FieldPath, listTypes: ListTypes): Generator<FieldPath> {
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, child] of Object.entries(value)) yield* fieldsOf(child, [...path, `f:${key}`], listTypes);
    return;
  }
  const type = isList(value) ? listTypes(namesOf(path)) : undefined;
  if (!isList(value) || type === undefined || type === 'atomic' || value.length === 0) {
    if (path.length > 0) yield path;
    return;
  }
  for (const item of value) {
    const place = [...path, elementOf(item, type)];
    yield place;
    if (type !== 'set') yield* fieldsOf(item, place, listTypes);
  }
}

function namesOf(path: FieldPath): string {
  return path.flatMap((element) => (element.startsWith('f:') ? [element.slice(2)] : [])).join('.');
}

function elementOf(item: Json, type: Exclude<ListType, 'atomic'>): string {
  if (type === 'set') return `v:${JSON.stringify(item)}`;
  const keys = type.flatMap((key) => {
    const value = isObject(item) ? item[key] : undefined;
    // The one key with a default that lists of built-in kinds have.
    return value === undefined ? (key === 'protocol' ? [[key, 'TCP']] : []) : [[key, value]];
  });
  return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}

function isItem(item: Json, element: string): boolean {
  const wanted = JSON.parse(element.slice(2)) as Json;
  if (element.startsWith('v:')) return equalJson(item, wanted);
  if (!isObject(wanted) || !isObject(item)) return false;
  return Object.entries(wanted).every(([key, value]) =>
    equalJson(item[key] ?? (key === 'protocol' ? 'TCP' : undefined), value),
  );
}
