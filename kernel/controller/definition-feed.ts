import type { Observable, Subscription } from 'rxjs';
import type { Store, StoreEvent } from '../contracts/store.js';
import type { DefinitionChange } from '../definitions/catalog.js';
import { DEFINITION_KINDS, KOREO_API_VERSION } from '../model/names.js';
import { Waiters } from '../scheduler/waiters.js';
import type { WatchedKind } from './watched-kind.js';

/** A store that definitions are read from, and the namespaces that count; absent: all. */
export interface DefinitionSource {
  readonly store: Store;
  readonly namespaces?: readonly string[];
}

interface Watch {
  readonly place: WatchedKind;
  readonly events: Observable<StoreEvent>;
}

/** Takes the changes of definitions, several at a time. */
export type TakeChanges = (changes: readonly DefinitionChange[]) => void;

/**
 * Tells the catalog what stores say of definitions: all that is there at first as one batch, so that nothing is linked
 * against a half-read world, and later what comes at one moment together, as when a file of several is saved.
 */
export class DefinitionFeed {
  readonly #watches: readonly Watch[];
  readonly #take: TakeChanges;
  readonly #waiters = new Waiters(() => this.settled);
  readonly #subscriptions: Subscription[] = [];
  readonly #unsynced: Set<WatchedKind>;
  #pending: DefinitionChange[] = [];
  #flushing = false;

  constructor(sources: readonly DefinitionSource[], take: TakeChanges) {
    this.#watches = sources.flatMap(watchesOf);
    this.#unsynced = new Set(this.#watches.map(({ place }) => place));
    this.#take = take;
  }

  /** Whether all definitions that were there at the start have been told, and all that stores have said since. */
  get settled(): boolean {
    return this.#unsynced.size === 0 && !this.#flushing;
  }

  /** The watches that have not told yet all that was there. */
  get unsynced(): readonly WatchedKind[] {
    return [...this.#unsynced];
  }

  start(): void {
    for (const { place, events } of this.#watches) {
      this.#subscriptions.push(events.subscribe((event) => this.#onEvent(place, event)));
    }
  }

  /** Resolves when {@link settled}, or when the feed has stopped. */
  whenSettled(): Promise<void> {
    return this.#waiters.wait();
  }

  stop(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
    this.#pending = [];
    this.#waiters.release();
  }

  #onEvent(place: WatchedKind, event: StoreEvent): void {
    if (event.type === 'synced') {
      this.#unsynced.delete(place);
      if (this.#unsynced.size === 0) this.#flush();
      return;
    }
    this.#pending.push(changeOf(place.store, event));
    if (this.#unsynced.size > 0 || this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const changes = this.#pending;
    this.#pending = [];
    this.#flushing = false;
    this.#take(changes);
    this.#waiters.check();
  }
}

function watchesOf({ store, namespaces }: DefinitionSource): readonly Watch[] {
  const places = namespaces === undefined ? [{}] : namespaces.map((namespace) => ({ namespace }));
  return DEFINITION_KINDS.flatMap((kind) =>
    places.map((place) => {
      const selector = { apiVersion: KOREO_API_VERSION, kind, ...place };
      return { place: { ...selector, store: store.name }, events: store.watch(selector) };
    }),
  );
}

function changeOf(store: string, event: Exclude<StoreEvent, { type: 'synced' }>): DefinitionChange {
  const { resource } = event;
  if (event.type === 'deleted') return { type: 'remove', resource, store };
  return { type: 'set', resource, from: { store, origin: event.origin } };
}
