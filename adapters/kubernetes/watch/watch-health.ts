import { BehaviorSubject, type Observable } from 'rxjs';
import {
  type CancelTimer,
  type Clock,
  type GroupVersionKind,
  gvkKey,
  type Problem,
  type Selector,
  type StoreHealth,
} from '../../../kernel/plugin.js';
import { sameHealth } from '../store-health.js';
import type { KindWatchState } from './kind-watch.js';

/** What failed for a moment only is not told. */
const SETTLE_MS = 500;
/** How many kinds are named in a message. */
const MOST_NAMED = 3;

interface Entry {
  readonly selector: Selector;
  readonly state: KindWatchState;
}

/**
 * How all watches of a store are doing, in one. Healthy: each kind that there is has been told, and is followed live. A kind
 * that is not installed is no fault of the store's, and is a problem that its user can mend; so is one that may not be watched.
 */
export class WatchHealth {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #health = new BehaviorSubject<StoreHealth>({ state: 'healthy', problems: [] });
  #cancel: CancelTimer | undefined;
  /** Milliseconds since the epoch. */
  #failingSince: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The present health, then every change of it. */
  get changes(): Observable<StoreHealth> {
    return this.#health.asObservable();
  }

  /** Notes how a watch is doing. */
  set(key: string, selector: Selector, state: KindWatchState): void {
    this.#entries.set(key, { selector, state });
    this.#changed();
  }

  /** Forgets a watch that has ended. */
  delete(key: string): void {
    this.#entries.delete(key);
    this.#changed();
  }

  /** Tells nothing more. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#entries.clear();
  }

  /** What gets well is told at once, all else when it has lasted. */
  #changed(): void {
    const now = this.#now();
    if (now.state !== 'degraded') {
      this.#cancel?.();
      this.#cancel = undefined;
      this.#tell(now);
    } else {
      this.#cancel ??= this.#clock.schedule(SETTLE_MS, () => {
        this.#cancel = undefined;
        this.#tell(this.#now());
      });
    }
  }

  #tell(health: StoreHealth): void {
    const { value } = this.#health;
    if (!sameHealth(value, health)) this.#health.next(health);
  }

  #now(): StoreHealth {
    const entries = [...this.#entries.values()];
    const problems = entries.flatMap(problemsOf).sort((a, b) => (a.message < b.message ? -1 : 1));
    const failing = entries.flatMap(({ selector, state }) =>
      state.type === 'failing' ? [{ selector, why: state.why, forbidden: state.forbidden }] : [],
    );
    const broken = failing.filter(({ forbidden }) => !forbidden);
    if (broken.length === 0) this.#failingSince = undefined;
    else this.#failingSince ??= this.#clock.now();
    const [first] = broken;
    if (first !== undefined) {
      const since = new Date(this.#failingSince ?? 0).toISOString().replace(/\.\d+Z$/, 'Z');
      const which = named(broken.map(({ selector }) => selector));
      const message = `${first.why}; not followed since ${since}: ${which} (of ${kinds(entries.length)}); trying again`;
      return { state: 'degraded', message, problems };
    }
    if (failing.length > 0) return { state: 'degraded', problems };
    const listing = entries.filter(({ state }) => state.type === 'listing');
    if (listing.length === 0) return { state: 'healthy', problems };
    return { state: 'starting', message: `listing ${named(listing.map(({ selector }) => selector))}`, problems };
  }
}

function problemsOf({ selector, state }: Entry): readonly Problem[] {
  const what = `the kind ${selector.kind} of ${selector.apiVersion}`;
  if (state.type === 'missing') return [{ code: 'kind-missing', message: `waiting for ${what} to be installed` }];
  if (state.type !== 'failing' || !state.forbidden) return [];
  const message = `${what} may not be watched, which needs the verbs list and watch: ${state.why}`;
  return [{ code: 'watch-forbidden', message }];
}

/** `Deployment, Service and 4 more`. */
function named(selectors: readonly GroupVersionKind[]): string {
  const names = [...new Map(selectors.map((one) => [gvkKey(one), one.kind])).values()].sort();
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function kinds(count: number): string {
  return count === 1 ? '1 kind' : `${count} kinds`;
}
