import { BehaviorSubject, Observable, Subject } from 'rxjs';
import {
  asResource,
  type Clock,
  type GroupVersionKind,
  getAt,
  isList,
  isObject,
  type KindInfo,
  type Selector,
  type StoreActivity,
  type StoreEvent,
  type StoreHealth,
} from '../../../kernel/plugin.js';
import type { ApiClient } from '../api/api-client.js';
import type { WatchOptions } from '../options.js';
import { withoutManagedFields } from '../resources/received.js';
import { collectionPath } from '../resources/resource-path.js';

/** What a {@link WatchHub} is made of. */
export interface WatchHubParts {
  readonly client: ApiClient;
  /** From discovery; undefined while the server does not have the kind. `refresh` asks it anew. */
  readonly resolve: (
    gvk: GroupVersionKind,
    options: { readonly signal?: AbortSignal; readonly refresh?: boolean },
  ) => Promise<KindInfo | undefined>;
  readonly clock: Clock;
  /** `namespaces`: what a selector that names none is restricted to. */
  readonly options: WatchOptions & { readonly namespaces?: readonly string[] };
}

/** The watches of one store. This is the least that the store needs; the real one is made beside it. */
export class WatchHub {
  readonly health: Observable<StoreHealth> = new BehaviorSubject<StoreHealth>({ state: 'healthy', problems: [] });
  readonly activity: Observable<StoreActivity> = new Subject<StoreActivity>();
  readonly #parts: WatchHubParts;
  readonly #closed = new AbortController();

  constructor(parts: WatchHubParts) {
    this.#parts = parts;
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      const ending = new AbortController();
      const tell = (event: StoreEvent): void => {
        if (!ending.signal.aborted && !this.#closed.signal.aborted) subscriber.next(event);
      };
      void this.#follow(selector, AbortSignal.any([ending.signal, this.#closed.signal]), tell).catch(() => undefined);
      return () => ending.abort();
    });
  }

  close(): void {
    this.#closed.abort();
  }

  async #follow(selector: Selector, signal: AbortSignal, tell: (event: StoreEvent) => void): Promise<void> {
    const { client, resolve } = this.#parts;
    const info = await resolve(selector, { signal });
    if (info === undefined) return tell({ type: 'synced' });
    const request = { method: 'GET', path: collectionPath(info, selector.namespace), kind: selector, signal } as const;
    const list = await client.send({ ...request, verb: 'list' });
    const { apiVersion, kind } = info;
    for (const item of isList(list.items) ? list.items.filter(isObject) : []) {
      tell({ type: 'added', resource: withoutManagedFields(asResource({ ...item, apiVersion, kind })) });
    }
    tell({ type: 'synced' });
    const query = { watch: 'true', resourceVersion: String(getAt(list, ['metadata', 'resourceVersion'])) };
    client.stream({ ...request, query, verb: 'watch' }).subscribe({
      next: ({ type, object }) => {
        if (!isObject(object)) return;
        const resource = withoutManagedFields(asResource(object));
        if (type === 'ADDED') tell({ type: 'added', resource });
        if (type === 'MODIFIED') tell({ type: 'modified', resource });
        if (type === 'DELETED') tell({ type: 'deleted', resource });
      },
      error: () => undefined,
    });
  }
}
