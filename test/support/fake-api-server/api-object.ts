import type { Json } from 'koreo-kernel';

/** One entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: 'Apply' | 'Update';
  apiVersion?: string;
  time?: string;
  fieldsType?: 'FieldsV1';
  fieldsV1?: FieldsV1;
  subresource?: string;
}

/** A set of fields as Kubernetes writes it: `{"f:spec": {"f:replicas": {}}}`. */
export interface FieldsV1 {
  [element: string]: FieldsV1;
}

/** Metadata as the server keeps it. */
export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  managedFields?: ManagedFieldsEntry[];
}

/** An object as it stands in the server. Whoever changes one changes a copy of his own. */
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** Sees an object as the JSON that it is. */
export function jsonOf(object: ApiObject): Json {
  return object as unknown as Json;
}

/** Whether the JSON has a resource's type and metadata. */
export function looksLikeObject(value: unknown): value is ApiObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  const isTyped = typeof apiVersion === 'string' && typeof kind === 'string';
  return isTyped && typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
}

/** A copy that is the caller's own. */
export function copyOf(object: ApiObject): ApiObject {
  return structuredClone(jsonOf(object)) as unknown as ApiObject;
}

/** The key of an object among those of its kind; keys sort as a real server lists. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function keyOf({ metadata }: ApiObject): string {
  return objectKey(metadata.namespace, metadata.name);
}
