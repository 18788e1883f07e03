import type { Clock } from '../../../kernel/plugin.js';
import { onAbort } from './on-abort.js';

/** How many requests may leave. */
export interface RateLimit {
  readonly requestsPerSecond: number;
  /** How many may leave at once, after a while in which none did. */
  readonly burst: number;
}

/** Lets requests go one after the other, no faster than the limit: a token bucket. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  /** Negative while requests wait for tokens that are still to come. */
  #tokens: number;
  #seen: number;

  constructor({ requestsPerSecond, burst }: RateLimit, clock: Clock) {
    this.#clock = clock;
    this.#perMs = requestsPerSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#seen = clock.monotonic();
  }

  /** Resolves when the request may leave; who is aborted gives the place back. @throws the signal's reason */
  async take(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#seen) * this.#perMs);
    this.#seen = now;
    this.#tokens -= 1;
    if (this.#tokens >= 0) return;
    await this.#wait(-this.#tokens / this.#perMs, signal);
  }

  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(ms, () => {
        letGo();
        resolve();
      });
      const letGo = onAbort(signal, (reason) => {
        cancel();
        this.#tokens += 1;
        reject(reason);
      });
    });
  }
}
