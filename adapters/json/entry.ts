import { createHash } from 'node:crypto';
import { type Resource, type ResourceRef, refKey } from '../../kernel/index.js';
import { canonicalJson, contentRevision } from '../files/content-revision.js';
import { frozen } from '../files/frozen.js';
import type { Collection } from './collection.js';
import { type StoredItem, toResource } from './item-mapping.js';

/** An item that is a resource. Frozen. */
export interface Entry {
  readonly collection: Collection;
  readonly ref: ResourceRef;
  readonly stored: StoredItem;
  readonly resource: Resource;
}

/**
 * The entry of an item. Its uid follows from the document and the reference, and its revision from what is stored, so
 * that every process says the same. @param document what tells this document from others
 */
export function toEntry(collection: Collection, ref: ResourceRef, stored: StoredItem, document: string): Entry {
  const { name, namespace } = ref;
  const identity = {
    name,
    ...(namespace !== undefined && { namespace }),
    uid: uidOf(document, ref),
    resourceVersion: contentRevision(canonicalJson(stored.value), stored.side && canonicalJson(stored.side)),
  };
  frozen(stored);
  return { collection, ref, stored, resource: frozen(toResource(collection, stored, identity)) };
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
