import type { CancelTimer, Clock } from '../contracts/clock.js';

/** One wait that goes on. */
export interface Delay {
  /** When it is over, on the clock that nobody sets. */
  readonly due: number;
}

interface Waiting extends Delay {
  /** Of those that are over at one time, the one that was added first goes first. */
  readonly order: number;
  readonly callback: () => void;
  /** Its place in the heap; negative when it is not there any more. */
  index: number;
}

/**
 * Any number of waits with one timer of the clock: a timer for each would cost more memory and time than all else that is
 * kept of a key that only waits for its period.
 */
export class Delays {
  readonly #clock: Clock;
  /** A binary heap: none is due after those at twice its index plus one and two. */
  readonly #heap: Waiting[] = [];
  #added = 0;
  #isFiring = false;
  #timer: { readonly due: number; readonly cancel: CancelTimer } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back once after `ms` milliseconds, unless it is dropped before; never synchronously. */
  add(ms: number, callback: () => void): Delay {
    this.#added += 1;
    const waiting: Waiting = { due: this.#clock.monotonic() + ms, order: this.#added, callback, index: -1 };
    this.#place(waiting, this.#heap.length);
    this.#rise(waiting);
    this.#arm();
    return waiting;
  }

  /** Does nothing when it is over already. */
  drop(delay: Delay): void {
    this.#remove(delay as Waiting);
    this.#arm();
  }

  #fire(): void {
    this.#timer = undefined;
    this.#isFiring = true;
    const now = this.#clock.monotonic();
    try {
      for (let next = this.#heap[0]; next !== undefined && next.due <= now; next = this.#heap[0]) {
        this.#remove(next);
        next.callback();
      }
    } finally {
      this.#isFiring = false;
      this.#arm();
    }
  }

  /** Has the timer fire for the first that is due, and for none when nothing waits. */
  #arm(): void {
    const [next] = this.#heap;
    if (this.#isFiring || next?.due === this.#timer?.due) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (next === undefined) return;
    const { due } = next;
    const cancel = this.#clock.schedule(Math.max(0, due - this.#clock.monotonic()), () => this.#fire());
    this.#timer = { due, cancel };
  }

  #remove(waiting: Waiting): void {
    const { index } = waiting;
    if (index < 0) return;
    waiting.index = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === waiting) return;
    this.#place(last, index);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(waiting: Waiting): void {
    while (waiting.index > 0) {
      const parent = this.#heap[(waiting.index - 1) >> 1];
      if (parent === undefined || !isBefore(waiting, parent)) return;
      this.#swap(waiting, parent);
    }
  }

  #sink(waiting: Waiting): void {
    for (;;) {
      const left = this.#heap[2 * waiting.index + 1];
      const right = this.#heap[2 * waiting.index + 2];
      const first = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (first === undefined || !isBefore(first, waiting)) return;
      this.#swap(first, waiting);
    }
  }

  #swap(a: Waiting, b: Waiting): void {
    const { index } = a;
    this.#place(a, b.index);
    this.#place(b, index);
  }

  #place(waiting: Waiting, index: number): void {
    this.#heap[index] = waiting;
    waiting.index = index;
  }
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
