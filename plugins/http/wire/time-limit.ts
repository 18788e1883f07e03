import { setMaxListeners } from 'node:events';
import type { Clock } from '../../../kernel/plugin.js';

/** Ends what takes too long, or whom the caller waits for no longer. Leaves no timer and no listener when it is let go of. */
export class TimeLimit {
  readonly #ending = new AbortController();
  readonly #letGo: () => void;
  #over = false;

  constructor(clock: Clock, seconds: number, signals: readonly (AbortSignal | undefined)[]) {
    const cancel = clock.schedule(seconds * 1000, () => {
      this.#over = true;
      this.#ending.abort(new Error('it took too long'));
    });
    const listeners = signals.flatMap((signal) => {
      if (signal === undefined) return [];
      if (signal.aborted) this.#ending.abort(signal.reason);
      // A run that asks for many things at once has one signal for all of them; Node would take that for a leak.
      setMaxListeners(0, signal);
      const listener = (): void => this.#ending.abort(signal.reason);
      signal.addEventListener('abort', listener, { once: true });
      return [() => signal.removeEventListener('abort', listener)];
    });
    this.#letGo = () => {
      cancel();
      for (const stop of listeners) stop();
    };
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether it was the time that ended it. */
  get isOver(): boolean {
    return this.#over;
  }

  letGo(): void {
    this.#letGo();
  }
}
