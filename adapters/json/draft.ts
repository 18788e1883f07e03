import {
  AlreadyExistsError,
  asJson,
  asResource,
  equalJson,
  formatRef,
  getAt,
  hasKey,
  InvalidResourceError,
  isObject,
  type Json,
  type JsonObject,
  mergePatch,
  type Resource,
  type ResourceRef,
  refKey,
  refOf,
} from '../../kernel/index.js';
import type { Collection } from './collection.js';
import type { DocumentChange } from './document-content.js';
import { changeOf, type Fate } from './draft-change.js';
import { type Entry, toEntry, toLeavingEntry } from './entry.js';
import { IDENTITY_FIELDS, type StoredItem, toStored } from './item-mapping.js';
import { type ItemRecord, isHolding, itemRecord } from './item-record.js';
import { depthOf } from './plain-json.js';
import type { CollectionSnapshot, Snapshot } from './snapshot.js';

/**
 * Writes that are still to be made, over a snapshot: each sees those before it. Nothing is changed until somebody makes
 * the {@link change} that they come to.
 */
export class Draft {
  readonly #snapshot: Snapshot;
  readonly #maxDepth: number;
  readonly #fates = new Map<string, Fate>();
  /** Whether all items of a collection have numbers for names. */
  readonly #numbered = new Map<Collection, boolean>();

  constructor(snapshot: Snapshot, maxDepth: number) {
    this.#snapshot = snapshot;
    this.#maxDepth = maxDepth;
  }

  find(ref: ResourceRef): Entry | undefined {
    const key = refKey(ref);
    const fate = this.#fates.get(key);
    return fate === undefined ? this.#snapshot.entries.get(key) : fate.entry;
  }

