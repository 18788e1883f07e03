import type { WriteOptions } from '../contracts/store.js';
import { ConflictError, InvalidResourceError } from '../contracts/store-errors.js';
import { defined, equalJson, getKey, hasKey, isObject, type JsonObject, withKeys } from '../model/json.js';
import {
  asJson,
  finalizersAfter,
  formatRef,
  isBeingDeleted,
  isResource,
  type Resource,
  type ResourceMetadata,
  refOf,
} from '../model/resource.js';

/** @throws InvalidResourceError for what has not the shape of a resource */
export function checkShape(resource: Resource): void {
  if (isResource(asJson(resource))) return;
  throw new InvalidResourceError('a resource needs apiVersion, kind and metadata.name, all non-empty strings');
}

/** @throws ConflictError when the resource is not the one, or not of the revision, that a write was computed from */
export function checkGuards(current: Resource, { uid, revision }: WriteOptions): void {
  if (uid !== undefined && uid !== current.metadata.uid) {
    const ref = formatRef(refOf(current));
    throw new ConflictError(`${ref} is another object than the one that was read: its uid differs`);
  }
  if (revision !== undefined && revision !== current.metadata.resourceVersion) {
    const ref = formatRef(refOf(current));
    throw new ConflictError(`${ref} has changed since it was read`);
  }
}

/** What a store alone decides stays, whatever a patch says. */
export function withIdentity(wanted: Resource, { metadata }: Resource): Resource {
  if (wanted.metadata === metadata) return wanted;
  const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = metadata;
  const kept = defined({ uid, resourceVersion, generation, creationTimestamp, deletionTimestamp });
  if (holds(wanted.metadata, kept)) return wanted;
  return { ...wanted, metadata: withKeys(wanted.metadata, kept) };
}

function holds(metadata: ResourceMetadata, fields: Partial<ResourceMetadata>): boolean {
  return (Object.keys(fields) as (keyof ResourceMetadata)[]).every((key) => metadata[key] === fields[key]);
}

/** As Kubernetes counts: every change outside of metadata and status is one. */
export function nextGeneration(resource: Resource, before: Resource | undefined): number {
  if (before === undefined) return resource.metadata.generation ?? 1;
  const generation = before.metadata.generation ?? 1;
  return isAuthoredAlike(asJson(resource), asJson(before)) ? generation : generation + 1;
}

function isAuthoredAlike(a: JsonObject, b: JsonObject): boolean {
  for (const key of Object.keys(a)) if (isAuthored(key) && !equalJson(a[key], getKey(b, key))) return false;
  return Object.keys(b).every((key) => hasKey(a, key) || !isAuthored(key));
}

function isAuthored(key: string): boolean {
  return key !== 'metadata' && key !== 'status';
}

/** Whether a resource stays, marked as being deleted, until somebody takes its finalizers away. */
export function isHeld({ metadata }: Resource): boolean {
  return (metadata.finalizers ?? []).length > 0;
}

/** Whether a resource is being deleted, and nothing holds it any more. */
export function isReleased(resource: Resource): boolean {
  return isBeingDeleted(resource) && !isHeld(resource);
}

/** The patch, with the list of finalizers as it is to be after it. */
export function withFinalizers(
  patch: JsonObject,
  { metadata }: Resource,
  finalizers: Readonly<Record<string, boolean>>,
): JsonObject {
  if (Object.keys(finalizers).length === 0) return patch;
  const all = finalizersAfter(metadata.finalizers ?? [], finalizers);
  const sent = isObject(patch.metadata) ? patch.metadata : {};
  return { ...patch, metadata: { ...sent, finalizers: all.length === 0 ? null : all } };
}
