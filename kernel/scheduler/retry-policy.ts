import type { Clock } from '../contracts/clock.js';
import type { RunCause } from '../contracts/run-report.js';
import type { Outcome } from '../model/outcome.js';

/** When a key that was just run is due again by itself; what changes may bring it in line before. */
export interface Again {
  /** `back-off`: the run broke in a way that it should not; counted, so that the next wait is longer. */
  readonly type: 'after' | 'back-off';
  readonly ms: number;
  readonly cause: RunCause;
  /** It is due already, and waits only so that it does not become a loop that does nothing else. */
  readonly spaced?: true;
}

/** What becomes of a key that was just run; `forget` when it names nothing any more. */
export type Requeue = Again | { readonly type: 'forget' };

/** The times of {@link RetryPolicy}, in seconds; see `reconcile` in the configuration. */
export interface RetryTimes {
  /** Between two runs when nothing asks for one. */
  readonly periodSeconds: number;
  /** The part of the period by which it varies, either way, so that what started together does not stay together. */
  readonly periodJitter: number;
  /** The first wait after an unexpected error. It doubles with each in a row, up to `backOffMaximumSeconds`. */
  readonly backOffSeconds: number;
  readonly backOffMaximumSeconds: number;
}

export const DEFAULT_RETRY_TIMES: RetryTimes = {
  periodSeconds: 1200,
  periodJitter: 0.1,
  backOffSeconds: 1,
  backOffMaximumSeconds: 300,
};

/** What a `delay` of 0 comes to. */
const SHORTEST_RETRY_MS = 100;

export const RETRY_POLICY = Symbol.for('koreo.retry-policy');

/** Says when a trigger is due again, from what its run came to. Every answer is finite: a trigger is never dropped. */
export class RetryPolicy {
  readonly #clock: Clock;
  readonly #times: RetryTimes;

  constructor(clock: Clock, times: RetryTimes = DEFAULT_RETRY_TIMES) {
    this.#clock = clock;
    this.#times = times;
  }

  /**
   * Retry: after its delay. All others at the period: what succeeded to be looked after, what failed to be given a new chance.
   * A delay of 0 after a run that `changed` something is due at once; after one that did not, it waits for the world.
   */
  afterOutcome(outcome: Outcome, { changed = false }: { readonly changed?: boolean } = {}): Again {
    switch (outcome.type) {
      case 'Retry': {
        const ms = Math.max(outcome.delay * 1000, SHORTEST_RETRY_MS);
        return { type: 'after', ms, cause: 'retry', ...(changed && outcome.delay <= 0 ? { spaced: true } : {}) };
      }
      case 'Ok':
      case 'Skip':
      case 'DepSkip':
      case 'PermFail':
        return { type: 'after', ms: this.#period(), cause: 'period' };
    }
  }

  /** @param failures how many unexpected errors in a row there have been, this one too */
  afterError(failures: number): Again {
    const { backOffSeconds, backOffMaximumSeconds } = this.#times;
    const ceiling = Math.min(backOffSeconds * 2 ** (failures - 1), backOffMaximumSeconds);
    return { type: 'back-off', ms: ceiling * 1000 * (0.5 + this.#clock.random() / 2), cause: 'retry' };
  }

  #period(): number {
    const { periodSeconds, periodJitter } = this.#times;
    return periodSeconds * 1000 * (1 + periodJitter * (2 * this.#clock.random() - 1));
  }
}
