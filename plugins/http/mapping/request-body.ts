import {
  getKey,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  mergePatch,
  mergePatchBetween,
  setKey,
} from '../../../kernel/plugin.js';
import type { UpdateOptions, WriteRequestOptions } from '../options/options.js';
import { type FieldMapping, fieldsInto } from './field-table.js';
import { valueAt, withValueAt } from './pointer.js';
import { expandText, type Variables } from './url-template.js';

/** The body of a request that makes an item. @throws InvalidResourceError for fields that have no place */
export function createBody(request: WriteRequestOptions, spec: JsonObject, frame: BodyFrame): Json {
  return laidOver(fieldsInto({}, spec, request.spec ?? frame.mapping), request.body, frame.variables);
}

/** What bodies of a kind are made with. */
export interface BodyFrame {
  /** How the spec stands in an item. */
  readonly mapping: FieldMapping;
  readonly variables: Variables;
}

/** How an item is, and how it is to be. */
export interface Change {
  readonly item: JsonObject;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** The body of a request that changes an item. @throws InvalidResourceError for fields that have no place */
export function updateBody(request: UpdateOptions, { item, before, after }: Change, frame: BodyFrame): Json {
  const mapping = request.spec ?? frame.mapping;
  const changes = changesBetween(before, after, mapping);
  const { method = 'PATCH', sends = method === 'PATCH' ? 'changes' : 'spec' } = request;
  const base = request.spec === undefined ? item : fieldsInto({}, before, mapping);
  const body = bodyOf(sends, { base, changes, wanted: () => fieldsInto({}, after, mapping) });
  return laidOver(body, request.body, frame.variables);
}

interface Parts {
  /** The item as it is, in the form that bodies have. */
  readonly base: JsonObject;
  readonly changes: JsonObject;
  readonly wanted: () => JsonObject;
}

function bodyOf(sends: NonNullable<UpdateOptions['sends']>, { base, changes, wanted }: Parts): JsonObject {
  switch (sends) {
    case 'changes':
      return changes;
    case 'fields':
      return wholeFields(changes, mergePatch(base, changes));
    case 'spec':
      return wanted();
    case 'item':
      return mergePatch(base, changes);
  }
}

function wholeFields(changes: JsonObject, changed: JsonObject): JsonObject {
  const fields: MutableJsonObject = {};
  for (const key of Object.keys(changes)) setKey(fields, key, getKey(changed, key) ?? null);
  return fields;
}

/** The merge patch of the body, field by field: a mapping that holds others' fields too must not go with the last of ours. */
function changesBetween(before: JsonObject, after: JsonObject, mapping: FieldMapping): JsonObject {
  if (typeof mapping === 'string') return fieldsInto({}, mergePatchBetween(before, after) ?? {}, mapping);
  const changed = Object.entries(mapping).flatMap(([field, property]) => {
    const [old, wanted] = [valueAt(before, field), valueAt(after, field)];
    const change = mergePatchBetween(old === undefined ? {} : { old }, wanted === undefined ? {} : { old: wanted });
    return change === undefined ? [] : [{ property, value: getKey(change, 'old') ?? null }];
  });
  // Also what has no place is to be told.
  fieldsInto({}, after, mapping);
  let patch: Json = {};
  for (const { property, value } of changed) if (isObject(patch)) patch = withValueAt(patch, property, value);
  return isObject(patch) ? patch : {};
}

/** What the options give beside the spec, with variables filled in in its texts. */
function laidOver(body: JsonObject, over: Json | undefined, variables: Variables): Json {
  return over === undefined ? body : merged(body, filled(over, variables));
}

function merged(body: Json | undefined, over: Json): Json {
  if (!isObject(over) || !isObject(body)) return over;
  const result: MutableJsonObject = {};
  for (const [key, value] of Object.entries(body)) setKey(result, key, value);
  for (const [key, value] of Object.entries(over)) setKey(result, key, merged(getKey(result, key), value));
  return result;
}

/** JSON with the variables of its texts filled in. */
export function filled(json: Json, variables: Variables): Json {
  if (typeof json === 'string') return expandText(json, variables);
  if (isList(json)) return json.map((one) => filled(one, variables));
  if (!isObject(json)) return json;
  const result: MutableJsonObject = {};
  for (const [key, value] of Object.entries(json)) setKey(result, key, filled(value, variables));
  return result;
}
