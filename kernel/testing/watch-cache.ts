import { Observable } from 'rxjs';
import type { Clock } from '../contracts/clock.js';
import type { Store, StoreEvent } from '../contracts/store.js';
import { type GroupVersionKind, type Resource, refKey, refOf } from '../model/resource.js';
import type { Faults } from './faults.js';

type ResourceEvent = Exclude<StoreEvent, { type: 'synced' }>;

interface Pending {
  readonly key: string;
  readonly due: number;
  readonly event: ResourceEvent;
}

/** What chance and time a simulated part works with. `faults` may be exchanged while it works. */
export interface Weather {
  readonly clock: Clock;
  readonly random: () => number;
  readonly faults: () => Faults;
}

/**
 * What one server knows of one kind, some time behind the store itself: as the watch cache of an API server, from which
 * every watch begins and goes on. It never goes back in time; changes of one resource may become one.
 */
export class WatchCache {
  readonly #weather: Weather;
  readonly #known = new Map<string, Resource>();
  readonly #pending: Pending[] = [];
  readonly #listeners = new Set<(event: ResourceEvent) => void>();
  #primed = false;

  constructor(store: Store, gvk: GroupVersionKind, weather: Weather) {
    this.#weather = weather;
    store.watch(gvk).subscribe((event) => {
      if (event.type === 'synced') this.#primed = true;
      else this.#take(event);
    });
  }

  /** What is known now. */
  get resources(): readonly Resource[] {
    return [...this.#known.values()];
  }

  /** What becomes known from now on. */
  readonly events = new Observable<ResourceEvent>((subscriber) => {
    const listener = (event: ResourceEvent): void => subscriber.next(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  });

  #take(event: ResourceEvent): void {
    const { clock, random, faults } = this.#weather;
    const { lagMs, coalesced } = faults();
    const key = refKey(refOf(event.resource));
    const lag = this.#primed ? Math.floor(random() * (lagMs + 1)) : 0;
    const last = this.#pending.at(-1);
    if (lag === 0 && last === undefined) {
      this.#apply(key, event);
      return;
    }
    const older = this.#pending.findIndex((one) => one.key === key);
    if (older >= 0 && random() < coalesced) this.#pending.splice(older, 1);
    const due = Math.max(last?.due ?? 0, clock.monotonic() + lag);
    this.#pending.push({ key, due, event });
    clock.schedule(due - clock.monotonic(), () => this.#applyDue());
  }

  #applyDue(): void {
    const now = this.#weather.clock.monotonic();
    while ((this.#pending[0]?.due ?? Number.POSITIVE_INFINITY) <= now) {
      const next = this.#pending.shift();
      if (next !== undefined) this.#apply(next.key, next.event);
    }
  }

  #apply(key: string, { type, resource }: ResourceEvent): void {
    const isKnown = this.#known.has(key);
    if (type === 'deleted') {
      if (!isKnown) return;
      this.#known.delete(key);
      this.#tell({ type, resource });
      return;
    }
    this.#known.set(key, resource);
    this.#tell({ type: isKnown ? 'modified' : 'added', resource });
  }

  #tell(event: ResourceEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
