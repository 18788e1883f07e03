import { setMaxListeners } from 'node:events';

/** Calls once when the signal is aborted, unless it is let go of before by the function that is given. */
export function onAbort(signal: AbortSignal | undefined, act: (reason: unknown) => void): () => void {
  if (signal === undefined) return () => {};
  // A run that asks for many things at once has one signal for all of them; Node would take that for a leak.
  setMaxListeners(0, signal);
  const listener = (): void => act(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
