import { Special } from './special.js';

/** A sequence of bytes; nobody changes them once they are here. */
export class Bytes extends Special {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = bytes;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get typeName(): string {
    return 'bytes';
  }
}
