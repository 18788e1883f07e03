import { type CancelTimer, type Clock, SystemClock } from 'koreo-kernel';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
  cancel: CancelTimer;
}

/** The machine's own clock, which can be made to go faster: so a period of twenty minutes passes in as many seconds as one likes. */
export class FastClock implements Clock {
  readonly #real = new SystemClock();
  readonly #timers = new Set<Timer>();
  readonly #origin = this.#real.now();
  /** Where the clock stood, and the real one, when its speed was last set. */
  #since = { monotonic: 0, real: this.#real.monotonic() };
  #speed = 1;

  now(): number {
    return this.#origin + this.monotonic();
  }

  monotonic(): number {
    return this.#since.monotonic + (this.#real.monotonic() - this.#since.real) * this.#speed;
  }

  random(): number {
    return this.#real.random();
  }

  schedule(ms: number, callback: () => void): CancelTimer {
    const timer: Timer = { due: this.monotonic() + ms, callback, cancel: () => undefined };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  /** Goes on at so many times the speed of the real one. */
  setSpeed(speed: number): void {
    this.#since = { monotonic: this.monotonic(), real: this.#real.monotonic() };
    this.#speed = speed;
    for (const timer of this.#timers) {
      timer.cancel();
      this.#arm(timer);
    }
  }

  #arm(timer: Timer): void {
    const left = (timer.due - this.monotonic()) / this.#speed;
    timer.cancel = this.#real.schedule(left, () => {
      this.#timers.delete(timer);
      timer.callback();
    });
  }
}
