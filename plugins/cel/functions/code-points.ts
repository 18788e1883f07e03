const SURROGATE = /[\ud800-\udfff]/;

/** How many characters (code points) a text has. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const isPair = (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
    if (isPair) count--;
  }
  return count;
}

/** A text by its characters (code points), which is how CEL counts, at the cost of a plain string where it can be. */
export class CodePoints {
  readonly #characters: string | readonly string[];

  constructor(text: string) {
    this.#characters = SURROGATE.test(text) ? Array.from(text) : text;
  }

  get length(): number {
    return this.#characters.length;
  }

  slice(start: number, end?: number): string {
    const part = this.#characters.slice(start, end);
    return typeof part === 'string' ? part : part.join('');
  }

  /** How many characters are before a UTF-16 offset; negative offsets stay. */
  indexOfOffset(text: string, offset: number): number {
    return offset < 0 || typeof this.#characters === 'string' ? offset : Array.from(text.slice(0, offset)).length;
  }

  /** The UTF-16 offset of a character. */
  offsetOf(index: number): number {
    return typeof this.#characters === 'string' ? index : this.slice(0, index).length;
  }
}
