import { randomUUID } from 'node:crypto';
import { selectorMatches, WatchQueue } from 'koreo-kernel';
import {
  AlreadyExistsError,
  asJson,
  type CallOptions,
  type CancelTimer,
  type Clock,
  type CreateOptions,
  type DeleteOptions,
  errorMessage,
  formatRef,
  type GroupVersionKind,
  guessPlural,
  gvkKey,
  type JsonObject,
  type KindInfo,
  NotFoundError,
  type Resource,
  type ResourceList,
  type ResourceRef,
  refKey,
  refOf,
  type Selector,
  type StatusPatch,
  type Store,
  type StoreEvent,
  type StoreHealth,
  UnavailableError,
  type WriteOptions,
} from 'koreo-kernel/plugin';
import { BehaviorSubject, Observable } from 'rxjs';
import type { Entry, Journal } from './journal.js';
import { checkGuards, checkShape, frozen, merged } from './resource-rules.js';

/** How long a watch waits before it tries again to read a journal that cannot be read. */
const RETRY_MS = 5000;

/** What a {@link JournalStore} is made with. */
export interface JournalStoreParts {
  readonly name: string;
  readonly journal: Journal;
  readonly clock: Clock;
}

/** Resources of any kind. What they are now is in memory; how they came to be so is in the journal. */
export class JournalStore implements Store {
  readonly name: string;
  readonly health = new BehaviorSubject<StoreHealth>({ state: 'healthy', problems: [] });
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #resources = new Map<string, Resource>();
  readonly #watches = new Set<WatchQueue>();
  #entries = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ name, journal, clock }: JournalStoreParts) {
    this.name = name;
    this.#journal = journal;
    this.#clock = clock;
  }

  async kinds({ signal }: CallOptions = {}): Promise<readonly KindInfo[]> {
    return this.#inTurn(signal, async () => {
      const kinds = [...this.#resources.values()].map((resource) => [gvkKey(resource), kindOf(resource)] as const);
      return [...new Map(kinds).values()];
    });
  }

  /** Any kind can be kept, and all have namespaces. */
  async kind(gvk: GroupVersionKind, { signal }: CallOptions = {}): Promise<KindInfo> {
    signal?.throwIfAborted();
    return kindOf(gvk);
  }

  async get(ref: ResourceRef, { signal }: CallOptions = {}): Promise<Resource | undefined> {
    return this.#inTurn(signal, async () => this.#resources.get(refKey(ref)));
  }

  async list(selector: Selector, { signal }: CallOptions = {}): Promise<ResourceList> {
    return this.#inTurn(signal, async () => ({ items: this.#select(selector), revision: String(this.#entries) }));
  }

  async create(resource: Resource, { signal }: CreateOptions = {}): Promise<Resource> {
    checkShape(resource);
    // Copied before anything is awaited: what the caller does to it afterwards is not ours.
    const { metadata, ...body } = frozen(resource);
    return this.#inTurn(signal, async () => {
      const ref = refOf({ ...body, metadata } as Resource);
      if (this.#resources.has(refKey(ref))) throw new AlreadyExistsError(`${formatRef(ref)} exists already`);
      const own = { uid: randomUUID(), creationTimestamp: this.#now() };
      return this.#put({ ...body, metadata: { ...metadata, ...own } } as Resource);
    });
  }

  async apply(target: Resource, options: WriteOptions = {}): Promise<Resource> {
    checkShape(target);
    return this.patch(refOf(target), asJson(target), options);
  }

  async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions = {}): Promise<Resource> {
    const change = frozen(patch);
    return this.#inTurn(options.signal, async () => {
      const current = this.#resources.get(refKey(ref));
      if (current === undefined) throw new NotFoundError(`${formatRef(ref)} does not exist`);
      checkGuards(current, options);
      const next = merged(current, ref, change);
      return next === current ? current : this.#put(next);
    });
  }

  /** Status and annotations are kept with the rest. Finalizers are not set: nothing holds a deletion here. */
  async patchStatus(ref: ResourceRef, patch: StatusPatch, options: WriteOptions = {}): Promise<Resource> {
    const { status, annotations } = patch;
    const body: JsonObject = {
      ...(status === undefined ? {} : { status }),
      ...(annotations === undefined ? {} : { metadata: { annotations } }),
    };
    return this.patch(ref, body, options);
  }

  async delete(ref: ResourceRef, options: DeleteOptions = {}): Promise<void> {
    await this.#inTurn(options.signal, async () => {
      const current = this.#resources.get(refKey(ref));
      if (current === undefined) return;
      checkGuards(current, options);
      await this.#write({ type: 'delete', at: this.#now(), ref: refOf(current) });
    });
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      const queue = new WatchQueue(selector, (event) => subscriber.next(event));
      let cancel: CancelTimer | undefined;
      const begin = (): void => {
        this.#begin(queue).catch(() => {
          if (!subscriber.closed && !this.#closed) cancel = this.#clock.schedule(RETRY_MS, begin);
        });
      };
      begin();
      return () => {
        cancel?.();
        queue.close();
        this.#watches.delete(queue);
      };
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const queue of this.#watches) queue.close();
    this.#watches.clear();
    await this.#turn;
    await this.#journal.close();
  }

  async #begin(queue: WatchQueue): Promise<void> {
    await this.#inTurn(undefined, async () => {
      this.#watches.add(queue);
      const present = this.#select(queue.selector).map((resource): StoreEvent => ({ type: 'added', resource }));
      queue.push([...present, { type: 'synced' }]);
    });
  }

  /** One call after the other, each with all that has been written before it. */
  async #inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const turn = this.#turn.then(async () => {
      signal?.throwIfAborted();
      if (this.#closed) throw new UnavailableError(`the store '${this.name}' is closed`);
      await this.#catchUp();
      signal?.throwIfAborted();
      return work();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #catchUp(): Promise<void> {
    try {
      for (const entry of await this.#journal.read()) this.#take(entry);
      if (this.health.value.state !== 'healthy') this.health.next({ state: 'healthy', problems: [] });
    } catch (error) {
      this.health.next({ state: 'degraded', message: errorMessage(error), problems: [] });
      throw error;
    }
  }

  async #put(resource: Resource): Promise<Resource> {
    const metadata = { ...resource.metadata, resourceVersion: String(this.#entries + 1) };
    const stored = frozen({ ...resource, metadata });
    await this.#write({ type: 'put', at: this.#now(), resource: stored });
    return stored;
  }

  async #write(entry: Entry): Promise<void> {
    await this.#journal.append(entry);
    this.#take(entry);
  }

  #take(entry: Entry): void {
    this.#entries += 1;
    const key = refKey(entry.type === 'put' ? refOf(entry.resource) : entry.ref);
    const before = this.#resources.get(key);
    if (entry.type === 'put') {
      this.#resources.set(key, frozen(entry.resource));
      this.#tell({ type: before === undefined ? 'added' : 'modified', resource: entry.resource });
    } else if (before !== undefined) {
      this.#resources.delete(key);
      this.#tell({ type: 'deleted', resource: before });
    }
  }

  #tell(event: StoreEvent): void {
    for (const queue of [...this.#watches]) queue.push([event]);
  }

  #select(selector: Selector): readonly Resource[] {
    return [...this.#resources.values()].filter((resource) => selectorMatches(selector, resource));
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function kindOf({ apiVersion, kind }: GroupVersionKind): KindInfo {
  return { apiVersion, kind, plural: guessPlural(kind), namespaced: true };
}
