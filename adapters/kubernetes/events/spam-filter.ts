import type { Clock } from '../../../kernel/plugin.js';
import { RecentMap } from './recent-map.js';

/** As in client-go: so many events at once about one object, and then one more each five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;
/** For so many objects it is remembered how much they have had. */
const OBJECTS = 4096;

interface Allowance {
  tokens: number;
  seen: number;
}

/** Bounds the events about each object, so that one that never comes to rest does not fill the API server. */
export class SpamFilter {
  readonly #clock: Clock;
  readonly #allowances = new RecentMap<Allowance>(OBJECTS);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether one more may be told of the object; if so, it counts. */
  admits(object: string): boolean {
    const now = this.#clock.monotonic();
    const allowance = this.#allowances.get(object, () => ({ tokens: BURST, seen: now }));
    allowance.tokens = Math.min(BURST, allowance.tokens + (now - allowance.seen) / REFILL_MS);
    allowance.seen = now;
    if (allowance.tokens < 1) return false;
    allowance.tokens -= 1;
    return true;
  }
}
