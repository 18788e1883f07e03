import { type Budget, textSteps } from '../../../kernel/plugin.js';

/** How much longer working through a text takes that has characters beyond 16 bits. */
const PAIRS_FACTOR = 4;

const SURROGATE = /[\ud800-\udfff]/;

/** How many characters (code points) a text has, up to an offset. */
export function countCharacters(text: string, end = text.length): number {
  let count = end;
  for (let index = 0; index < end - 1; index++) {
    if (isPair(text, index)) count--;
  }
  return count;
}

/** A text by its characters (code points), which is how CEL counts, at the cost of a plain string where it can be. */
export class CodePoints {
  readonly #text: string;
  readonly #hasPairs: boolean;
  readonly length: number;

  /** @throws LimitExceededError, as a text with pairs has to be counted through again and again */
  constructor(text: string, budget: Budget) {
    this.#text = text;
    this.#hasPairs = SURROGATE.test(text);
    if (this.#hasPairs) budget.spend(PAIRS_FACTOR * textSteps(text.length));
    this.length = this.#hasPairs ? countCharacters(text) : text.length;
  }

  slice(start: number, end?: number): string {
    return this.#text.slice(this.offsetOf(start), end === undefined ? undefined : this.offsetOf(end));
  }

  /** How many characters are before a UTF-16 offset; negative offsets stay. */
  indexOfOffset(offset: number): number {
    return offset < 0 || !this.#hasPairs ? offset : countCharacters(this.#text, offset);
  }

  /** The UTF-16 offset of a character; the end of the text for one beyond it. */
  offsetOf(index: number): number {
    if (!this.#hasPairs) return index;
    let offset = 0;
    for (let count = 0; count < index && offset < this.#text.length; count++)
      offset += isPair(this.#text, offset) ? 2 : 1;
    return offset;
  }
}

function isPair(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
}
