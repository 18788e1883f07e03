import type { Clock } from '../contracts/clock.js';
import { type GroupVersionKind, gvkKey } from '../model/resource.js';
import { type Faults, NO_FAULTS } from './faults.js';
import type { MemoryStore } from './memory-store.js';
import { seededRandom } from './seeded-random.js';
import { type ConnectionOptions, SimulatedConnection } from './simulated-connection.js';
import { WatchCache, type Weather } from './watch-cache.js';

/** What a {@link SimulatedServer} is made with. */
export interface SimulatedServerOptions {
  /** In whose time calls travel and watches are behind: a {@link VirtualClock}, as a rule the one of the kernels too. */
  readonly clock: Clock;
  /** What chance is drawn from; 1 by default. */
  readonly seed?: number;
  /** What goes wrong at first; nothing by default. */
  readonly faults?: Faults;
}

/**
 * A store as processes meet it over a network, with faults: each {@link connect} gives one process its own way to it. The
 * {@link MemoryStore} behind it holds the truth, and is where a test looks, and where a second actor makes its changes.
 * The same seed and the same calls give the same faults.
 */
export class SimulatedServer {
  readonly store: MemoryStore;
  readonly #weather: Weather;
  readonly #caches = new Map<string, WatchCache>();
  #faults: Faults;

  constructor(store: MemoryStore, { clock, seed = 1, faults = NO_FAULTS }: SimulatedServerOptions) {
    this.store = store;
    this.#faults = faults;
    this.#weather = { clock, random: seededRandom(seed), faults: () => this.#faults };
  }

  /** What goes wrong from now on; calls and events that are on their way already still meet what they were to meet. */
  set faults(faults: Faults) {
    this.#faults = faults;
  }

  /** A way for one process to the store; to be given to its kernel as its store. */
  connect(options: ConnectionOptions = {}): SimulatedConnection {
    return new SimulatedConnection(this.store, this.#weather, (gvk) => this.#cacheOf(gvk), options);
  }

  #cacheOf({ apiVersion, kind }: GroupVersionKind): WatchCache {
    const gvk = { apiVersion, kind };
    const known = this.#caches.get(gvkKey(gvk)) ?? new WatchCache(this.store, gvk, this.#weather);
    this.#caches.set(gvkKey(gvk), known);
    return known;
  }
}
