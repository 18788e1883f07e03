/** Keys in the order in which they came, each once. Taking the first and removing any are both O(1). */
export class Lane {
  readonly #keys = new Set<string>();
  /** One iterator for all takes: it passes a key once, where a fresh one would walk over every key taken before. */
  #cursor = this.#keys.values();

  get size(): number {
    return this.#keys.size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Puts the key at the end, unless it is waiting already. */
  add(key: string): void {
    this.#keys.add(key);
  }

  remove(key: string): boolean {
    return this.#keys.delete(key);
  }

  /** Takes the key that has waited longest. */
  take(): string | undefined {
    if (this.#keys.size === 0) return undefined;
    let next = this.#cursor.next();
    if (next.done === true) {
      this.#cursor = this.#keys.values();
      next = this.#cursor.next();
    }
    if (next.value !== undefined) this.#keys.delete(next.value);
    return next.value;
  }
}
