import type { Clock } from '../../../kernel/plugin.js';

/** The waits of a {@link BackOff}, in milliseconds. */
export interface BackOffTimes {
  /** The first wait; it doubles with each failure in a row. */
  readonly first: number;
  readonly longest: number;
  /** How long things must have gone well, after a wait was over, for the next failure to count as the first again. */
  readonly good: number;
}

/** How long to wait after a failure: longer with each in a row, and never for two alike, so that many do not come back at once. */
export class BackOff {
  readonly #clock: Clock;
  readonly #times: BackOffTimes;
  #failures = 0;
  #goodAt = 0;

  constructor(clock: Clock, times: BackOffTimes) {
    this.#clock = clock;
    this.#times = times;
  }

  /** How many failures there have been in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Counts a failure and gives the wait for it, in milliseconds. @param atLeast what the server asks for, in milliseconds */
  next(atLeast = 0): number {
    const { first, longest, good } = this.#times;
    const now = this.#clock.monotonic();
    this.#failures = now >= this.#goodAt ? 1 : this.#failures + 1;
    const ceiling = Math.min(first * 2 ** (this.#failures - 1), longest);
    const spread = 1 + this.#clock.random();
    const wait = atLeast > ceiling ? atLeast * spread : (ceiling / 2) * spread;
    this.#goodAt = now + wait + good;
    return wait;
  }
}
