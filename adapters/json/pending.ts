/** A call that waits for its answer. Until it is begun, an abort answers it. */
export class Pending<T> {
  readonly answer: Promise<T>;
  #resolve: (value: T) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #stopListening: () => void = () => undefined;
  #aborted = false;

  /** @throws the signal's reason when it is aborted already */
  constructor(signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const abort = (): void => {
      this.#aborted = true;
      this.#reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#stopListening = () => signal?.removeEventListener('abort', abort);
  }

  /** Whether an abort has answered it. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** From now on an abort comes too late. */
  begin(): void {
    this.#stopListening();
  }

  resolve(value: T): void {
    this.#stopListening();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#stopListening();
    this.#reject(error);
  }
}
