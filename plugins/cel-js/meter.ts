import { type Budget, isList, isObject, type Json, textSteps } from '../../kernel/plugin.js';

/** What cel-js takes for going through one node of its tree, in steps. */
const STEPS_PER_NODE = 5;

/** What throwing and catching takes. */
const STEPS_PER_FAULT = 60;

/** How much longer a text takes that becomes a key: the platform copies it, and keeps what it has seen. */
const KEY_FACTOR = 6;

/** What it takes to compare one pair of items. */
const STEPS_PER_PAIR = 8;

/** Counts the work of cel-js before it is done, since it counts none itself. */
export class Meter {
  constructor(private readonly budget: Budget) {}

  node(): void {
    this.budget.spend(STEPS_PER_NODE);
  }

  /** After a failure that `has` has absorbed. */
  absorbed(): void {
    this.budget.spend(STEPS_PER_FAULT);
  }

  /** Before a text becomes the key of a mapping. */
  key(text: string): void {
    this.budget.spend(KEY_FACTOR * textSteps(text.length));
  }

  /** Before all items or keys of a value are listed. */
  listing(value: unknown): void {
    if (isList(value as Json)) this.budget.spend((value as readonly Json[]).length);
    else if (isObject(value)) this.budget.spend(Object.keys(value).length);
  }

  /** Before two values are added, which makes a new text or list of both. */
  adding(left: unknown, right: unknown): void {
    if (typeof left === 'string' && typeof right === 'string') {
      this.budget.checkString(left.length + right.length);
      this.budget.spend(textSteps(left.length + right.length));
    } else if (Array.isArray(left) && Array.isArray(right)) {
      this.budget.checkItems(left.length + right.length);
      this.budget.spend(left.length + right.length);
    }
  }

  /** Before two values are compared, as deep as they go. */
  comparing(left: unknown, right: unknown): void {
    this.#pair(left, right);
    // `in` looks at every item or key.
    if (typeof left === 'string' && isList(right as Json)) {
      this.budget.spend((right as readonly Json[]).length * textSteps(left.length));
    } else this.listing(right);
  }

  #pair(left: unknown, right: unknown): void {
    this.budget.spend(STEPS_PER_PAIR);
    if (typeof left === 'string' && typeof right === 'string') {
      this.budget.spend(textSteps(Math.min(left.length, right.length)));
    } else if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length === right.length) {
        for (const [index, item] of left.entries()) this.#pair(item, right[index]);
      }
    } else if (isObject(left) && isObject(right)) {
      const keys = Object.keys(left);
      this.budget.spend(keys.length);
      if (keys.length === Object.keys(right).length) {
        for (const key of keys) if (Object.hasOwn(right, key)) this.#pair(left[key], right[key]);
      }
    }
  }
}
