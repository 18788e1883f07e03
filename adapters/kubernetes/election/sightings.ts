import type { Lease } from './lease.js';

/**
 * What a candidate knows of the others, by its own clock alone: who held the Lease when it was last seen to change, and
 * until when that holder is to be left alone. Times are monotonic milliseconds.
 */
export class Sightings {
  readonly #ownSeconds: number;
  #revision: string | undefined;
  #holder = '';
  #freeAt = Number.NEGATIVE_INFINITY;

  /** @param ownSeconds how long a holder is left alone that does not say it itself */
  constructor(ownSeconds: number) {
    this.#ownSeconds = ownSeconds;
  }

  /** Who is believed to hold it; empty when nobody is known to. */
  get holder(): string {
    return this.#holder;
  }

  /**
   * Takes note of the Lease as it was read; `now` is after the answer. One that is gone tells nothing new: who held it may
   * not know yet that it is.
   */
  see(lease: Lease | undefined, now: number): void {
    if (lease === undefined || lease.revision === this.#revision) return;
    this.#revision = lease.revision;
    this.#holder = lease.holder;
    this.#freeAt = lease.holder === '' ? now : now + (lease.seconds ?? this.#ownSeconds) * 1000;
  }

  /** Milliseconds that the holder is still to be left alone. */
  heldFor(now: number): number {
    return Math.max(0, this.#freeAt - now);
  }
}
