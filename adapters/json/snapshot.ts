import { type Problem, refKey, type StoreEvent } from '../../kernel/index.js';
import { contentRevision } from '../files/content-revision.js';
import type { Collection } from './collection.js';
import { type Container, findContainer } from './container.js';
import type { DocumentContent } from './document-content.js';
import type { Entry } from './entry.js';
import { originOf } from './item-origin.js';
import { ItemReader } from './item-reader.js';

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
        return [collection, { container, entries: reader.read(collection, container) }];
      }),
    );
    this.entries = reader.entries;
    this.problems = [...content.problems, ...reader.problems];
  }

  collection(collection: Collection): CollectionSnapshot {
    return this.#collections.get(collection) ?? { container: { type: 'missing' }, entries: new Map() };
  }

  /** The same for the same resources of a collection, and for nothing else. */
  revision(collection: Collection): string {
    const known = this.#revisions.get(collection);
    if (known !== undefined) return known;
    const entries = [...this.collection(collection).entries.values()];
    const revision = contentRevision(
      ...entries.flatMap(({ ref, resource }) => [refKey(ref), resource.metadata.resourceVersion]),
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
    return [...this.#collections].flatMap(([collection, { container, entries }]) =>
      [...entries].flatMap(([key, entry]): StoreEvent[] => {
        const type = typeOf(refKey(entry.ref), entry);
        if (type === undefined || container.type !== 'there') return [];
        const origin = originOf(this.content, collection, [...container.path, key]);
        return [{ type, resource: entry.resource, origin }];
      }),
    );
  }
}
