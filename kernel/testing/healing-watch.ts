import type { Subscription } from 'rxjs';
import type { CancelTimer } from '../contracts/clock.js';
import type { Selector, StoreEvent } from '../contracts/store.js';
import { type Resource, refKey, refOf } from '../model/resource.js';
import { WatchQueue } from '../resources/watch-queue.js';
import type { WatchCache, Weather } from './watch-cache.js';

/** One process's watch of a kind: begins with what the server knows then, is cut off now and then, and heals. */
export class HealingWatch {
  readonly #cache: WatchCache;
  readonly #weather: Weather;
  readonly #queue: WatchQueue;
  readonly #told = new Map<string, Resource>();
  #connection: Subscription | undefined;
  #timer: CancelTimer | undefined;
  #synced = false;

  constructor(selector: Selector, cache: WatchCache, weather: Weather, listener: (event: StoreEvent) => void) {
    this.#cache = cache;
    this.#weather = weather;
    this.#queue = new WatchQueue(selector, listener);
    this.#connectIn(weather.faults().latencyMs);
  }

  /** Nothing more is told. */
  close(): void {
    this.#queue.close();
    this.#timer?.();
    this.#connection?.unsubscribe();
  }

  #connectIn(longestMs: number): void {
    const { clock, random } = this.#weather;
    const ms = Math.floor(random() * (longestMs + 1));
    if (ms === 0) this.#connect();
    else this.#timer = clock.schedule(ms, () => this.#connect());
  }

  #connect(): void {
    this.#relist();
    this.#connection = this.#cache.events.subscribe((event) => {
      this.#tell([event]);
      const { random, faults } = this.#weather;
      const { cut, outageMs } = faults();
      if (random() >= cut) return;
      this.#connection?.unsubscribe();
      this.#connectIn(outageMs);
    });
  }

  #relist(): void {
    const now = new Map(this.#cache.resources.map((resource) => [refKey(refOf(resource)), resource]));
    const gone = [...this.#told].filter(([key]) => !now.has(key));
    const events = [...now].flatMap(([key, resource]): StoreEvent[] => {
      const before = this.#told.get(key);
      if (before?.metadata.resourceVersion === resource.metadata.resourceVersion) return [];
      return [{ type: before === undefined ? 'added' : 'modified', resource }];
    });
    this.#tell([...gone.map(([, resource]): StoreEvent => ({ type: 'deleted', resource })), ...events]);
    if (!this.#synced) this.#queue.push([{ type: 'synced' }]);
    this.#synced = true;
  }

  #tell(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.type === 'synced') continue;
      const key = refKey(refOf(event.resource));
      if (event.type === 'deleted') this.#told.delete(key);
      else this.#told.set(key, event.resource);
    }
    this.#queue.push(events);
  }
}
