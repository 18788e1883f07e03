import { copyOf, getAt, isObject, type Json, type JsonObject, setKey, withKeys } from '../model/json.js';
import { annotations } from '../model/names.js';
import type { Path } from '../model/path.js';
import { asJson, asResource, type Resource } from '../model/resource.js';
import { hashSecrets } from './secret.js';

/** The text that records a target as it was sent, with the values of Secrets hashed and without the record itself. */
export function lastAppliedText(target: JsonObject): string {
  return JSON.stringify(hashSecrets(withoutLastApplied(target)));
}

const RECORD: Path = ['metadata', 'annotations', annotations.lastApplied];

/** The text that a resource has on record, whatever it says. */
export function recordOn(resource: JsonObject): string | undefined {
  const text = getAt(resource, RECORD);
  return typeof text === 'string' ? text : undefined;
}

/** What the annotation of a resource says was last applied to it; undefined when it says nothing that can be read. */
export function lastAppliedOf(resource: JsonObject): JsonObject | undefined {
  const text = recordOn(resource);
  if (text === undefined) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The target with the annotation that records it. */
export function withLastApplied(target: JsonObject, text = lastAppliedText(target)): JsonObject {
  return annotated(target, text);
}

/** A resource that has no place for the annotation, as if it had one that says what is on record elsewhere. */
export function withRecordOf(resource: Resource, applied: string | undefined): Resource {
  return applied === undefined ? resource : asResource(annotated(asJson(resource), applied));
}

function annotated(resource: JsonObject, text: string): JsonObject {
  const metadata = mappingAt(resource, 'metadata');
  const present = mappingAt(metadata, 'annotations');
  const recorded = copyOf(present);
  setKey(recorded, annotations.lastApplied, text);
  return { ...resource, metadata: withKeys(metadata, { annotations: recorded }) };
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
