import type { Clock } from '../../../kernel/plugin.js';

/**
 * A moment, and how long ago it was at most: the longer of what the two clocks say. The monotonic one may stand while the
 * machine sleeps, and the wall clock may be set back; both at once would have to happen for too short an answer.
 */
export class Moment {
  readonly #clock: Clock;
  readonly #monotonic: number;
  readonly #wall: number;

  /** Now. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#monotonic = clock.monotonic();
    this.#wall = clock.now();
  }

  /** Milliseconds. */
  get age(): number {
    return Math.max(this.#clock.monotonic() - this.#monotonic, this.#clock.now() - this.#wall);
  }
}
