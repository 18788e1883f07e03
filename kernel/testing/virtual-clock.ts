import { setImmediate } from 'node:timers/promises';
import type { CancelTimer, Clock } from '../contracts/clock.js';
import { seededRandom } from './seeded-random.js';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** How a {@link VirtualClock} begins. */
export interface VirtualClockOptions {
  /** Milliseconds since the epoch; the beginning of 2026 in UTC by default. */
  readonly startAt?: number;
  /** What `random()` is drawn from: the same seed gives the same numbers. */
  readonly seed?: number;
}

/** A clock that stands still until it is told to move, so that hours of a kernel's life pass in no time, the same way each time. */
export class VirtualClock implements Clock {
  readonly random: () => number;
  #monotonic = 0;
  /** What the wall clock shows when the other one shows 0. */
  #origin: number;
  /** The last is the next to run; of those due at one time, the one that was scheduled first. */
  readonly #timers: Timer[] = [];

  constructor(options: VirtualClockOptions = {}) {
    this.#origin = options.startAt ?? Date.UTC(2026, 0, 1);
    this.random = seededRandom(options.seed ?? 1);
  }

  now(): number {
    return this.#origin + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Sets the wall clock forward by `ms`, or back, as an administrator would; no time passes, and no timer notices. */
  setWallClock({ by }: { readonly by: number }): void {
    this.#origin += by;
  }

  schedule(ms: number, callback: () => void): CancelTimer {
    const timer: Timer = { due: this.#monotonic + Math.max(0, ms), callback };
    this.#timers.splice(this.#indexFor(timer.due), 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Milliseconds until the next timer is due; undefined when none waits. */
  get nextTimerIn(): number | undefined {
    const next = this.#timers.at(-1);
    return next === undefined ? undefined : next.due - this.#monotonic;
  }

  /**
   * Moves time on by `ms` and runs what falls due on the way, in order of time, also what is scheduled on the way.
   * Promises settle before each timer and at the end; work that waits for real I/O does not count as settling.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      await this.settle();
      const timer = this.#timers.at(-1);
      if (timer === undefined || timer.due > end) break;
      this.#timers.pop();
      this.#monotonic = timer.due;
      timer.callback();
    }
    this.#monotonic = end;
  }

  /** Lets every promise settle that waits for nothing but promises; time stands still. */
  async settle(): Promise<void> {
    await setImmediate();
  }

  #indexFor(due: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.due ?? 0) > due) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
