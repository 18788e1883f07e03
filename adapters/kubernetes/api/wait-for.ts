import { onAbort } from './on-abort.js';

/** Waits for what others wait for too, as long as the signal lets. @throws the signal's reason */
export async function waitFor<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal?.aborted) {
    // Nobody is left to hear how it ends.
    work.catch(() => undefined);
    throw signal.reason;
  }
  let letGo = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    letGo = onAbort(signal, reject);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    letGo();
  }
}
