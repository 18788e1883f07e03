import type { Clock } from '../contracts/clock.js';
import type { RunCause } from '../contracts/run-report.js';
import { type Delay, Delays } from './delays.js';
import { FairLane } from './fair-lane.js';
import type { QueueStats } from './queue-stats.js';

/** A key to be worked on, and everything that asked for it since it was last taken. */
export interface Work {
  readonly key: string;
  readonly causes: readonly RunCause[];
}

/** Who goes first when there is more work than workers: what somebody waits for, before what time or a start brings. */
type Priority = 'high' | 'low';

const PRIORITY: Readonly<Record<RunCause, Priority>> = {
  added: 'high',
  changed: 'high',
  definition: 'high',
  deleted: 'high',
  managed: 'high',
  requested: 'high',
  retry: 'high',
  period: 'low',
  start: 'low',
};

/** After so many keys in a row that somebody waits for, one goes that a period or a start brought. */
const HIGH_IN_A_ROW = 8;

/** How a {@link WorkQueue} shares out its turns. */
export interface WorkQueueOptions {
  /** Called whenever a key has come in line. */
  readonly onReady?: () => void;
  /** The group that a key is in at present; all are in one by default. */
  readonly groupOf?: (key: string) => string;
  /** How many keys of one group may be in work at once; any number by default. */
  readonly groupConcurrency?: number;
}

interface Item {
  /** Each once, in the order in which they came. */
  causes: RunCause[];
  processing: boolean;
  /** The group that it is in line or in work with. */
  group: string;
  /** Since when it has been in line, or in work, on the clock that nobody sets. */
  since: number;
  later?: { readonly delay: Delay; readonly spaced: boolean } | undefined;
}

