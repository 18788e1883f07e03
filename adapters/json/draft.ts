import {
  AlreadyExistsError,
  equalJson,
  formatRef,
  getAt,
  hasKey,
  InvalidResourceError,
  type Json,
  type Resource,
  type ResourceRef,
  refKey,
  refOf,
} from '../../kernel/index.js';
import type { Collection } from './collection.js';
import type { DocumentChange } from './document-content.js';
import { changeOf, type Fate } from './draft-change.js';
import { type Entry, toEntry } from './entry.js';
import { type StoredItem, toStored } from './item-mapping.js';
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

  /** @throws AlreadyExistsError, InvalidResourceError */
  create(collection: Collection, resource: Resource): Entry {
    const ref = refOf(resource);
    if (this.find(ref) !== undefined) throw new AlreadyExistsError(`${formatRef(ref)} exists already`);
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

  /** Makes an entry be the resource; the same entry when it is already. @throws InvalidResourceError */
  replace(entry: Entry, resource: Resource): Entry {
    const { collection, ref, stored: before } = entry;
    const stored = toStored({ collection, resource, before, newName: ref.name });
    if (equalJson(stored, before)) return entry;
    return this.#put(collection, ref, stored, this.#fates.get(refKey(ref))?.fresh ?? false);
  }

  remove({ collection, ref }: Entry): void {
    this.#fates.set(refKey(ref), { collection, ref, fresh: false });
  }

  /** What all writes come to; undefined when that is nothing. */
  change(): DocumentChange | undefined {
    return changeOf(this.#snapshot, this.#fates);
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

function isNumbered({ entries }: CollectionSnapshot, { name }: Collection): boolean {
  if (name === undefined || entries.size === 0) return false;
  return [...entries.values()].every(({ stored }) => typeof getAt(stored.value, name) === 'number');
}
