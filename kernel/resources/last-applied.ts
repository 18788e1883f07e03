import { getAt, isObject, type Json, type JsonObject } from '../model/json.js';
import { annotations } from '../model/names.js';
import { hashSecrets } from './secret.js';

/** The text that records a target as it was sent, with the values of Secrets hashed and without the record itself. */
export function lastAppliedText(target: JsonObject): string {
  return JSON.stringify(hashSecrets(withoutLastApplied(target)));
}

/** What the annotation of a resource says was last applied to it; undefined when it says nothing that can be read. */
export function lastAppliedOf(resource: JsonObject): JsonObject | undefined {
  const text = getAt(resource, ['metadata', 'annotations', annotations.lastApplied]);
  if (typeof text !== 'string') return undefined;
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The target with the annotation that records it. */
export function withLastApplied(target: JsonObject): JsonObject {
  const metadata = mappingAt(target, 'metadata');
  const present = mappingAt(metadata, 'annotations');
  const record = { [annotations.lastApplied]: lastAppliedText(target) };
  return { ...target, metadata: { ...metadata, annotations: { ...present, ...record } } };
}

/** The resource without the annotation; without `annotations` too, when nothing else was in them. */
export function withoutLastApplied(resource: JsonObject): JsonObject {
  const metadata = mappingAt(resource, 'metadata');
  const present = metadata.annotations;
  if (!isObject(present) || !Object.hasOwn(present, annotations.lastApplied)) return resource;
  const { [annotations.lastApplied]: _record, ...others } = present;
  const { annotations: _annotations, ...rest } = metadata;
  const kept = Object.keys(others).length === 0 ? rest : { ...rest, annotations: others };
  return { ...resource, metadata: kept };
}

function mappingAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}
