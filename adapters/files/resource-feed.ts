import { Observable } from 'rxjs';
import {
  type Origin,
  type Resource,
  type ResourceRef,
  refKey,
  refOf,
  type Selector,
  type StoreEvent,
  selectorMatches,
  WatchQueue,
} from '../../kernel/index.js';

/** A resource and where it stands. */
export interface FeedEntry {
  readonly resource: Resource;
  readonly origin?: Origin;
}

/** What a watch asks of its store. */
export interface FeedSource {
  /** Resolves when the feed holds what is there; waits, if need be, until that can be told. */
  ready(): Promise<void>;
  /** Gives resources their origins; those that are no more are left out. Called in portions, at the beginning of a watch. */
  withOrigins(resources: readonly Resource[]): Promise<readonly FeedEntry[]>;
}

/** How many resources a watch begins with at a time, so that origins need not be in memory all at once. */
const PORTION = 100;

/**
 * What a store's watchers were told last. A store puts what it finds; what has the revision that was told is no news, so that
 * own writes and the noticing of them, or two looks at one change, are one event.
 */
export class ResourceFeed {
  readonly #resources = new Map<string, Resource>();
  readonly #watches = new Set<FeedWatch>();

  /** What was told last of a resource. */
  get(ref: ResourceRef): Resource | undefined {
    return this.#resources.get(refKey(ref));
  }

  /** All that was told last, in no order. */
  resources(): Iterable<Resource> {
    return this.#resources.values();
  }

  /** Tells of a resource that is new, or whose revision is another than was told. */
  put(entry: FeedEntry): void {
    const { resource } = entry;
    const key = refKey(refOf(resource));
    if (this.#resources.get(key)?.metadata.resourceVersion === resource.metadata.resourceVersion) return;
    this.#resources.set(key, resource);
    for (const watch of [...this.#watches]) watch.put(key, entry);
  }

  /** Tells that a resource is no more, if it was told of. */
  remove(ref: ResourceRef): void {
    const key = refKey(ref);
    if (!this.#resources.delete(key)) return;
    for (const watch of [...this.#watches]) watch.remove(key);
  }

  /** As {@link Store.watch} promises; `ready` and `withOrigins` must not reject. */
  watch(selector: Selector, source: FeedSource): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      const watch = new FeedWatch(selector, (event) => subscriber.next(event));
      this.#watches.add(watch);
      void this.#begin(watch, source);
      return () => {
        watch.close();
        this.#watches.delete(watch);
      };
    });
  }

  /** Tells nobody anything any more. */
  close(): void {
    for (const watch of this.#watches) watch.close();
    this.#watches.clear();
  }

  async #begin(watch: FeedWatch, source: FeedSource): Promise<void> {
    await source.ready();
    const present = [...this.#resources.values()].filter((resource) => selectorMatches(watch.selector, resource));
    for (let start = 0; start < present.length && !watch.closed; start += PORTION) {
      const entries = await source.withOrigins(present.slice(start, start + PORTION));
      for (const { resource, origin } of entries) {
        const key = refKey(refOf(resource));
        const now = this.#resources.get(key);
        // What has changed since is told as it is now; its own notice waits, and is no news then.
        if (now === resource) watch.tell(key, { resource, ...(origin && { origin }) });
      }
    }
    watch.sync();
  }
}

/** One watch: what it was told, and what waits until it is synced. */
class FeedWatch {
  readonly #queue: WatchQueue;
  readonly #told = new Map<string, Resource>();
  #waiting: Map<string, FeedEntry | undefined> | undefined = new Map();
  closed = false;

  constructor(
    readonly selector: Selector,
    listener: (event: StoreEvent) => void,
  ) {
    this.#queue = new WatchQueue(selector, listener);
  }

  put(key: string, entry: FeedEntry): void {
    if (!selectorMatches(this.selector, entry.resource)) return;
    if (this.#waiting === undefined) this.tell(key, entry);
    else this.#waiting.set(key, entry);
  }

  remove(key: string): void {
    if (this.#waiting === undefined) this.#forget(key);
    else this.#waiting.set(key, undefined);
  }

  tell(key: string, { resource, origin }: FeedEntry): void {
    const before = this.#told.get(key);
    if (before?.metadata.resourceVersion === resource.metadata.resourceVersion) return;
    this.#told.set(key, resource);
    const type = before === undefined ? 'added' : 'modified';
    this.#queue.push([{ type, resource, ...(origin && { origin }) }]);
  }

  /** Ends the beginning: what is new since it began is part of it, and what changed since then is told behind it. */
  sync(): void {
    const waiting = this.#waiting ?? new Map<string, FeedEntry | undefined>();
    this.#waiting = undefined;
    const fresh = [...waiting].filter(([key]) => !this.#told.has(key));
    for (const [key, entry] of fresh) if (entry !== undefined) this.tell(key, entry);
    this.#queue.push([{ type: 'synced' }]);
    for (const [key, entry] of waiting) {
      if (entry === undefined) this.#forget(key);
      else this.tell(key, entry);
    }
  }

  close(): void {
    this.closed = true;
    this.#queue.close();
  }

  #forget(key: string): void {
    const resource = this.#told.get(key);
    if (resource === undefined) return;
    this.#told.delete(key);
    this.#queue.push([{ type: 'deleted', resource }]);
  }
}
