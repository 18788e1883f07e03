import { Observable } from 'rxjs';
import type {
  CallOptions,
  CreateOptions,
  DeleteOptions,
  KindInfo,
  ListOptions,
  ResourceList,
  Selector,
  StatusPatch,
  Store,
  StoreEvent,
  StoreHealth,
  WriteOptions,
} from '../contracts/store.js';
import { UnavailableError } from '../contracts/store-errors.js';
import type { JsonObject, MaybePromise } from '../model/json.js';
import { asJson, type GroupVersionKind, type Resource, type ResourceRef, refOf } from '../model/resource.js';
import { CALL_TIMEOUT_MS, drawFate, type Fate } from './faults.js';
import { HealingWatch } from './healing-watch.js';
import type { MemoryStore } from './memory-store.js';
import type { StoreCall } from './memory-store-options.js';
import type { WatchCache, Weather } from './watch-cache.js';

/** When a process is to crash by itself: right before, or right after, its n-th write (from 1) takes effect. */
export interface CrashPoint {
  readonly write: number;
  readonly moment: 'before' | 'after';
}

/** What a connection is made with. */
export interface ConnectionOptions {
  /** Absent: it crashes when {@link SimulatedConnection.crash} is called. */
  readonly crashAt?: CrashPoint;
  /** Told when the process has crashed, by whatever reason. */
  readonly onCrash?: () => void;
  /** Told of each call as it leaves the process, whatever becomes of it. */
  readonly onCall?: (call: StoreCall) => void;
}

/** A call that may have been made, and its effect on the store. */
interface Request<T> {
  readonly call: StoreCall;
  readonly work: () => Promise<T>;
}

/** One process's way to a {@link SimulatedServer}: a store whose calls may fail before or after they take effect. */
export class SimulatedConnection implements Store {
  readonly name: string;
  readonly holdsDeletion: boolean;
  readonly health: Observable<StoreHealth>;
  readonly #store: MemoryStore;
  readonly #weather: Weather;
  readonly #cacheOf: (gvk: GroupVersionKind) => WatchCache;
  readonly #options: ConnectionOptions;
  readonly #watches = new Set<HealingWatch>();
  #crashed = false;
  #reads = 0;
  #writes = 0;

  constructor(
    store: MemoryStore,
    weather: Weather,
    cacheOf: (gvk: GroupVersionKind) => WatchCache,
    options: ConnectionOptions,
  ) {
    this.#store = store;
    this.name = store.name;
    this.holdsDeletion = store.holdsDeletion;
    this.health = store.health;
    this.#weather = weather;
    this.#cacheOf = cacheOf;
    this.#options = options;
  }

  /** How many calls have left the process that read. */
  get reads(): number {
    return this.#reads;
  }

  /** How many calls have left the process that write. */
  get writes(): number {
    return this.#writes;
  }

  /** The process is no more: nothing is told to it, nothing of what it asks is done, and what is under way may be or not. */
  crash(): void {
    if (this.#crashed) return;
    this.#crashed = true;
    this.#closeWatches();
    this.#options.onCrash?.();
  }

  async kinds(options?: CallOptions): Promise<readonly KindInfo[]> {
    return this.#crashed ? never() : this.#store.kinds(options);
  }

  kind(gvk: GroupVersionKind, options?: CallOptions): MaybePromise<KindInfo | undefined> {
    return this.#crashed ? never() : this.#store.kind(gvk, options);
  }

  get(ref: ResourceRef, options: CallOptions = {}): Promise<Resource | undefined> {
    return this.#read({ call: { verb: 'get', ref, options }, work: () => this.#store.get(ref) });
  }

  list(selector: Selector, options: ListOptions = {}): Promise<ResourceList> {
    return this.#read({ call: { verb: 'list', ref: selector, options }, work: () => this.#store.list(selector) });
  }

  create(resource: Resource, options: CreateOptions = {}): Promise<Resource> {
    const call: StoreCall = { verb: 'create', ref: refOf(resource), body: asJson(resource), options };
    return this.#write({ call, work: () => this.#store.create(resource, unsignalled(options)) });
  }

  apply(target: Resource, options: WriteOptions = {}): Promise<Resource> {
    const call: StoreCall = { verb: 'apply', ref: refOf(target), body: asJson(target), options };
    return this.#write({ call, work: () => this.#store.apply(target, unsignalled(options)) });
  }

  patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions = {}): Promise<Resource> {
    const call: StoreCall = { verb: 'patch', ref, body: patch, options };
    return this.#write({ call, work: () => this.#store.patch(ref, patch, unsignalled(options)) });
  }

