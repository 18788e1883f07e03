import { Special } from './special.js';

/** A type as a value, as `type(x)` gives it. */
export class TypeValue extends Special {
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  get name(): string {
    return this.#name;
  }

  get typeName(): string {
    return 'type';
  }
}
