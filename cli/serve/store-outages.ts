import type { Clock, StoreHealth } from '../../kernel/index.js';
import { duration } from './check.js';

/** Since when a store has not been as it should. */
interface Outage {
  readonly since: number;
  readonly message: string;
}

/** Remembers of each store since when it cannot be used, so that a short break is told from an outage. */
export class StoreOutages {
  readonly #clock: Clock;
  #outages: ReadonlyMap<string, Outage | undefined> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes the health of all stores that there are now. */
  see(stores: ReadonlyMap<string, StoreHealth>): void {
    this.#outages = new Map(
      [...stores].map(([name, health]) => {
        const message = whatIsWaitedFor(health);
        const since = this.#outages.get(name)?.since ?? this.#clock.monotonic();
        return [name, message === undefined ? undefined : { since, message }];
      }),
    );
  }

  /** Each store, with what it has been waiting for, when that has been for longer than `graceMs`. */
  longerThan(graceMs: number): readonly { readonly name: string; readonly failure?: string }[] {
    return [...this.#outages].map(([name, outage]) => {
      if (outage === undefined) return { name };
      const lasts = this.#clock.monotonic() - outage.since;
      return lasts < graceMs ? { name } : { name, failure: `${outage.message} (for ${duration(lasts)})` };
    });
  }
}

/** What a store cannot go on without. Files that do not parse are their author's to mend: their last good content holds. */
function whatIsWaitedFor({ state, message, problems }: StoreHealth): string | undefined {
  if (state !== 'degraded' || (message === undefined && problems.length > 0)) return undefined;
  return message ?? 'cannot be used now';
}
