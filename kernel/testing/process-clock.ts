import type { CancelTimer, Clock } from '../contracts/clock.js';

/** The clock of one simulated process: another clock's time, and timers that end with the process. */
export class ProcessClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<CancelTimer>();
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  random(): number {
    return this.#clock.random();
  }

  schedule(ms: number, callback: () => void): CancelTimer {
    if (this.#ended) return () => undefined;
    const cancel = this.#clock.schedule(ms, () => {
      this.#timers.delete(end);
      callback();
    });
    const end = (): void => {
      this.#timers.delete(end);
      cancel();
    };
    this.#timers.add(end);
    return end;
  }

  /** The process has crashed: no timer of its fires any more, and time says nothing to it. */
  end(): void {
    this.#ended = true;
    for (const end of [...this.#timers]) end();
  }
}
