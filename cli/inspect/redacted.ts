import {
  annotations,
  asJson,
  asResource,
  getKey,
  isObject,
  isSecretPath,
  type Json,
  type JsonObject,
  type Resource,
} from '../../kernel/index.js';

const HIDDEN = 'hidden';
/** Annotations that hold the whole resource as someone applied it, values of Secrets too. */
const COPIES: readonly string[] = [annotations.lastApplied, 'kubectl.kubernetes.io/last-applied-configuration'];

/** The resource without values of Secrets, and without the records of machinery that only repeat it. */
export function redacted(resource: Resource): Resource {
  const shown = Object.entries(asJson(resource)).map(([key, value]): [string, Json] => {
    if (isSecretPath(resource.kind, [key])) return [key, isObject(value) ? withoutValues(value) : HIDDEN];
    return [key, key === 'metadata' && isObject(value) ? withoutCopies(value) : value];
  });
  return asResource(Object.fromEntries(shown));
}

function withoutValues(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(values).map((key) => [key, HIDDEN]));
}

function withoutCopies(metadata: JsonObject): JsonObject {
  const notes = getKey(metadata, 'annotations');
  if (!isObject(notes)) return metadata;
  const kept = Object.entries(notes).filter(([key]) => !COPIES.includes(key));
  const { annotations: _all, ...others } = metadata;
  return kept.length === 0 ? others : { ...metadata, annotations: Object.fromEntries(kept) };
}
