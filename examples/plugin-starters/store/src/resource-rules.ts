import { mergePatch } from 'koreo-kernel';
import {
  asJson,
  asResource,
  ConflictError,
  equalJson,
  formatRef,
  freezeDeep,
  InvalidResourceError,
  isResource,
  type JsonObject,
  type Resource,
  type ResourceMetadata,
  type ResourceRef,
  refKey,
  refOf,
  type WriteOptions,
} from 'koreo-kernel/plugin';

/** A copy that nobody can change, as it will be read from the journal. */
export function frozen<T extends object>(value: T): T {
  return freezeDeep(JSON.parse(JSON.stringify(value)) as JsonObject) as unknown as T;
}

/** @throws InvalidResourceError for what has not the shape of a resource */
export function checkShape(resource: Resource): void {
  if (isResource(asJson(resource))) return;
  throw new InvalidResourceError('a resource needs apiVersion, kind and metadata.name, all non-empty strings');
}

/** @throws ConflictError when the resource is not the one, or not of the revision, that a write was computed from */
export function checkGuards(current: Resource, { uid, revision }: WriteOptions): void {
  const { metadata } = current;
  if (uid !== undefined && uid !== metadata.uid) {
    throw new ConflictError(`${formatRef(refOf(current))} is another object than the one that was read`);
  }
  if (revision !== undefined && revision !== metadata.resourceVersion) {
    throw new ConflictError(`${formatRef(refOf(current))} has changed since it was read`);
  }
}

/** The resource after a merge patch; the same object when nothing changes. @throws InvalidResourceError */
export function merged(current: Resource, ref: ResourceRef, patch: JsonObject): Resource {
  const wanted = asResource(mergePatch(asJson(current), patch));
  if (!isResource(asJson(wanted)) || refKey(refOf(wanted)) !== refKey(ref)) {
    throw new InvalidResourceError(`a patch cannot change apiVersion, kind, name or namespace of ${formatRef(ref)}`);
  }
  // What the store alone decides stays, whatever a patch says.
  const { uid, resourceVersion, creationTimestamp } = current.metadata;
  const own = frozen({ uid, resourceVersion, creationTimestamp }) as Partial<ResourceMetadata>;
  const next = { ...wanted, metadata: { ...wanted.metadata, ...own } };
  return equalJson(asJson(next), asJson(current)) ? current : next;
}
