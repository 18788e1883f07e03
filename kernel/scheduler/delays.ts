import type { CancelTimer, Clock } from '../contracts/clock.js';
import { DelayHeap } from './delay-heap.js';

/** One wait that goes on. */
export interface Delay {
  /** When it is over, on the clock that nobody sets. */
  readonly due: number;
}

interface Waiting extends Delay {
  /** Absent when it is over, or was dropped. */
  callback: (() => void) | undefined;
}

/** So many waits that were dropped may always be kept until they would have been over; more only beside as many others. */
const DROPPED_KEPT = 64;

/**
 * Any number of waits with one timer of the clock: a timer for each would cost more memory and time than all else that is
 * kept of a key that only waits for its period.
 */
export class Delays {
  readonly #clock: Clock;
  /** Those that were dropped too, until their turn comes or they are many: to take one out of the midst would touch many others. */
  readonly #heap = new DelayHeap<Waiting>();
  #dropped = 0;
  #isFiring = false;
  #timer: { readonly due: number; readonly cancel: CancelTimer } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back once after `ms` milliseconds, unless it is dropped before; never synchronously. */
  add(ms: number, callback: () => void): Delay {
    const waiting: Waiting = { due: this.#clock.monotonic() + ms, callback };
    this.#heap.add(waiting.due, waiting);
    this.#arm();
    return waiting;
  }

  /** Does nothing when it is over already. */
  drop(delay: Delay): void {
    const waiting = delay as Waiting;
    if (waiting.callback === undefined) return;
    waiting.callback = undefined;
    this.#dropped += 1;
    if (this.#dropped > DROPPED_KEPT && this.#dropped * 2 > this.#heap.size) {
      this.#heap.retain(isWaiting);
      this.#dropped = 0;
    }
    this.#arm();
  }

  #fire(): void {
    this.#timer = undefined;
    this.#isFiring = true;
    const now = this.#clock.monotonic();
    try {
      for (let due = this.#nextDue(); due !== undefined && due <= now; due = this.#nextDue()) {
        const next = this.#heap.take();
        const callback = next?.callback;
        if (next !== undefined) next.callback = undefined;
        callback?.();
      }
    } finally {
      this.#isFiring = false;
      this.#arm();
    }
  }

  /** When the first is over that was not dropped; those before it go. */
  #nextDue(): number | undefined {
    for (let next = this.#heap.next; next !== undefined && !isWaiting(next); next = this.#heap.next) {
      this.#heap.take();
      this.#dropped -= 1;
    }
    return this.#heap.nextDue;
  }

  /** Has the timer fire for the first that is due, and for none when nothing waits. */
  #arm(): void {
    if (this.#isFiring) return;
    const due = this.#nextDue();
    if (due === this.#timer?.due) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (due === undefined) return;
    const cancel = this.#clock.schedule(Math.max(0, due - this.#clock.monotonic()), () => this.#fire());
    this.#timer = { due, cancel };
  }
}

function isWaiting({ callback }: Waiting): boolean {
  return callback !== undefined;
}
