import type { CancelTimer, Clock } from 'koreo-kernel';
import type { VirtualClock } from 'koreo-kernel/testing';

/** How the clocks of a machine differ from true time. */
export interface ClockError {
  /** Milliseconds by which its wall clock is off. */
  readonly skew?: number;
  /** True milliseconds that pass in one of its own. */
  readonly rate?: number;
}

/** The clock of one process among several: true time as its machine shows it, and only while the process is not stopped. */
export class ProcessClock implements Clock {
  readonly #world: VirtualClock;
  readonly #rate: number;
  #skew: number;
  #stopped = false;
  /** How many timers wait. */
  pending = 0;
  readonly #held: (() => void)[] = [];

  constructor(world: VirtualClock, { skew = 0, rate = 1 }: ClockError = {}) {
    this.#world = world;
    this.#skew = skew;
    this.#rate = rate;
  }

  now(): number {
    return this.#world.now() / this.#rate + this.#skew;
  }

  monotonic(): number {
    return this.#world.monotonic() / this.#rate;
  }

  random(): number {
    return this.#world.random();
  }

  schedule(ms: number, callback: () => void): CancelTimer {
    let over = false;
    const end = (): void => {
      if (!over) this.pending -= 1;
      over = true;
    };
    const fire = (): void => {
      if (over) return;
      if (this.#stopped) {
        this.#held.push(fire);
        return;
      }
      end();
      callback();
    };
    this.pending += 1;
    const cancel = this.#world.schedule(ms * this.#rate, fire);
    return () => {
      end();
      cancel();
    };
  }

  /** SIGSTOP: timers and answers wait, the clocks run on. */
  stop(): void {
    this.#stopped = true;
  }

  /** SIGCONT: what has waited comes all at once. */
  goOn(): void {
    this.#stopped = false;
    for (const fire of this.#held.splice(0)) this.#world.schedule(0, fire);
  }

  /** Somebody sets the wall clock. */
  setWallClock({ by }: { readonly by: number }): void {
    this.#skew += by;
  }
}