/**
 * Keys that wait for a run. A key is in work at most once at a time; what asks for it meanwhile, however often, puts it
 * in line exactly once more when that work is done. Nothing asked for is ever lost, but by {@link WorkQueue.forget}.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #options: Required<WorkQueueOptions>;
  readonly #delays: Delays;
  readonly #items = new Map<string, Item>();
  readonly #lanes: Readonly<Record<Priority, FairLane>> = { high: new FairLane(), low: new FairLane() };
  /** How many keys of each group are in work. */
  readonly #groups = new Map<string, number>();
  #processing = 0;
  #highsInARow = 0;
  /** How many delayed keys are due, and only spaced out. */
  #spaced = 0;
  /** When work last began or ended. */
  #moved: number | undefined;

  constructor(clock: Clock, options: WorkQueueOptions = {}) {
    this.#clock = clock;
    this.#delays = new Delays(clock);
    this.#options = {
      onReady: () => undefined,
      groupOf: () => '',
      groupConcurrency: Number.POSITIVE_INFINITY,
      ...options,
    };
  }

  /** How many keys are in line now; delayed ones and those in work do not count. */
  get length(): number {
    return this.#lanes.high.size + this.#lanes.low.size;
  }

  /** Whether nothing is in line and nothing in work. Delayed keys are not due, so they do not count, unless only spaced out. */
  get idle(): boolean {
    return this.length === 0 && this.#processing === 0 && this.#spaced === 0;
  }

  /** How it stands now. Looks at every key, so it is for looks from outside and not for each change. */
  stats(): QueueStats {
    const now = this.#clock.monotonic();
    let delayed = 0;
    let oldest: number | undefined;
    let longest: number | undefined;
    for (const { processing, since, causes, later } of this.#items.values()) {
      if (later !== undefined) delayed += 1;
      if (processing) longest = Math.min(since, longest ?? since);
      else if (causes.length > 0) oldest = Math.min(since, oldest ?? since);
    }
    return {
      waiting: this.length,
      delayed,
      running: this.#processing,
      ...(oldest === undefined ? {} : { oldestWaitingMs: now - oldest }),
      ...(longest === undefined ? {} : { longestRunningMs: now - longest }),
      ...(this.#moved === undefined ? {} : { sinceProgressMs: now - this.#moved }),
    };
  }

  isProcessing(key: string): boolean {
    return this.#items.get(key)?.processing ?? false;
  }

  /** Asks for a run as soon as may be. */
  add(key: string, cause: RunCause): void {
    const item = this.#item(key);
    if (!item.causes.includes(cause)) item.causes.push(cause);
    if (!item.processing) this.#line(key, item);
  }

  /**
   * Asks for a run after `ms` milliseconds. Of several for one key the earliest wins, and a run that starts before meets it.
   * `spaced` says that it is due already, and waits only so that others get their turn.
   */
  addAfter(key: string, ms: number, cause: RunCause, { spaced = false }: { readonly spaced?: boolean } = {}): void {
    if (ms <= 0) {
      this.add(key, cause);
      return;
    }
    const item = this.#item(key);
    if (item.later !== undefined && item.later.delay.due <= this.#clock.monotonic() + ms) return;
    this.#dropLater(item);
    const delay = this.#delays.add(ms, () => {
      this.#dropLater(item);
      this.add(key, cause);
    });
    item.later = { delay, spaced };
    if (spaced) this.#spaced += 1;
  }

  /** The next key to work on, now in work until {@link WorkQueue.done}; undefined when none is in line whose group has room. */
  take(): Work | undefined {
    const key = this.#takeKey();
    const item = key === undefined ? undefined : this.#items.get(key);
    if (key === undefined || item === undefined) return undefined;
    const { causes } = item;
    item.causes = [];
    this.#dropLater(item);
    item.processing = true;
    item.since = this.#progress();
    this.#processing += 1;
    this.#groups.set(item.group, (this.#groups.get(item.group) ?? 0) + 1);
    return { key, causes };
  }

  /** Says that the work on a key has ended. If it was asked for meanwhile, it is in line again. */
  done(key: string): void {
    const item = this.#items.get(key);
    if (item === undefined || !item.processing) return;
    item.processing = false;
    this.#processing -= 1;
    this.#leave(item.group);
    this.#progress();
    if (item.causes.length > 0) this.#line(key, item);
    else if (item.later === undefined) this.#items.delete(key);
  }

  /** Drops all that waits for a key, because what it names is gone. Work in progress on it goes on. */
  forget(key: string): void {
    const item = this.#items.get(key);
    if (item === undefined) return;
    this.#dropLater(item);
    item.causes = [];
    this.#lanes.high.remove(key, item.group);
    this.#lanes.low.remove(key, item.group);
    if (!item.processing) this.#items.delete(key);
  }

  /** Drops everything that waits, and every timer. */
  clear(): void {
    for (const key of [...this.#items.keys()]) this.forget(key);
  }

  #takeKey(): string | undefined {
    const mayGoOn = (group: string) => (this.#groups.get(group) ?? 0) < this.#options.groupConcurrency;
    const { high, low } = this.#lanes;
    const first = this.#highsInARow < HIGH_IN_A_ROW ? undefined : low.take(mayGoOn);
    const changed = first ?? high.take(mayGoOn);
    this.#highsInARow = first === undefined && changed !== undefined ? this.#highsInARow + 1 : 0;
    return changed ?? low.take(mayGoOn);
  }

  #leave(group: string): void {
    const left = (this.#groups.get(group) ?? 0) - 1;
    if (left > 0) this.#groups.set(group, left);
    else this.#groups.delete(group);
  }

  #progress(): number {
    this.#moved = this.#clock.monotonic();
    return this.#moved;
  }

  #dropLater(item: Item): void {
    if (item.later === undefined) return;
    this.#delays.drop(item.later.delay);
    if (item.later.spaced) this.#spaced -= 1;
    item.later = undefined;
  }

  #item(key: string): Item {
    const known = this.#items.get(key);
    if (known !== undefined) return known;
    const item: Item = { causes: [], processing: false, group: '', since: 0 };
    this.#items.set(key, item);
    return item;
  }

  #line(key: string, item: Item): void {
    const { high, low } = this.#lanes;
    const isWaiting = high.has(key, item.group) || low.has(key, item.group);
    if (!isWaiting) {
      item.since = this.#clock.monotonic();
      item.group = this.#options.groupOf(key);
    }
    if (item.causes.some((cause) => PRIORITY[cause] === 'high')) {
      low.remove(key, item.group);
      high.add(key, item.group);
    } else {
      low.add(key, item.group);
    }
    this.#options.onReady();
  }
}
