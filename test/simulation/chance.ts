import { seededRandom } from 'koreo-kernel/testing';

/** Choices that are the same for the same seed. */
export class Chance {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** True in so many of 1 cases. */
  flip(probability = 0.5): boolean {
    return this.#random() < probability;
  }

  /** A whole number from `from` up to and with `to`. */
  between(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  /** @throws Error when there is nothing to choose from */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('there is nothing to choose from');
    return items[this.between(0, items.length - 1)] as T;
  }

  /** Some of the items, in an order of chance. */
  some<T>(items: readonly T[], atLeast = 0): readonly T[] {
    const left = [...items];
    const count = this.between(atLeast, items.length);
    return Array.from({ length: count }, () => left.splice(this.between(0, left.length - 1), 1)).flat();
  }
}
