import { setMaxListeners } from 'node:events';
import type { CancelTimer, Clock } from '../contracts/clock.js';
import { FencedError } from '../contracts/leadership.js';
import type { RunCause } from '../contracts/run-report.js';
import type { QueueStats } from './queue-stats.js';
import type { Requeue, RetryPolicy } from './retry-policy.js';
import type { RunBrake } from './run-brake.js';
import { Waiters } from './waiters.js';
import { type Work, WorkQueue } from './work-queue.js';

/** What a run is told beside its key: how many runs of this key in a row have broken unexpectedly, and when to give up. */
export interface RunContext {
  readonly failures: number;
  /** Aborted when the scheduler will wait no longer for runs to end, or when nothing may be written any more. */
  readonly signal: AbortSignal;
}

/** Runs one key and says when it is due again. What it throws is taken as an unexpected error. */
export type RunKey = (work: Work, context: RunContext) => Promise<Requeue>;

/**
 * For so long runs may begin one after another before timers and I/O have their turn. A store that answers without waiting
 * for anything would let nothing else happen until the last key has run.
 */
const LONGEST_TURN_MS = 20;

/** How long runs that were told to end may take to do so. */
const UNWIND_MS = 1000;

/** After so many runs in a row that were due again at once, a key is taken to be one that never comes to rest. */
const LONGEST_HASTE = 100;

/** What a key has done in its last runs, without interruption. */
interface Streak {
  readonly failures: number;
  readonly spaced: number;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly policy: RetryPolicy;
  /** How many keys may be in work at once. */
  readonly concurrency: number;
  /** Which keys share turns and a limit of their own, and that limit; see {@link WorkQueue}. */
  readonly groupOf?: (key: string) => string;
  readonly groupConcurrency?: number;
  readonly run: RunKey;
  /** Told of what {@link RunKey} throws; the key is tried again whatever becomes of it. */
  readonly onError?: (key: string, error: unknown) => void;
  /** Slows down keys that changes run too often; without one nothing is slowed down. */
  readonly brake?: RunBrake;
  /** Aborted when nothing may be written any more: no run begins then, and those that go on are told to end at once. */
  readonly fenced?: AbortSignal;
}

