/** A map that keeps what was used last, and forgets what was not used for longest when it grows beyond its size. */
export class RecentMap<V> {
  readonly #size: number;
  readonly #values = new Map<string, V>();

  constructor(size: number) {
    this.#size = size;
  }

  /** The value of a key, made anew where none is known. */
  get(key: string, make: () => V): V {
    const value = this.#values.get(key) ?? make();
    this.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#size) return;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }
}