  patchStatus(ref: ResourceRef, patch: StatusPatch, options: WriteOptions = {}): Promise<Resource> {
    const call: StoreCall = { verb: 'patchStatus', ref, body: { ...patch } as JsonObject, options };
    return this.#write({ call, work: () => this.#store.patchStatus(ref, patch, unsignalled(options)) });
  }

  delete(ref: ResourceRef, options: DeleteOptions = {}): Promise<void> {
    const call: StoreCall = { verb: 'delete', ref, options };
    return this.#write({ call, work: () => this.#store.delete(ref, unsignalled(options)) });
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      if (this.#crashed) return undefined;
      const cache = this.#cacheOf(selector);
      const watch = new HealingWatch(selector, cache, this.#weather, (event) => subscriber.next(event));
      this.#watches.add(watch);
      return () => {
        watch.close();
        this.#watches.delete(watch);
      };
    });
  }

  async close(): Promise<void> {
    this.#closeWatches();
  }

  #closeWatches(): void {
    for (const watch of this.#watches) watch.close();
    this.#watches.clear();
  }

  async #read<T>(request: Request<T>): Promise<T> {
    request.call.options.signal?.throwIfAborted();
    if (this.#crashed) return never();
    this.#reads += 1;
    return this.#send(request, drawFate(this.#weather.faults(), this.#weather.random, false));
  }

  async #write<T>({ call, work }: Request<T>): Promise<T> {
    call.options.signal?.throwIfAborted();
    if (this.#crashed) return never();
    this.#writes += 1;
    const { crashAt } = this.#options;
    const crashes = crashAt?.write === this.#writes ? crashAt.moment : undefined;
    const fate = drawFate(this.#weather.faults(), this.#weather.random, true);
    const crashing = async (): Promise<T> => {
      if (crashes === 'before') {
        this.crash();
        return never();
      }
      try {
        return await work();
      } finally {
        if (crashes === 'after') this.crash();
      }
    };
    return this.#send({ call, work: crashes === undefined ? work : crashing }, fate);
  }

  /** The caller may turn away, or die; what it sent is on its way all the same. */
  #send<T>({ call, work }: Request<T>, fate: Fate): Promise<T> {
    this.#options.onCall?.(call);
    const { signal } = call.options;
    const isLostInCrash = this.#weather.random() < 0.5;
    return new Promise<T>((resolve, reject) => {
      const turnAway = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', turnAway, { once: true });
      const answer = (ms: number, give: () => void): void => {
        this.#after(ms, () => {
          signal?.removeEventListener('abort', turnAway);
          if (!this.#crashed) give();
        });
      };
      const fail = (ms: number, error: unknown): void => answer(ms, () => reject(error));
      this.#after(this.#latency(), () => {
        if (this.#crashed && isLostInCrash) return;
        const back = this.#latency();
        switch (fate.type) {
          case 'refused':
            fail(back, fate.error);
            return;
          case 'hanging':
            if (fate.takesEffect) work().catch(() => undefined);
            fail(CALL_TIMEOUT_MS, new UnavailableError('simulated: no answer in time'));
            return;
          case 'unanswered':
            work()
              .catch(() => undefined)
              .then(() => fail(back, new UnavailableError('simulated: the connection was cut')));
            return;
          case 'answered':
            work().then(
              (result) => answer(back, () => resolve(result)),
              (error: unknown) => fail(back, error),
            );
        }
      });
    });
  }

  #latency(): number {
    return Math.floor(this.#weather.random() * (this.#weather.faults().latencyMs + 1));
  }

  #after(ms: number, callback: () => void): void {
    if (ms === 0) callback();
    else this.#weather.clock.schedule(ms, callback);
  }
}

/** What reaches the store is done, whether or not the caller still waits for it. */
function unsignalled<T extends CallOptions>({ signal: _signal, ...options }: T): Omit<T, 'signal'> {
  return options;
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
