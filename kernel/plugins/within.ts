import type { Clock } from '../contracts/clock.js';
import type { MaybePromise } from '../model/json.js';

/** A bound on how long something may take. */
export interface TimeBound {
  readonly clock: Clock;
  readonly seconds: number;
  /** Aborted when it is not worth waiting for any longer. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for work as long as the bound allows; then its signal is aborted, and nobody waits for it any longer.
 * @throws what the work throws; TimeoutError when the time is over; the reason of the bound's own signal
 */
export async function within(
  { clock, seconds, signal }: TimeBound,
  work: (signal: AbortSignal) => MaybePromise<void>,
): Promise<void> {
  const end = new AbortController();
  const cut = new Promise<never>((_, reject) => {
    end.signal.addEventListener('abort', () => reject(end.signal.reason), { once: true });
  });
  const onAbort = (): void => end.abort(signal?.reason);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const cancel = clock.schedule(seconds * 1000, () => {
    end.abort(new DOMException(`it took longer than ${seconds} s`, 'TimeoutError'));
  });
  try {
    const done = Promise.resolve(work(end.signal));
    // Whatever comes of it when nobody waits any longer.
    done.catch(() => undefined);
    cut.catch(() => undefined);
    await Promise.race([done, cut]);
  } finally {
    cancel();
    signal?.removeEventListener('abort', onAbort);
  }
}
