/** Time, timers and chance, injected so that a whole kernel can run in virtual time and a failing run can be replayed. */
export interface Clock {
  /** Milliseconds since the epoch; jumps when somebody sets the clock. */
  now(): number;
  /**
   * Milliseconds on a clock that nobody sets: only differences mean something. It runs on while the process is stopped
   * (SIGSTOP); while the whole machine sleeps it may stand still, and only {@link now} tells afterwards.
   */
  monotonic(): number;
  /** Calls once after `ms` milliseconds, unless cancelled before; never synchronously. */
  schedule(ms: number, callback: () => void): CancelTimer;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

/** Cancels a timer; calling it late or twice does nothing. */
export type CancelTimer = () => void;

export const CLOCK = Symbol.for('koreo.clock');
