import type { Node } from './syntax/node.js';

/**
 * A failed evaluation on its way to the program, which makes an error of it. No Error, as these cost a stack trace each.
 * JSONata writes `position` and `token` onto whatever passes through it, from the inside out; the innermost holds.
 */
export class Fault {
  token: unknown;
  /** Where in the source a token ends, as JSONata counts. */
  #offset: number | undefined;

  constructor(
    readonly message: string,
    /** The part that failed, where that is known: others may be evaluated beside it. */
    readonly node?: Node,
  ) {
    this.#offset = node?.position;
  }

  get position(): number | undefined {
    return this.#offset;
  }

  set position(offset: number | undefined) {
    this.#offset ??= offset;
  }
}
