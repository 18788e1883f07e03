import { Subscription } from 'rxjs';
import type { Store, StoreEvent } from '../contracts/store.js';
import type { GroupVersionKind } from '../model/resource.js';
import type { TriggerRouting } from '../resources/store-router.js';
import { Waiters } from '../scheduler/waiters.js';
import type { WatchedKind } from './watched-kind.js';

/** A change of a resource that may be a trigger. `initial`: it was there before the watch began. */
export interface TriggerEvent {
  readonly store: Store;
  readonly event: Exclude<StoreEvent, { type: 'synced' }>;
  readonly initial: boolean;
}

interface Watch extends GroupVersionKind {
  /** Absent when no store holds the kind. */
  store?: string;
  readonly subscription: Subscription;
  synced: boolean;
}

/** Watches the kinds that Workflows name, each in the store where routing puts it, and no other. */
export class TriggerWatches {
  readonly #routing: TriggerRouting;
  readonly #onEvent: (event: TriggerEvent) => void;
  readonly #watches = new Map<string, Watch>();
  readonly #waiters = new Waiters(() => this.synced);

  constructor(routing: TriggerRouting, onEvent: (event: TriggerEvent) => void) {
    this.#routing = routing;
    this.#onEvent = onEvent;
  }

  /** Whether all that was there when each watch began has been told. */
  get synced(): boolean {
    return [...this.#watches.values()].every((watch) => watch.synced);
  }

  /** The watches that have not told yet all that was there. */
  get unsynced(): readonly WatchedKind[] {
    return [...this.#watches.values()].flatMap(({ apiVersion, kind, store, synced }) =>
      synced || store === undefined ? [] : [{ apiVersion, kind, store }],
    );
  }

  /** Resolves when all watches are synced, or have ended. */
  whenSynced(): Promise<void> {
    return this.#waiters.wait();
  }

  /**
   * Begins to watch the kinds that are new, and ends the watches of those that are not among them. Gives what ended, and
   * an error for each kind that no store holds.
   */
  follow(kinds: ReadonlyMap<string, GroupVersionKind>): {
    readonly ended: readonly GroupVersionKind[];
    readonly errors: readonly unknown[];
  } {
    const ended = [...this.#watches].filter(([key]) => !kinds.has(key));
    for (const [key, watch] of ended) {
      this.#watches.delete(key);
      watch.subscription.unsubscribe();
    }
    const added = [...kinds].filter(([key]) => !this.#watches.has(key));
    const errors = added.flatMap(([key, gvk]) => this.#begin(key, gvk));
    this.#waiters.check();
    return { ended: ended.map(([, { apiVersion, kind }]) => ({ apiVersion, kind })), errors };
  }

  /** Ends every watch. */
  stop(): void {
    this.follow(new Map());
  }

  /** A kind that no store holds counts as watched, so that its error is told once. */
  #begin(key: string, gvk: GroupVersionKind): readonly unknown[] {
    const watch: Watch = { ...gvk, subscription: new Subscription(), synced: false };
    this.#watches.set(key, watch);
    try {
      this.#subscribe(watch, this.#routing.storeOfTriggers(gvk));
      return [];
    } catch (error) {
      watch.synced = true;
      return [error];
    }
  }

  #subscribe(watch: Watch, store: Store): void {
    const { apiVersion, kind } = watch;
    watch.store = store.name;
    watch.subscription.add(
      store.watch({ apiVersion, kind }).subscribe((event) => {
        if (event.type === 'synced') {
          watch.synced = true;
          this.#waiters.check();
        } else {
          this.#onEvent({ store, event, initial: !watch.synced });
        }
      }),
    );
  }
}
