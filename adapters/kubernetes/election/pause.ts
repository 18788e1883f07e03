import type { Clock } from '../../../kernel/plugin.js';

/** Waits for so long, or until the signal is aborted. Never rejects; leaves no timer behind. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.schedule(ms, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** A time that varies by a fifth, and is never longer than asked for, so that processes do not act in step. */
export function jittered(clock: Clock, ms: number): number {
  return ms * (0.8 + 0.2 * clock.random());
}
