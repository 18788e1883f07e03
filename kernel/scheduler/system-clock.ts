import type { CancelTimer, Clock } from '../contracts/clock.js';

/** What Node's timers can hold at once; a longer delay would fire immediately. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own time, timers and chance. Its timers keep the process alive until they fire or are cancelled. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  schedule(ms: number, callback: () => void): CancelTimer {
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      // Node cuts parts of a millisecond off, and would fire too early.
      const next = Math.ceil(Math.min(Math.max(left, 0), LONGEST_TIMER_MS));
      timer = setTimeout(() => (left > next ? arm(left - next) : callback()), next);
    };
    arm(ms);
    return () => clearTimeout(timer);
  }

  random(): number {
    return Math.random();
  }
}
