import { gvkKey, type Problem, type ResourceRef, refKey, type StoreEvent } from '../../kernel/index.js';
import { contentRevision } from '../files/content-revision.js';
import type { Collection } from './collection.js';
import { type Container, findContainer } from './container.js';
import type { DocumentContent } from './document-content.js';
import type { Entry } from './entry.js';
import { originOf } from './item-origin.js';
import { ItemReader } from './item-reader.js';
import { isHolding } from './item-record.js';

/** What all snapshots of a store have in common. */
export interface SnapshotSource {
  readonly store: string;
  /** What tells the document from others: the same in every process. */
  readonly document: string;
  readonly collections: readonly Collection[];
}

/** One collection at one moment. */
export interface CollectionSnapshot {
  readonly container: Container;
  /** By their key or index in the container, in the document's order. */
  readonly entries: ReadonlyMap<string | number, Entry>;
  /** Those that have no item, and that finalizers hold. */
  readonly held: readonly Entry[];
}

/** The resources of a document at one moment. Immutable. */
export class Snapshot {
  /** By `refKey`. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly problems: readonly Problem[];
  readonly #collections: ReadonlyMap<Collection, CollectionSnapshot>;
  readonly #revisions = new Map<Collection, string>();

  /** @param before entries that are as they were then are the same objects */
  constructor(
    readonly source: SnapshotSource,
    readonly content: DocumentContent,
    before?: Snapshot,
  ) {
    const { store, document, collections } = source;
    const reader = new ItemReader({ store, document, content, before: before?.entries });
    this.#collections = new Map(
      collections.map((collection) => {
        const container = findContainer(collection, content.value);
        const entries = reader.read(collection, container);
        return [collection, { container, entries, held: reader.readHeld(collection) }];
      }),
    );
    this.entries = reader.entries;
    this.problems = [...content.problems, ...reader.problems];
  }

  collection(collection: Collection): CollectionSnapshot {
    return this.#collections.get(collection) ?? { container: { type: 'missing' }, entries: new Map(), held: [] };
  }

  /** A collection's resources: those in the document, in its order, then those that finalizers hold. */
  resources(collection: Collection): readonly Entry[] {
    const { entries, held } = this.collection(collection);
    return [...entries.values(), ...held];
  }

  /**
   * Resources whose records do not say yet, or say no longer, what has become of their items: these are gone, or there
   * again. Empty where the document is not to be relied on.
   */
  unsettled(): readonly { readonly collection: Collection; readonly ref: ResourceRef }[] {
    const { content, source } = this;
    if (content.fault !== undefined) return [];
    return [...content.records].flatMap(([key, { ref, record }]) => {
      const collection = source.collections.find(({ info }) => gvkKey(info) === gvkKey(ref));
      if (collection === undefined || !isHolding(record)) return [];
      const entry = this.entries.get(key);
      const hasItem = entry !== undefined && !this.collection(collection).held.includes(entry);
      return hasItem === (record.leaving === undefined) ? [] : [{ collection, ref }];
    });
  }

  /** The same for the same resources of a collection, and for nothing else. */
  revision(collection: Collection): string {
    const known = this.#revisions.get(collection);
    if (known !== undefined) return known;
    const revision = contentRevision(
      ...this.resources(collection).flatMap(({ ref, resource }) => [refKey(ref), resource.metadata.resourceVersion]),
    );
    this.#revisions.set(collection, revision);
    return revision;
  }

  /** The events for whoever knows another snapshot. */
  changesSince(before: Snapshot): readonly StoreEvent[] {
    const deleted = [...before.entries.values()].filter(({ ref }) => !this.entries.has(refKey(ref)));
    return [
      ...deleted.map(({ resource }): StoreEvent => ({ type: 'deleted', resource })),
      ...this.#events((key, entry) => {
        const known = before.entries.get(key);
        if (known === undefined) return 'added';
        return known.resource === entry.resource ? undefined : 'modified';
      }),
    ];
  }

  /** The events for whoever knows nothing yet. */
  beginning(): readonly StoreEvent[] {
    return [...this.#events(() => 'added'), { type: 'synced' }];
  }

  #events(typeOf: (key: string, entry: Entry) => 'added' | 'modified' | undefined): readonly StoreEvent[] {
    return [...this.#collections].flatMap(([collection, { container, entries, held }]) => [
      ...[...entries].flatMap(([key, entry]): StoreEvent[] => {
        const type = typeOf(refKey(entry.ref), entry);
        if (type === undefined || container.type !== 'there') return [];
        const origin = originOf(this.content, collection, [...container.path, key]);
        return [{ type, resource: entry.resource, origin }];
      }),
      ...held.flatMap((entry): StoreEvent[] => {
        const type = typeOf(refKey(entry.ref), entry);
        return type === undefined ? [] : [{ type, resource: entry.resource }];
      }),
    ]);
  }
}
