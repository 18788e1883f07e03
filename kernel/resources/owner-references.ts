import { isList, isObject, type Json, type JsonObject } from '../model/json.js';
import type { GroupVersionKind, OwnerReference } from '../model/resource.js';

/** The reference that makes an object the owner of another, in the fields that Kubernetes' garbage collector reads. */
export function ownerReference(owner: GroupVersionKind & { name: string; uid: string }): OwnerReference {
  const { apiVersion, kind, name, uid } = owner;
  return { apiVersion, kind, name, uid, blockOwnerDeletion: true, controller: false };
}

/** The owner references that a resource, or a target, holds; none when they do not have the shape. */
export function ownerReferencesOf(resource: JsonObject): readonly JsonObject[] {
  const metadata = resource.metadata;
  const references: Json | undefined = isObject(metadata) ? metadata.ownerReferences : undefined;
  return isList(references) ? references.filter(isObject) : [];
}

/** Whether the owner with that uid is among the references. */
export function isOwnedBy(resource: JsonObject, uid: string): boolean {
  return ownerReferencesOf(resource).some((reference) => reference.uid === uid);
}

/** All the references, the first of each uid. */
export function unionOfOwners(...lists: readonly (readonly JsonObject[])[]): readonly JsonObject[] {
  if (lists.every((list) => list.length === 0)) return [];
  const byUid = new Map<Json | undefined, JsonObject>();
  for (const list of lists) {
    for (const reference of list) if (!byUid.has(reference.uid)) byUid.set(reference.uid, reference);
  }
  return [...byUid.values()];
}
