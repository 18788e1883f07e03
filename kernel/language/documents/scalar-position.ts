import type { Position } from '../../model/location.js';

/** How a string is written in a file. */
export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'block';

/** A string's text as the file has it, from its first character (quote, block header) to its last. */
export interface ScalarSource {
  readonly style: ScalarStyle;
  readonly source: string;
  readonly value: string;
}

/**
 * Finds where in its source text a position inside a string's value is written; an offset from the start of the source.
 * Folding, indentation and chomping only ever change white space, so the n-th visible character of the value is the n-th
 * of the source.
 */
export function offsetInScalar({ style, source, value }: ScalarSource, within: Position): number {
  const visibleBefore = countVisible(value.slice(0, offsetOf(value, within)));
  let offset = contentStart(style, source);
  for (let left = visibleBefore; offset < source.length; ) {
    const [length, visible] = readCharacter(style, source, offset);
    if (visible) {
      if (left === 0) return offset;
      left -= 1;
    }
    offset += length;
  }
  return source.trimEnd().length;
}

function offsetOf(value: string, { line, column }: Position): number {
  let start = 0;
  for (let left = line; left > 1; left -= 1) {
    const newline = value.indexOf('\n', start);
    if (newline < 0) return value.length;
    start = newline + 1;
  }
  return Math.min(start + column - 1, value.length);
}

function countVisible(text: string): number {
  return text.replace(/\s/g, '').length;
}

function contentStart(style: ScalarStyle, source: string): number {
  if (style === 'block') return source.indexOf('\n') + 1;
  return style === 'plain' ? 0 : 1;
}

/** The length of what stands for one character of the value, and whether that character is more than white space. */
function readCharacter(style: ScalarStyle, source: string, at: number): readonly [length: number, visible: boolean] {
  const character = source[at] ?? '';
  if (style === 'single-quoted' && character === "'") return [2, true];
  if (style === 'double-quoted' && character === '\\') return readEscape(source, at);
  return [1, /\S/.test(character)];
}

const NUMERIC_ESCAPES: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };
/** The letters after a backslash that stand for white space, or for a line break that is left out. */
const WHITE_SPACE_ESCAPES = 'tnvfr _LP\t\r\n';

function readEscape(source: string, at: number): readonly [length: number, visible: boolean] {
  const letter = source[at + 1] ?? '';
  const length = NUMERIC_ESCAPES[letter];
  if (length === undefined) return [2, !WHITE_SPACE_ESCAPES.includes(letter)];
  const code = Number.parseInt(source.slice(at + 2, at + length), 16);
  return [length, Number.isNaN(code) || code > 0x10ffff || /\S/.test(String.fromCodePoint(code))];
}
