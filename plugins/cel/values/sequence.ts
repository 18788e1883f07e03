import { Special } from './special.js';
import type { Value } from './value.js';

/**
 * A list that grows at its end in constant time: lists made by adding to one another share one array, and each sees the
 * part of it that was there when it was made.
 */
export class Sequence extends Special {
  readonly #items: Value[];
  readonly #length: number;

  private constructor(items: Value[], length: number) {
    super();
    this.#items = items;
    this.#length = length;
  }

  /** The concatenation of two lists. Cheap when the left one is the end of its own growth; else it is copied. */
  static concat(left: List, right: List): Sequence {
    const items = left instanceof Sequence && left.#isNewest ? left.#items : copy(left);
    const length = lengthOf(left) + lengthOf(right);
    // The length is read beforehand, as a list may be added to itself.
    for (let index = 0, end = lengthOf(right); index < end; index++) items.push(itemAt(right, index) ?? null);
    return new Sequence(items, length);
  }

  /** How many items concatenating the two has to copy or append. */
  static concatSteps(left: List, right: List): number {
    const grows = left instanceof Sequence && left.#isNewest;
    return lengthOf(right) + (grows ? 0 : lengthOf(left));
  }

  get length(): number {
    return this.#length;
  }

  get typeName(): string {
    return 'list';
  }

  at(index: number): Value | undefined {
    return index < this.#length ? this.#items[index] : undefined;
  }

  /** The items as an array of their own. */
  toArray(): Value[] {
    return this.#items.slice(0, this.#length);
  }

  get #isNewest(): boolean {
    return this.#items.length === this.#length;
  }
}

/** A list, in either of its forms. */
export type List = readonly Value[] | Sequence;

/** Whether the value is a list. */
export function isList(value: Value | undefined): value is List {
  return Array.isArray(value) || value instanceof Sequence;
}

export function lengthOf(list: List): number {
  return list.length;
}

/** The item at an index; undefined outside of the list. */
export function itemAt(list: List, index: number): Value | undefined {
  return list instanceof Sequence ? list.at(index) : list[index];
}

function copy(list: List): Value[] {
  return list instanceof Sequence ? list.toArray() : list.slice();
}
