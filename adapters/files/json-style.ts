import type { Node } from 'jsonc-parser';
import type { JsonText } from './json-text.js';

/** How a document is laid out, so that what is added looks as what is there. */
export interface JsonStyle {
  /** One step of indentation. */
  readonly indent: string;
  readonly lineBreak: string;
  /** Between a key and its value. */
  readonly colon: string;
  /** Between members on one line. */
  readonly comma: string;
  /** Inside of the braces of a mapping on one line. */
  readonly padding: string;
  /** Whether the document spreads over lines at all, or is too small to tell. */
  readonly spread: boolean;
}

/** Finds the style of a document from the first places that show it. */
export function styleOf({ tree, text }: JsonText): JsonStyle {
  const found: {
    colon?: string | undefined;
    indent?: string | undefined;
    comma?: string | undefined;
    padding?: string | undefined;
  } = {};
  visitContainers(tree, (container) => {
    const gaps = gapsOf(container, text);
    const spread = gaps.some(hasLineBreak);
    const property = container.type === 'object' ? container.children?.[0] : undefined;
    found.colon ??= property && colonOf(property, text);
    if (spread) found.indent ??= stepOf(container, gaps[0] ?? '', text);
    else {
      found.comma ??= gaps.length > 2 ? gaps[1] : undefined;
      if (container.type === 'object') found.padding ??= gaps[0];
    }
    return found.colon === undefined || found.indent === undefined || found.comma === undefined;
  });
  const spread = hasLineBreak(text.trim()) || (tree.children ?? []).length === 0;
  const colon = found.colon ?? ': ';
  const comma = found.comma ?? (colon.endsWith(' ') ? ', ' : ',');
  return {
    indent: found.indent ?? '  ',
    lineBreak: /\r\n|\r|\n/.exec(text)?.[0] ?? '\n',
    colon: hasLineBreak(colon) ? ': ' : colon,
    comma,
    padding: found.padding ?? '',
    spread,
  };
}

/** The text before the first child, between each two, and after the last; commas are part of it. None for an empty container. */
export function gapsOf(container: Node, text: string): readonly string[] {
  const children = container.children ?? [];
  if (children.length === 0) return [];
  const begins = [...children.map(({ offset }) => offset), container.offset + container.length - 1];
  const ends = [container.offset + 1, ...children.map(({ offset, length }) => offset + length)];
  return begins.map((begin, index) => text.slice(ends[index], begin));
}

export function hasLineBreak(text: string): boolean {
  return text.includes('\n') || text.includes('\r');
}

/** The white space at the beginning of the line in which the offset is. */
export function indentationAt(text: string, offset: number): string {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}

/** The white space after the last line break of a gap: how far the line that it begins is indented. */
export function indentationIn(gap: string): string {
  return gap.slice(Math.max(gap.lastIndexOf('\n'), gap.lastIndexOf('\r')) + 1);
}

function stepOf(container: Node, firstGap: string, text: string): string | undefined {
  if (!hasLineBreak(firstGap)) return undefined;
  const outer = indentationAt(text, container.offset);
  const inner = indentationIn(firstGap);
  return inner.startsWith(outer) && inner.length > outer.length ? inner.slice(outer.length) : undefined;
}

function colonOf(property: Node, text: string): string | undefined {
  const [key, value] = property.children ?? [];
  return key === undefined || value === undefined ? undefined : text.slice(key.offset + key.length, value.offset);
}

/** What the beginning of a large document shows is its style. */
const CONTAINERS_TO_VISIT = 200;

/** Visits mappings and lists that are not empty, outermost first, as long as the visitor wants more. */
function visitContainers(root: Node, wantsMore: (container: Node) => boolean): void {
  const waiting: Node[] = [root];
  let visited = 0;
  for (const node of waiting) {
    const children = node.children ?? [];
    if (node.type !== 'property' && children.length > 0) {
      visited += 1;
      if (!wantsMore(node) || visited === CONTAINERS_TO_VISIT) return;
    }
    for (const child of children.slice(0, CONTAINERS_TO_VISIT)) waiting.push(child);
  }
}
