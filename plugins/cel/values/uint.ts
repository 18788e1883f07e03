import { Special } from './special.js';

/** An unsigned 64-bit integer. */
export class Uint extends Special {
  readonly #value: bigint;

  constructor(value: bigint) {
    super();
    this.#value = value;
  }

  get value(): bigint {
    return this.#value;
  }

  get typeName(): string {
    return 'uint';
  }
}
