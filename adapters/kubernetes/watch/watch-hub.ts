import { Observable, Subject } from 'rxjs';
import {
  type Clock,
  gvkKey,
  type Selector,
  type StoreActivity,
  type StoreEvent,
  type StoreHealth,
} from '../../../kernel/plugin.js';
import type { ApiClient } from '../api/api-client.js';
import type { WatchOptions } from '../options.js';
import { KindWatch, type ResolveKind } from './kind-watch.js';
import { WatchHealth } from './watch-health.js';

/** What a {@link WatchHub} is made of. */
export interface WatchHubParts {
  readonly client: ApiClient;
  readonly resolve: ResolveKind;
  readonly clock: Clock;
  /** `namespaces`: what a selector that names none is restricted to. */
  readonly options: WatchOptions & { readonly namespaces?: readonly string[] };
}

interface Shared {
  readonly watch: KindWatch;
  subscribers: number;
}

/** The watches of one store: one for each selector, shared by all who ask for it, for as long as somebody does. */
export class WatchHub {
  readonly #parts: WatchHubParts;
  readonly #watches = new Map<string, Shared>();
  readonly #health: WatchHealth;
  readonly #activity = new Subject<StoreActivity>();
  #closed = false;

  constructor(parts: WatchHubParts) {
    this.#parts = parts;
    this.#health = new WatchHealth(parts.clock);
  }

  /** Whether all kinds that there are have been told and are followed live: now, and every change. */
  get health(): Observable<StoreHealth> {
    return this.#health.changes;
  }

  /** Tells of each watch that is begun anew. */
  get activity(): Observable<StoreActivity> {
    return this.#activity.asObservable();
  }

  /** As {@link Store.watch} promises. */
  watch(selector: Selector): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      if (this.#closed) return undefined;
      const key = `${gvkKey(selector)}|${selector.namespace ?? ''}`;
      const shared = this.#shared(key, selector);
      shared.subscribers += 1;
      const subscription = shared.watch.events.subscribe(subscriber);
      if (shared.subscribers === 1) shared.watch.start();
      return () => {
        subscription.unsubscribe();
        shared.subscribers -= 1;
        if (shared.subscribers === 0) this.#end(key, shared);
      };
    });
  }

  /** Ends all watches; nobody is told anything any more. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const { watch } of this.#watches.values()) watch.stop();
    this.#watches.clear();
    this.#health.close();
  }

  #shared(key: string, selector: Selector): Shared {
    const present = this.#watches.get(key);
    if (present !== undefined) return present;
    const { client, clock, options, resolve } = this.#parts;
    const { namespaces, ...times } = options;
    const { apiVersion, kind } = selector;
    const watch = new KindWatch({
      selector,
      client,
      clock,
      resolve,
      times,
      ...(namespaces !== undefined && { namespaces }),
      onState: (state) => {
        if (this.#watches.get(key)?.watch === watch) this.#health.set(key, selector, state);
      },
      onRestart: (why) => this.#activity.next({ type: 'watch-restart', kind: { apiVersion, kind }, why }),
    });
    const shared = { watch, subscribers: 0 };
    this.#watches.set(key, shared);
    return shared;
  }

  #end(key: string, { watch }: Shared): void {
    watch.stop();
    if (this.#watches.get(key)?.watch !== watch) return;
    this.#watches.delete(key);
    this.#health.delete(key);
  }
}
