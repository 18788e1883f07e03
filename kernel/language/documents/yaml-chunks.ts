import { BYTE_ORDER_MARK } from './line-index.js';

/** The part of a text that holds one YAML document, with the directives and comments before it. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a YAML stream into its documents. YAML forbids a line that begins with `---` or `...` inside any document, even
 * inside quotes, so the cuts are right whatever is wrong between them: no document can spoil its neighbours.
 */
export function splitYaml(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let start = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let preludeOnly = true;
  for (let lineStart = start; lineStart < text.length; ) {
    const newline = text.indexOf('\n', lineStart);
    const lineEnd = newline < 0 ? text.length : newline + 1;
    if (isMarker(text, lineStart, '---')) {
      if (!preludeOnly) {
        chunks.push({ start, end: lineStart });
        start = lineStart;
      }
      preludeOnly = false;
    } else if (isMarker(text, lineStart, '...')) {
      chunks.push({ start, end: lineStart });
      start = lineEnd;
      preludeOnly = true;
    } else if (preludeOnly) {
      preludeOnly = isPrelude(text.slice(lineStart, lineEnd));
    }
    lineStart = lineEnd;
  }
  if (start < text.length) chunks.push({ start, end: text.length });
  return chunks;
}

function isMarker(text: string, at: number, marker: string): boolean {
  if (!text.startsWith(marker, at)) return false;
  const after = text[at + marker.length];
  return after === undefined || after === ' ' || after === '\t' || after === '\n' || after === '\r';
}

function isPrelude(line: string): boolean {
  return line.startsWith('%') || /^\s*(#|$)/.test(line);
}
