/** Those who wait for a condition to hold. Whoever may have made it true asks for a check. */
export class Waiters {
  readonly #holds: () => boolean;
  readonly #waiting = new Set<() => void>();

  constructor(holds: () => boolean) {
    this.#holds = holds;
  }

  /** Resolves when the condition holds; at once when it does already. */
  async wait(): Promise<void> {
    if (this.#holds()) return;
    await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Tells all who wait, if the condition holds now. */
  check(): void {
    if (this.#waiting.size > 0 && this.#holds()) this.release();
  }

  /** Tells all who wait that there is nothing more to wait for. */
  release(): void {
    const told = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of told) resolve();
  }
}
