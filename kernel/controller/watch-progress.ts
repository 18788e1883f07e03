/** So many of a trigger's latest revisions are remembered; an answer is not longer on its way. */
const REMEMBERED = 8;

/** Whether what a watch has told of a trigger is at least as new as what the store itself has said of it. */
export class WatchProgress {
  readonly #told: string[] = [];
  #awaited: string | undefined;
  /** Whether a write may have taken effect of which nobody knows. */
  #isUnknown = false;

  /** Whether the store has to be asked, because the watch may tell of the past. */
  get isBehind(): boolean {
    return this.#awaited !== undefined || this.#isUnknown;
  }

  /** The watch has told this revision. */
  told(revision: string): void {
    this.#told.push(revision);
    if (this.#told.length > REMEMBERED) this.#told.shift();
    if (revision === this.#awaited) this.#awaited = undefined;
  }

  /** The store itself has given this revision, as an answer. Gives whether the watch has told as much already. */
  answered(revision: string): boolean {
    this.#isUnknown = false;
    const isTold = this.#told.includes(revision);
    this.#awaited = isTold ? undefined : revision;
    return isTold;
  }

  /** A write failed, or nobody knows whether it did. */
  unanswered(): void {
    this.#isUnknown = true;
  }
}
