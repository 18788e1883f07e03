import {
  asJson,
  asResource,
  InvalidResourceError,
  isList,
  isObject,
  isResource,
  type Json,
  type JsonObject,
  mergePatch,
  type Resource,
} from '../../kernel/index.js';
import { STORE_FIELDS } from './resource-identity.js';

/**
 * What is written of a resource that is created: no nulls, none of the fields that are the store's to give, no empty labels
 * and the like; in the order that people expect. @throws InvalidResourceError for what is no resource
 */
export function newManifest(resource: Resource): JsonObject {
  checkResource(resource);
  const { apiVersion, kind, metadata, ...rest } = asResource(mergePatch(undefined, asJson(resource)));
  const { name, namespace, ...others } = metadata;
  const isOurs = ([key, value]: readonly [string, unknown]): boolean =>
    !STORE_FIELDS.some((field) => field === key) && !isEmpty(value as Json);
  const kept = Object.fromEntries(Object.entries(others).filter(isOurs));
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }), ...kept }, ...rest } as JsonObject;
}

/** @throws InvalidResourceError */
export function checkResource(resource: Resource): void {
  if (!isResource(asJson(resource))) {
    throw new InvalidResourceError('a resource needs apiVersion, kind and metadata.name, all non-empty strings');
  }
  const namespace: unknown = resource.metadata.namespace;
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    throw new InvalidResourceError('metadata.namespace must be a string');
  }
}

function isEmpty(value: Json): boolean {
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
