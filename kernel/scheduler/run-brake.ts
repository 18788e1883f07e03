import type { Clock } from '../contracts/clock.js';
import type { RunCause } from '../contracts/run-report.js';

/** How often changes may cause runs of one key, and how far apart such runs are kept beyond that; times are in seconds. */
export interface BrakeLimits {
  /** So many runs within the window are no trouble. */
  readonly runs: number;
  readonly windowSeconds: number;
  /** The first space between two runs that are slowed down; it doubles up to the maximum as long as changes come as fast. */
  readonly initialSeconds: number;
  readonly maximumSeconds: number;
}

export const DEFAULT_BRAKE_LIMITS: BrakeLimits = {
  runs: 60,
  windowSeconds: 60,
  initialSeconds: 5,
  maximumSeconds: 300,
};

/** What can run a key too often: changes of what it manages, and changes of itself. */
export type BrakedCause = 'managed' | 'changed';

/** Why a key is slowed down. */
export interface Heat {
  readonly cause: BrakedCause;
  /** What had changed when it became too much, in words for people; absent when that was the key's own trigger. */
  readonly about?: string;
  /** Until it is over, if no further change asks for a run. */
  readonly coolsInMs: number;
}

/**
 * Slows down keys that changes run far more often than is useful: beyond the limit, the next run for such a change has to
 * wait, ever longer as long as the rate stays, and less as it falls. Nothing is dropped, each cause is measured by itself,
 * and what a person asks for never waits, nor does what is to go.
 */
export class RunBrake {
  readonly #clock: Clock;
  readonly #limits: BrakeLimits;
  readonly #meters = new Map<string, ReadonlyMap<BrakedCause, Meter>>();

  constructor(clock: Clock, limits: BrakeLimits = DEFAULT_BRAKE_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** A run of the key is asked for. Gives for how many milliseconds it has to wait. */
  asked(key: string, cause: RunCause, about?: string): number {
    if (!isBraked(cause)) return 0;
    const known = this.#meters.get(key) ?? new Map(BRAKED.map((one) => [one, new Meter(this.#limits)]));
    this.#meters.set(key, known);
    return known.get(cause)?.asked(this.#clock.monotonic(), about) ?? 0;
  }

  /** A run of the key begins. */
  began(key: string, causes: readonly RunCause[]): void {
    for (const [cause, meter] of this.#meters.get(key) ?? []) {
      meter.began(this.#clock.monotonic(), causes.includes(cause));
    }
  }

  /** A run of the key has ended. */
  ended(key: string): void {
    for (const meter of this.#meters.get(key)?.values() ?? []) meter.ended(this.#clock.monotonic());
  }

  /** Every reason for which the key is slowed down now. */
  heatOf(key: string): readonly Heat[] {
    return [...(this.#meters.get(key) ?? [])].flatMap(([cause, meter]) => {
      const heat = meter.heat(this.#clock.monotonic());
      return heat === undefined ? [] : [{ cause, ...heat }];
    });
  }

  /** The key names nothing any more. */
  forget(key: string): void {
    this.#meters.delete(key);
  }
}

const BRAKED: readonly BrakedCause[] = ['managed', 'changed'];

function isBraked(cause: RunCause): cause is BrakedCause {
  return BRAKED.some((braked) => braked === cause);
}

/** How fast one cause runs one key. All times are milliseconds on the clock that nobody sets. */
class Meter {
  readonly #limits: BrakeLimits;
  /** When the last runs of this cause began, as far as they are within the window. */
  #runs: number[] = [];
  /** When the last run of any cause ended; undefined while one goes on. */
  #since: number | undefined = Number.NEGATIVE_INFINITY;
  /** When this cause last asked for a run, or a run for it began or ended. */
  #active = Number.NEGATIVE_INFINITY;
  /** Whether a run has been asked for since the last one began. */
  #isAsked = false;
  /** Whether the run that goes on, or was the last, is one of this cause. */
  #counts = false;
  #about: string | undefined;
  /** How far runs are kept apart, and what had changed when that began; undefined as long as all is well. */
  #slow: { spacing: number; readonly about: string | undefined } | undefined;

  constructor(limits: BrakeLimits) {
    this.#limits = limits;
  }

  asked(now: number, about: string | undefined): number {
    this.#rest(now);
    this.#about = about;
    const since = this.#since ?? now;
    if (!this.#isAsked) this.#adapt(now - since);
    this.#isAsked = true;
    this.#active = now;
    return this.#slow === undefined ? 0 : Math.max(0, since + this.#slow.spacing - now);
  }

  began(now: number, counts: boolean): void {
    this.#rest(now);
    this.#isAsked = false;
    this.#since = undefined;
    this.#counts = counts;
    if (!counts) return;
    const { runs, initialSeconds } = this.#limits;
    this.#active = now;
    this.#runs = [...this.#runs.filter((at) => at > now - this.#window), now].slice(-runs - 1);
    if (this.#runs.length > runs) this.#slow ??= { spacing: initialSeconds * 500, about: this.#about };
  }

  ended(now: number): void {
    this.#since = now;
    if (this.#counts) this.#active = now;
  }

  heat(now: number): Omit<Heat, 'cause'> | undefined {
    if (this.#slow === undefined) return undefined;
    const { about, spacing } = this.#slow;
    // Not before the next run may be: one that comes before brings along what waits.
    const coolsAt = Math.max(this.#active + this.#window, (this.#since ?? now) + spacing);
    return { ...(about === undefined ? {} : { about }), coolsInMs: Math.max(0, coolsAt - now) };
  }

  get #window(): number {
    return this.#limits.windowSeconds * 1000;
  }

  /** A whole window without a change that asks for a run ends it all. */
  #rest(now: number): void {
    if (!this.#isAsked && now - this.#active >= this.#window) this.#slow = undefined;
  }

  /**
   * A change that comes as soon after a run as would be too often makes the space longer; one that comes later, shorter. By
   * more, for of changes that nothing connects with the run some come soon after it by chance.
   */
  #adapt(gap: number): void {
    if (this.#slow === undefined) return;
    const { runs, initialSeconds, maximumSeconds } = this.#limits;
    const isSoon = gap < this.#window / runs;
    this.#slow.spacing = Math.min(this.#slow.spacing * (isSoon ? 2 : 0.25), maximumSeconds * 1000);
    if (this.#slow.spacing < initialSeconds * 500) this.#slow = undefined;
  }
}
