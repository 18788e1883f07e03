import { createHash } from 'node:crypto';
import { type Resource, type ResourceRef, refKey } from '../../kernel/index.js';
import { canonicalJson, contentRevision } from '../files/content-revision.js';
import { frozen } from '../files/frozen.js';
import type { Collection } from './collection.js';
import { type ItemIdentity, type StoredItem, toLeavingResource, toResource } from './item-mapping.js';
import type { ItemRecord } from './item-record.js';

/** An item that is a resource. Frozen. */
export interface Entry {
  readonly collection: Collection;
  readonly ref: ResourceRef;
  readonly stored: StoredItem;
  readonly resource: Resource;
  /** Its item is gone, or is to go, while finalizers hold the resource: `stored` is its record alone. */
  readonly isLeaving?: true;
}

/**
 * The entry of an item. Its uid follows from the document and the reference, and its revision from what is stored, so
 * that every process says the same. @param document what tells this document from others
 */
export function toEntry(collection: Collection, ref: ResourceRef, stored: StoredItem, document: string): Entry {
  const identity = identityOf(ref, stored, document);
  frozen(stored);
  return { collection, ref, stored, resource: frozen(toResource(collection, stored, identity)) };
}

/** The entry of a resource that only its record still holds. */
export function toLeavingEntry(collection: Collection, ref: ResourceRef, record: ItemRecord, document: string): Entry {
  const stored = frozen({ value: record.leaving?.item ?? {}, side: record });
  const resource = frozen(toLeavingResource(collection, record, identityOf(ref, stored, document)));
  return { collection, ref, stored, resource, isLeaving: true };
}

function identityOf(ref: ResourceRef, { value, side }: StoredItem, document: string): ItemIdentity {
  const { name, namespace } = ref;
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    uid: uidOf(document, ref),
    resourceVersion: contentRevision(canonicalJson(value), side && canonicalJson(side)),
  };
}

/** In the form of a UUID, of the version that leaves to its maker how names are hashed. */
function uidOf(document: string, ref: ResourceRef): string {
  const hash = createHash('sha256').update(JSON.stringify([document, refKey(ref)]));
  const hex = hash.digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
