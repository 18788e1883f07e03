import type { Position } from '../../model/location.js';

/** Turns offsets in a text into lines and columns. Columns count UTF-16 code units, as editors and language servers do. */
export class LineIndex {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    // A byte order mark is no column: what editors show as the first character follows it.
    if (text.startsWith(BYTE_ORDER_MARK)) starts[0] = BYTE_ORDER_MARK.length;
    this.#starts = starts;
  }

  /** The position of an offset, from line 1, column 1. */
  positionAt(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(0, offset - (this.#starts[low] ?? 0)) + 1 };
  }
}

/** What some editors put at the start of a file; it is not part of its text. */
export const BYTE_ORDER_MARK = '\uFEFF';
