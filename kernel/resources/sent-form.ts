import { getAt, hasKey, isObject, type JsonObject, withKeys } from '../model/json.js';
import { annotations, labels } from '../model/names.js';
import type { Path } from '../model/path.js';
import type { OwnerReference } from '../model/resource.js';
import { stripDirectives } from './directives.js';
import { lastAppliedText, withLastApplied } from './last-applied.js';
import { dropNulls } from './nulls.js';
import { ownerReferencesOf, unionOfOwners } from './owner-references.js';

/** The target as a store is asked to create it: no directives, no nulls, its own record, and its owner. */
export function formForCreate(target: JsonObject, owner: OwnerReference | undefined): JsonObject {
  const sent = withLastApplied(dropNulls(stripDirectives(target)));
  return owner === undefined ? sent : withOwners(sent, unionOfOwners(ownerReferencesOf(sent), [{ ...owner }]));
}

const MARK: Path = ['metadata', 'labels', labels.abandoned];

/** Whether a resource is marked as one that its Workflow no longer wanted. */
export function isAbandoned(resource: JsonObject): boolean {
  return getAt(resource, MARK) !== undefined;
}

/** What takes that mark away, as parts of a merge patch of metadata. */
const UNMARKED: JsonObject = {
  labels: { [labels.abandoned]: null },
  annotations: { [annotations.abandonedBy]: null },
};

/** A target without its directives, and what is put on record of it. */
export interface RecordedTarget {
  readonly target: JsonObject;
  readonly record: string;
}

/** What is to be sent of a target, before it is known what that is laid onto. */
export function recordedTarget(target: JsonObject): RecordedTarget {
  const stripped = stripDirectives(target);
  return { target: stripped, record: lastAppliedText(stripped) };
}

/** A target that is laid onto a resource. */
export interface PatchForm {
  readonly sent: JsonObject;
  /** Whether it replaces the list of owners, and so is right for the revision only from which that list was read. */
  readonly replacesOwners: boolean;
}

/**
 * The target as it is laid onto what is there: no directives, its own record, and every owner that is there kept. A store that
 * knows the owners of fields takes away what is not said again, so there they are said again, those of other triggers too:
 * all triggers are one owner of fields to it.
 */
export function formForPatch(
  { target, record }: RecordedTarget,
  actual: JsonObject,
  { owner, ownsFields }: { readonly owner: OwnerReference | undefined; readonly ownsFields: boolean },
): PatchForm {
  const sent = withLastApplied(target, record);
  const present = ownerReferencesOf(actual);
  const owners = unionOfOwners(present, ownerReferencesOf(sent), owner === undefined ? [] : [{ ...owner }]);
  if (owners.length > present.length) return { sent: withOwners(sent, owners), replacesOwners: true };
  const again = ownsFields && owners.length > 0;
  return { sent: again ? withOwners(sent, owners) : withoutOwners(sent), replacesOwners: false };
}

/** The merge patch that adds an owner and takes away what says that the resource was abandoned, and nothing else. */
export function adoptionPatch(actual: JsonObject, owner: OwnerReference | undefined): JsonObject {
  const owners =
    owner === undefined ? {} : { ownerReferences: unionOfOwners(ownerReferencesOf(actual), [{ ...owner }]) };
  return { metadata: { ...owners, ...(isAbandoned(actual) ? UNMARKED : {}) } };
}

function withOwners(resource: JsonObject, ownerReferences: readonly JsonObject[]): JsonObject {
  const metadata = isObject(resource.metadata) ? resource.metadata : {};
  return withKeys(resource, { metadata: withKeys(metadata, { ownerReferences }) });
}

function withoutOwners(resource: JsonObject): JsonObject {
  if (!isObject(resource.metadata) || !hasKey(resource.metadata, 'ownerReferences')) return resource;
  const { ownerReferences: _kept, ...metadata } = resource.metadata;
  return { ...resource, metadata };
}
