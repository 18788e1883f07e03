/** So often the event loop is looked at. */
const TICK_MS = 5;

/** Measures for how long the event loop takes up nothing else, from when it is made until it is stopped. */
export class StallMeter {
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();
  #longest = 0;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Gives the longest stall in milliseconds. */
  stop(): number {
    clearInterval(this.#timer);
    // A loop that was held up all the time has not ticked once.
    this.#tick();
    return this.#longest;
  }

  #tick(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last - TICK_MS);
    this.#last = now;
  }
}
