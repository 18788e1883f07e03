import type { Clock } from '../../../kernel/plugin.js';
import { onAbort } from './on-abort.js';
import { waitFor } from './wait-for.js';

/** What bounds one call. */
export interface CallBounds {
  readonly clock: Clock;
  readonly seconds: number;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** Aborted when a write is not wanted whatever becomes of it; it is cut even after it has left. */
  readonly fenced: AbortSignal | undefined;
  /** A read may be cut at any time; a write only before it has left. */
  readonly read: boolean;
}

/** Ends one call when its time is up, its caller has lost interest, or the client is closed. */
export class CallGuard {
  readonly #controller = new AbortController();
  readonly #bounds: CallBounds;
  readonly #cancelTimer: () => void;
  readonly #letGo: readonly (() => void)[];
  #left = false;
  #timedOut = false;

  constructor(bounds: CallBounds) {
    this.#bounds = bounds;
    const { clock, seconds, signal, fenced } = bounds;
    this.#cancelTimer = clock.schedule(seconds * 1000, () => {
      this.#timedOut = true;
      this.#controller.abort(new Error('the time limit of the request is over'));
    });
    if (signal?.aborted) this.cut(signal.reason);
    if (fenced?.aborted) this.#controller.abort(fenced.reason);
    this.#letGo = [
      onAbort(signal, (reason) => this.cut(reason)),
      onAbort(fenced, (reason) => this.#controller.abort(reason)),
    ];
  }

  /** Aborted when the call is to end at once. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get timedOut(): boolean {
    return this.#timedOut;
  }

  /** Whether a byte of the request has gone, so that nobody knows what became of it until the answer comes. */
  get hasLeft(): boolean {
    return this.#left;
  }

  /** The request's bytes go now. */
  left(): void {
    this.#left = true;
  }

  /** What has left was not let in: nothing has been done by it. */
  refused(): void {
    this.#left = false;
  }

  /** From now on time does not matter any more. */
  unlimited(): void {
    this.#cancelTimer();
  }

  /** Waits for what has no signal of its own. @throws the reason of {@link signal} */
  wait<T>(work: Promise<T>): Promise<T> {
    return waitFor(work, this.signal);
  }

  /** The call is over: lets go of its timer and of the signals. */
  release(): void {
    this.#cancelTimer();
    for (const letGo of this.#letGo) letGo();
  }

  /** Nobody wants the answer any more. */
  cut(reason: unknown): void {
    if (this.#bounds.read || !this.#left) this.#controller.abort(reason);
  }
}
