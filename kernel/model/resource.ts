import { defined, getAt, getKey, isObject, type Json, type JsonObject } from './json.js';

/** The type of a resource, as Kubernetes names it; `apiVersion` is `group/version`, or `version` alone for the core group. */
export interface GroupVersionKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A reference to the owner of a resource, with Kubernetes' fields. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly blockOwnerDeletion?: boolean;
  readonly controller?: boolean;
}

/**
 * Metadata of a resource, with Kubernetes' fields. Every store fills `name`, `uid` and `resourceVersion`; the latter is
 * the opaque revision, compared for equality only. `generation` is there where the store counts changes of the spec.
 */
export interface ResourceMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

/** An object of any store, in Kubernetes' shape. Treat it as immutable: stores and caches share it. */
export interface Resource extends GroupVersionKind {
  readonly metadata: ResourceMetadata;
  readonly spec?: Json;
  readonly status?: JsonObject;
  readonly [field: string]: unknown;
}

/** Names one resource of one type; which store holds it is for routing to say. */
export interface ResourceRef extends GroupVersionKind {
  readonly name: string;
  readonly namespace?: string;
}

/** The API group of an `apiVersion`; `""` for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** A text that is the same for the same type, and for nothing else. */
export function gvkKey({ apiVersion, kind }: GroupVersionKind): string {
  return `${keyPart(apiVersion)}|${keyPart(kind)}`;
}

/** A text that is the same for references to the same resource, and for nothing else. */
export function refKey(ref: ResourceRef): string {
  return `${gvkKey(ref)}|${keyPart(ref.namespace ?? '')}|${keyPart(ref.name)}`;
}

/** Names may hold anything, slashes too, so that the separator must not be able to come from one. */
function keyPart(text: string): string {
  return text.includes('|') || text.includes('%') ? text.replaceAll('%', '%25').replaceAll('|', '%7C') : text;
}

/** The reference to a resource. */
export function refOf(resource: Resource): ResourceRef {
  const { apiVersion, kind, metadata } = resource;
  const { name, namespace } = metadata;
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, name, namespace };
}

/** Whether the resource is the one that the reference names. */
export function isNamedBy({ apiVersion, kind, metadata }: Resource, ref: ResourceRef): boolean {
  const { name, namespace } = metadata;
  return (
    name === ref.name &&
    (namespace ?? '') === (ref.namespace ?? '') &&
    kind === ref.kind &&
    apiVersion === ref.apiVersion
  );
}

/** Whether the resource is being deleted, and only held by finalizers. Files may hold null where there is no time. */
export function isBeingDeleted({ metadata }: Resource): boolean {
  return (metadata.deletionTimestamp ?? null) !== null;
}

/** The finalizers after some have been asked for (true) and others are to go (false); all others stay, in their order. */
export function finalizersAfter(
  present: readonly string[],
  wanted: Readonly<Record<string, boolean>>,
): readonly string[] {
  const kept = present.filter((name) => wanted[name] !== false);
  const added = Object.keys(wanted).filter((name) => wanted[name] === true && !present.includes(name));
  return [...kept, ...added];
}

/** What a write that was computed from the resource is guarded by: that it is still this object, at this revision. */
export function guardsOf({ metadata: { uid, resourceVersion } }: Resource): {
  readonly uid?: string;
  readonly revision?: string;
} {
  return defined({ uid, revision: resourceVersion });
}

/** A reference as people write it: `Deployment prod/web`. */
export function formatRef(ref: { kind: string; name: string; namespace?: string | undefined }): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}

/** Sees a resource as the JSON that it is. */
export function asJson(resource: Resource): JsonObject {
  return resource as unknown as JsonObject;
}

/**
 * The text of an annotation; undefined when there is none. Where a store takes what people write in files, a number or a
 * boolean counts as its text.
 */
export function annotationOf(resource: Resource, key: string): string | undefined {
  const value = getAt(asJson(resource), ['metadata', 'annotations', key]);
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}

/** Whether the JSON has the shape of a resource: `apiVersion`, `kind` and `metadata.name` are non-empty strings. */
export function isResource(value: Json): boolean {
  if (!isObject(value)) return false;
  const metadata = getKey(value, 'metadata');
  return hasText(value, 'apiVersion') && hasText(value, 'kind') && isObject(metadata) && hasText(metadata, 'name');
}

function hasText(object: JsonObject, key: string): boolean {
  const text = getKey(object, key);
  return typeof text === 'string' && text !== '';
}

/** Sees JSON as a resource; for JSON that {@link isResource} has accepted or that we made so. */
export function asResource(value: JsonObject): Resource {
  return value as unknown as Resource;
}
