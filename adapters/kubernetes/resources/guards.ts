import {
  ConflictError,
  formatRef,
  InvalidResourceError,
  isObject,
  type JsonObject,
  type Resource,
  type ResourceRef,
  refOf,
} from '../../../kernel/plugin.js';
import { RejectedError } from '../api/api-errors.js';

interface Guards {
  readonly uid?: string | undefined;
  readonly revision?: string | undefined;
}

/** A change with what must be true of the resource for it to be made: the server looks at both in the step of the write. */
export function withGuards(change: JsonObject, { uid, revision }: Guards): JsonObject {
  if (uid === undefined && revision === undefined) return change;
  const metadata = isObject(change.metadata) ? change.metadata : {};
  const guards = { ...(uid !== undefined && { uid }), ...(revision !== undefined && { resourceVersion: revision }) };
  return { ...change, metadata: { ...metadata, ...guards } };
}

/** @throws ConflictError when the resource that was read is not the one that the write is for */
export function checkGuards(current: Resource, { uid, revision }: Guards): void {
  const ref = formatRef(refOf(current));
  if (uid !== undefined && uid !== current.metadata.uid) {
    throw new ConflictError(`${ref} is another object than the one that was read: its uid differs`);
  }
  if (revision !== undefined && revision !== current.metadata.resourceVersion) {
    throw new ConflictError(`${ref} has changed since it was read`);
  }
}

/** What a write with another uid than the object's comes to: to the server it looks like a change of the uid. */
export function asConflict(error: unknown, ref: ResourceRef): unknown {
  if (!(error instanceof RejectedError) || !error.fields.includes('metadata.uid')) return error;
  return new ConflictError(`${formatRef(ref)} is another object than the one that was read: its uid differs`);
}

/** @throws InvalidResourceError when a merge patch would make the resource another one */
export function checkIdentity(ref: ResourceRef, patch: JsonObject): void {
  const { metadata = {} } = patch;
  const stays =
    isObject(metadata) &&
    says(patch, 'apiVersion', ref.apiVersion) &&
    says(patch, 'kind', ref.kind) &&
    says(metadata, 'name', ref.name) &&
    says(metadata, 'namespace', ref.namespace);
  if (stays) return;
  throw new InvalidResourceError(`a patch cannot change apiVersion, kind, name or namespace of ${formatRef(ref)}`);
}

function says(object: JsonObject, key: string, value: string | undefined): boolean {
  return !Object.hasOwn(object, key) || object[key] === value;
}
