/** How often the loop is looked at, in milliseconds. */
const INTERVAL = 2;

/**
 * Watches for how long the event loop does not turn. Between two turns it counts whichever is less, the time of the clock or
 * that of the processor: on a machine that is busy with something else the clock runs on while nothing is done here, and
 * what other threads of this process do in the meantime does not keep the loop from turning.
 */
export class Turns {
  #longest = 0;
  #last = now();
  readonly #timer = setInterval(() => this.#turn(), INTERVAL);

  /** The longest pause since it was last asked, in milliseconds. */
  async longest(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    this.#turn();
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #turn(): void {
    const here = now();
    this.#longest = Math.max(
      this.#longest,
      Math.min(here.clock - this.#last.clock, here.processor - this.#last.processor),
    );
    this.#last = here;
  }
}

function now(): { readonly clock: number; readonly processor: number } {
  const { system, user } = process.cpuUsage();
  return { clock: performance.now(), processor: (system + user) / 1_000 };
}