/**
 * Keys in, runs out. Takes keys from a {@link WorkQueue} as long as fewer than `concurrency` are in work, and puts each
 * back for the time that its run asks for. Accepts keys from the beginning, but runs none before {@link Scheduler.start}.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #queue: WorkQueue;
  readonly #streaks = new Map<string, Streak>();
  readonly #abort = new AbortController();
  readonly #idleWaiters = new Waiters(() => this.idle);
  #state: 'waiting' | 'running' | 'stopped' = 'waiting';
  #running = 0;
  /** When runs began in this turn of the event loop; undefined before the first. */
  #turn: number | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const { clock, groupOf, groupConcurrency } = options;
    this.#queue = new WorkQueue(clock, {
      onReady: () => this.#pump(),
      ...(groupOf === undefined ? {} : { groupOf }),
      ...(groupConcurrency === undefined ? {} : { groupConcurrency }),
    });
    // Every step of every run may listen; Node would take more than ten for a leak.
    setMaxListeners(0, this.#abort.signal);
    this.#heed(options.fenced);
  }

  /**
   * Asks for a run of the key as soon as may be; see {@link WorkQueue.add}, and {@link RunBrake} for when that is later.
   * @param about what has changed, in words for people
   */
  add(key: string, cause: RunCause, about?: string): void {
    if (this.#state === 'stopped') return;
    this.#queue.addAfter(key, this.#options.brake?.asked(key, cause, about) ?? 0, cause);
  }

  /** Drops what waits for a key that names nothing any more. */
  forget(key: string): void {
    this.#queue.forget(key);
    this.#streaks.delete(key);
    this.#options.brake?.forget(key);
    this.#idleWaiters.check();
  }

  isRunning(key: string): boolean {
    return this.#queue.isProcessing(key);
  }

  /** Whether nothing is due and nothing runs. */
  get idle(): boolean {
    return this.#queue.idle;
  }

  /** How the queue stands now. */
  stats(): QueueStats {
    return this.#queue.stats();
  }

  /** Resolves as soon as nothing is due and nothing runs; at once when that is so. */
  whenIdle(): Promise<void> {
    return this.#idleWaiters.wait();
  }

  start(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'running';
    this.#pump();
  }

  /**
   * Starts no more runs and drops what waits. Resolves when all runs have ended; those that have not after `graceMs` are
   * told to by their signal, and those that do not heed it are left behind. Idempotent.
   * @returns how many runs had to be told
   */
  async stop(graceMs: number): Promise<number> {
    this.#drain();
    await this.#idleWithin(graceMs);
    const late = this.#running;
    this.#abort.abort(new Error('the kernel stops and waits no longer for this run'));
    await this.#idleWithin(UNWIND_MS);
    return late;
  }

  #heed(fenced: AbortSignal | undefined): void {
    const end = (): void => {
      this.#drain();
      this.#abort.abort(fenced?.reason);
      this.#idleWaiters.check();
    };
    if (fenced?.aborted === true) end();
    else fenced?.addEventListener('abort', end, { once: true, signal: this.#abort.signal });
  }

  #drain(): void {
    this.#state = 'stopped';
    this.#queue.clear();
    this.#streaks.clear();
  }

  #pump(): void {
    while (this.#state === 'running' && this.#running < this.#options.concurrency && !this.#isOthersTurn) {
      const work = this.#queue.take();
      if (work === undefined) return;
      this.#noteTurn();
      this.#running += 1;
      void this.#work(work);
    }
  }

  /** Whether others have waited long enough. They have their turn then, and it goes on after them. */
  get #isOthersTurn(): boolean {
    return this.#turn !== undefined && this.#options.clock.monotonic() - this.#turn >= LONGEST_TURN_MS;
  }

  #noteTurn(): void {
    if (this.#turn !== undefined) return;
    this.#turn = this.#options.clock.monotonic();
    setImmediate(() => {
      this.#turn = undefined;
      this.#pump();
    });
  }

  async #work(work: Work): Promise<void> {
    this.#options.brake?.began(work.key, work.causes);
    const requeue = await this.#run(work);
    this.#options.brake?.ended(work.key);
    this.#running -= 1;
    if (this.#state === 'running') this.#plan(work.key, requeue);
    this.#queue.done(work.key);
    this.#pump();
    this.#idleWaiters.check();
  }

  async #run(work: Work): Promise<Requeue> {
    const { policy, run, onError } = this.#options;
    const failures = this.#streaks.get(work.key)?.failures ?? 0;
    try {
      return await run(work, { failures, signal: this.#abort.signal });
    } catch (error) {
      // Another process goes on with it: nothing has failed.
      if (error instanceof FencedError) return { type: 'forget' };
      onError?.(work.key, error);
      return policy.afterError(failures + 1);
    }
  }

  #plan(key: string, requeue: Requeue): void {
    const before = this.#streaks.get(key);
    this.#streaks.delete(key);
    if (requeue.type === 'forget') {
      this.#options.brake?.forget(key);
      return;
    }
    const failures = requeue.type === 'back-off' ? (before?.failures ?? 0) + 1 : 0;
    const spaced = requeue.spaced === true ? (before?.spaced ?? 0) + 1 : 0;
    if (failures + spaced > 0) this.#streaks.set(key, { failures, spaced });
    const ms = Math.max(requeue.ms, this.#options.brake?.asked(key, requeue.cause) ?? 0);
    this.#queue.addAfter(key, ms, requeue.cause, { spaced: spaced > 0 && spaced <= LONGEST_HASTE });
  }

  async #idleWithin(ms: number): Promise<void> {
    if (this.idle) return;
    let cancel: CancelTimer | undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.clock.schedule(ms, resolve);
    });
    await Promise.race([this.whenIdle(), late]);
    cancel?.();
  }
}
