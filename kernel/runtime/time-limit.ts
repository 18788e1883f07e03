import type { Clock } from '../contracts/clock.js';
import type { MaybePromise } from '../model/json.js';

/** Where the work is done: what aborts there aborts the work too. */
interface Surroundings {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The time that one piece of work may take, from the moment when the limit is made. Work that needs no promise costs
 * neither a timer nor an abort controller.
 */
export class TimeLimit {
  readonly #ends: number;
  readonly #outer: Surroundings;
  #controller: AbortController | undefined;

  constructor(outer: Surroundings, seconds: number) {
    this.#outer = outer;
    this.#ends = outer.clock.now() + seconds * 1000;
  }

  /** Aborted when the time is over, and when the outer signal is. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#outer.signal.aborted) this.#controller.abort(this.#outer.signal.reason);
    return this.#controller.signal;
  }

  /**
   * Gives what the work gives, or what `tooLate` gives when the time is over first: the work's signal is aborted then, and
   * what it comes to later is ignored. Rejects with the outer signal's reason when that aborts first.
   */
  race<T>(work: MaybePromise<T>, tooLate: () => T): MaybePromise<T> {
    return work instanceof Promise ? this.#race(work, tooLate) : work;
  }

  #race<T>(work: Promise<T>, tooLate: () => T): Promise<T> {
    const { clock, signal } = this.#outer;
    return new Promise((resolve, reject) => {
      const end = () => {
        cancel();
        signal.removeEventListener('abort', giveUp);
      };
      const giveUp = () => {
        end();
        this.#controller?.abort(signal.reason);
        reject(signal.reason);
      };
      const cancel = clock.schedule(this.#ends - clock.now(), () => {
        end();
        this.#controller?.abort(new DOMException('the time limit is over', 'TimeoutError'));
        resolve(tooLate());
      });
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
      work.then(resolve, reject).finally(end);
    });
  }
}
