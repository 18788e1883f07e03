/** Has what is done to one resource come one after the other, where each looks first and then writes what it has made of that. */
export class Turns {
  /** The last of each resource that is not over; it never rejects. */
  readonly #last = new Map<string, Promise<void>>();

  /** Does the work when all is over that was begun before. Rejects with the reason of a signal that is aborted meanwhile. */
  async take<T>(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const turn = before === undefined ? work() : before.then(() => workUnless(signal, work));
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, over);
    void over.then(() => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    });
    if (before !== undefined && signal !== undefined) await unlessAborted(before, signal);
    return turn;
  }
}

async function workUnless<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  return work();
}

/** Waits for what never rejects, and no longer than the signal allows. */
function unlessAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void wait.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