  /** What is leaving, and is wanted once more, is there again. @throws AlreadyExistsError, InvalidResourceError */
  create(collection: Collection, given: Resource): Entry {
    const ref = refOf(given);
    const there = this.find(ref);
    const resource = there?.isLeaving === true ? takenUp(there, given) : given;
    if (there !== undefined && there.isLeaving !== true)
      throw new AlreadyExistsError(`${formatRef(ref)} exists already`);
    const { container } = this.#snapshot.collection(collection);
    if (container.type === 'blocked') {
      throw new InvalidResourceError(
        `${formatRef(ref)} has no place: "${collection.at}" leads to no collection, ${container.reason}`,
      );
    }
    if (collection.container === 'mapping' && this.#isTaken(collection, ref.name)) {
      throw new InvalidResourceError(`${formatRef(ref)} has no place: its key at "${collection.at}" is another item's`);
    }
    const stored = toStored({ collection, resource, newName: this.#newName(collection, ref.name) });
    return this.#put(collection, ref, stored, true);
  }

  /**
   * Makes an entry be the resource; the same entry when it is already. Of one that is leaving only what is told of it
   * changes, and it goes with its last finalizer. @throws InvalidResourceError
   */
  replace(entry: Entry, resource: Resource): Entry {
    const { collection, ref, stored: before } = entry;
    if (entry.isLeaving) return this.#replaceLeaving(entry, resource);
    const stored = toStored({ collection, resource, before, newName: ref.name });
    if (equalJson(stored, before)) return entry;
    return this.#put(collection, ref, stored, this.#fates.get(refKey(ref))?.fresh ?? false);
  }

  /** Takes the item away; what finalizers hold stays as a record. @param since the time now; RFC 3339, UTC */
  remove({ collection, ref, stored, isLeaving }: Entry, since: string): void {
    if (isLeaving) return;
    const { side } = stored;
    if (!isHolding(side)) this.#fates.set(refKey(ref), { collection, ref, fresh: false });
    else this.#leave(collection, ref, { ...side, leaving: { since, ...itemOf(collection, stored.value) } });
  }

  /** Puts on record which of the items that finalizers hold are gone, and which are there again. */
  settle(since: string): void {
    for (const { collection, ref } of this.#snapshot.unsettled()) {
      const key = refKey(ref);
      const record = this.#snapshot.content.records.get(key)?.record;
      const known = this.#snapshot.entries.get(key);
      if (record === undefined || this.#fates.has(key)) continue;
      if (record.leaving !== undefined && known !== undefined) {
        this.#fates.set(key, { collection, ref, entry: known, fresh: false });
        continue;
      }
      this.#leave(collection, ref, { ...record, leaving: { since, ...itemOf(collection, known?.stored.value) } });
    }
  }

  /** What all writes come to; undefined when that is nothing. */
  change(): DocumentChange | undefined {
    return changeOf(this.#snapshot, this.#fates);
  }

  #replaceLeaving({ collection, ref, stored, ...entry }: Entry, resource: Resource): Entry {
    const { metadata, status } = asJson(resource);
    const others = isObject(metadata) ? Object.entries(metadata).filter(([key]) => !IDENTITY_FIELDS.includes(key)) : [];
    const record = itemRecord(status, Object.fromEntries(others), stored.side?.leaving);
    if (equalJson(record, stored.side)) return { collection, ref, stored, ...entry };
    if (isHolding(record)) return this.#leave(collection, ref, record);
    this.#fates.set(refKey(ref), { collection, ref, fresh: false });
    return toLeavingEntry(collection, ref, record, this.#snapshot.source.document);
  }

  #leave(collection: Collection, ref: ResourceRef, record: ItemRecord): Entry {
    const entry = toLeavingEntry(collection, ref, record, this.#snapshot.source.document);
    this.#fates.set(refKey(ref), { collection, ref, entry, fresh: false });
    return entry;
  }

  #put(collection: Collection, ref: ResourceRef, stored: StoredItem, fresh: boolean): Entry {
    // The containers that the pointer leads through, the collection, and the item.
    if (collection.path.length + 1 + depthOf(stored.value) > this.#maxDepth) {
      throw new InvalidResourceError(
        `${formatRef(ref)} is nested deeper than the limit of ${this.#maxDepth} (maxDepth)`,
      );
    }
    const entry = toEntry(collection, ref, stored, this.#snapshot.source.document);
    this.#fates.set(refKey(ref), { collection, ref, entry, fresh });
    return entry;
  }

  /** Whether a mapping has the key already, or is to have it: for an item of another name, or for what is no item. */
  #isTaken(collection: Collection, key: string): boolean {
    // Without namespaces a new item of that key would be one of that name.
    const promised = collection.info.namespaced && this.#isPromised(collection, key);
    const { container, entries } = this.#snapshot.collection(collection);
    if (promised || container.type !== 'there' || !hasKey(container.value, key)) return promised;
    const entry = entries.get(key);
    const fate = entry && this.#fates.get(refKey(entry.ref));
    return fate === undefined || (fate.entry !== undefined && !fate.fresh);
  }

  #isPromised(collection: Collection, key: string): boolean {
    return [...this.#fates.values()].some(
      (fate) => fate.fresh && fate.entry !== undefined && fate.collection === collection && fate.ref.name === key,
    );
  }

  /** Where all items say their names as numbers, a new one does too, if its name is one. */
  #newName(collection: Collection, text: string): Json {
    let areNumbers = this.#numbered.get(collection);
    if (areNumbers === undefined) {
      areNumbers = isNumbered(this.#snapshot.collection(collection), collection);
      this.#numbered.set(collection, areNumbers);
    }
    return areNumbers && Number.isSafeInteger(Number(text)) && String(Number(text)) === text ? Number(text) : text;
  }
}

/** What is new, with what is on record of the one before it: what that managed is for this one to know. */
function takenUp({ stored: { side } }: Entry, given: Resource): Resource {
  const { annotations, finalizers } = (side?.metadata ?? {}) as JsonObject;
  const metadata = { ...(annotations && { annotations }), ...(finalizers && { finalizers }) };
  return asResource(mergePatch({ metadata, ...(side?.status && { status: side.status }) }, asJson(given)));
}

/** A Secret's content is nowhere to be but where its author put it. */
function itemOf({ info }: Collection, item: JsonObject | undefined): { readonly item?: JsonObject } {
  return item === undefined || info.kind === 'Secret' ? {} : { item };
}

function isNumbered({ entries }: CollectionSnapshot, { name }: Collection): boolean {
  if (name === undefined || entries.size === 0) return false;
  return [...entries.values()].every(({ stored }) => typeof getAt(stored.value, name) === 'number');
}
