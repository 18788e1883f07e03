import { FencedError, type WriteFence } from 'koreo-kernel';

/** A fence that stands until a test takes it away. */
export class SwitchFence implements WriteFence {
  readonly #ended = new AbortController();
  #expired = false;

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  check(): void {
    if (this.#expired) this.fall();
    this.ended.throwIfAborted();
  }

  /** The fence comes down, and tells so. */
  fall(): void {
    this.#ended.abort(new FencedError('another process leads'));
  }

  /** Its time is over, but nothing has told so yet: the next check is the first to notice. */
  expire(): void {
    this.#expired = true;
  }
}
