import { cpuMilliseconds } from './cpu-clock.js';
import type { Work } from './work.js';

/** A stretch of runs that is long enough for the clock, and short enough that what is arranged for it fits into memory. */
const STRETCH_MS = 5;
/** How much is arranged ahead of runs, at most. */
export const MOST_ARRANGED = 64;

/** One sample: how often the work ran, and the CPU time that this took. */
export interface Sample {
  readonly runs: number;
  readonly ms: number;
}

/** Takes samples of one work: one run after another, each awaited when it gives a promise, and only then. */
export class Sampler {
  readonly #work: Work;
  #stretch = 1;
  /** Where the last result goes, so that no run can be optimised away. */
  last: unknown;

  constructor(work: Work) {
    this.#work = work;
  }

  /** Runs until that much CPU time is used by the work alone. Stretches grow on the way, so warm-up should come first. */
  async take(ms: number): Promise<Sample> {
    let runs = 0;
    let spent = 0;
    do {
      const took = await this.#time(this.#stretch);
      runs += this.#stretch;
      spent += took;
      if (took < STRETCH_MS) this.#grow();
    } while (spent < ms);
    return { runs, ms: spent };
  }

  #grow(): void {
    const longest = this.#work.arrange === undefined ? Number.MAX_SAFE_INTEGER : MOST_ARRANGED;
    this.#stretch = Math.min(this.#stretch * 2, longest);
  }

  async #time(runs: number): Promise<number> {
    const { arrange, run } = this.#work;
    const arranged: unknown[] = [];
    if (arrange !== undefined) for (let index = 0; index < runs; index += 1) arranged.push(arrange());
    const start = cpuMilliseconds();
    for (let index = 0; index < runs; index += 1) {
      const result = run(arranged[index]);
      this.last = result instanceof Promise ? await result : result;
    }
    return cpuMilliseconds() - start;
  }
}
