/** At how many places below a place of the heap those stand that are not before it: few levels, and neighbours in memory. */
const ARITY = 4;

/**
 * Values by the time at which they are due, the first to be taken first; of those of one time the one that was added first. The
 * times stand side by side, apart from the values, so that to find the next touches little memory however many there are.
 */
export class DelayHeap<T> {
  // None is before the one at its index less one, divided by the arity. The three lists are one list of triples.
  #dues: number[] = [];
  #orders: number[] = [];
  #values: T[] = [];
  #added = 0;

  get size(): number {
    return this.#values.length;
  }

  /** When the first is due; undefined when there is none. */
  get nextDue(): number | undefined {
    return this.#dues[0];
  }

  get next(): T | undefined {
    return this.#values[0];
  }

  add(due: number, value: T): void {
    this.#added += 1;
    this.#rise(this.size, due, this.#added, value);
  }

  /** Takes the first away. */
  take(): T | undefined {
    const first = this.#values[0];
    const due = this.#dues.pop();
    const order = this.#orders.pop();
    const value = this.#values.pop();
    if (due !== undefined && order !== undefined && this.size > 0) this.#sink(0, due, order, value as T);
    return first;
  }

  /** Keeps the values that are wanted, in a time that grows with their number. */
  retain(isWanted: (value: T) => boolean): void {
    const places = [...this.#values.keys()].filter((index) => isWanted(this.#values[index] as T));
    const from = { dues: this.#dues, orders: this.#orders, values: this.#values };
    this.#dues = places.map((index) => from.dues[index] as number);
    this.#orders = places.map((index) => from.orders[index] as number);
    this.#values = places.map((index) => from.values[index] as T);
    for (let index = Math.floor((this.size - 2) / ARITY); index >= 0; index -= 1) {
      this.#sink(index, this.#dues[index] as number, this.#orders[index] as number, this.#values[index] as T);
    }
  }

  /** Puts a value where it belongs at an index or above it; what is there moves down. */
  #rise(from: number, due: number, order: number, value: T): void {
    let index = from;
    while (index > 0) {
      const above = Math.floor((index - 1) / ARITY);
      if (this.#isBefore(above, due, order)) break;
      this.#move(above, index);
      index = above;
    }
    this.#put(index, due, order, value);
  }

  /** Puts a value where it belongs at an index or below it; what is there moves up. */
  #sink(from: number, due: number, order: number, value: T): void {
    const { size } = this;
    let index = from;
    for (;;) {
      let least = index * ARITY + 1;
      if (least >= size) break;
      const end = Math.min(least + ARITY, size);
      for (let other = least + 1; other < end; other += 1) {
        if (this.#isBefore(other, this.#dues[least] as number, this.#orders[least] as number)) least = other;
      }
      if (!this.#isBefore(least, due, order)) break;
      this.#move(least, index);
      index = least;
    }
    this.#put(index, due, order, value);
  }

  #isBefore(index: number, due: number, order: number): boolean {
    const own = this.#dues[index] as number;
    return own < due || (own === due && (this.#orders[index] as number) < order);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#dues[from] as number, this.#orders[from] as number, this.#values[from] as T);
  }

  #put(index: number, due: number, order: number, value: T): void {
    this.#dues[index] = due;
    this.#orders[index] = order;
    this.#values[index] = value;
  }
}
