import {
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Path, YAML_OPTIONS } from '../../kernel/index.js';
import { DEFAULT_YAML_STYLE, type YamlStyle } from './yaml-render.js';

/** As the kernel reads documents, and with the tokens, so that an edit knows where they stand. */
const OPTIONS = { ...YAML_OPTIONS, keepSourceTokens: true } as const;

/** The syntax tree of one document's text. */
export function parseYaml(text: string): Document.Parsed {
  return parseDocument(text, OPTIONS);
}

/** What a path leads to. */
export type Found =
  /** A value that is written at the path itself. */
  | { readonly type: 'pair'; readonly map: YAMLMap; readonly pair: Pair; readonly index: number }
  | { readonly type: 'item'; readonly list: YAMLSeq; readonly index: number }
  /** A mapping that is written, and does not have the key. */
  | { readonly type: 'absent'; readonly map: YAMLMap }
  /** The path leads through an alias, a merge or nothing: only its first `depth` segments are written here. */
  | { readonly type: 'blocked'; readonly depth: number };

/** Follows a path, at least one segment long, through what the document itself has written. */
export function findInTree(root: unknown, path: Path): Found {
  let here = root;
  for (const [depth, segment] of path.entries()) {
    const found = step(here, segment);
    if (found === undefined) return { type: 'blocked', depth };
    if (depth === path.length - 1) return found;
    if (found.type === 'absent') return { type: 'blocked', depth: depth + 1 };
    here = found.type === 'pair' ? found.pair.value : found.list.items[found.index];
  }
  return { type: 'blocked', depth: 0 };
}

function step(node: unknown, segment: string | number): Exclude<Found, { type: 'blocked' }> | undefined {
  if (isSeq(node)) {
    return typeof segment === 'number' && segment < node.items.length
      ? { type: 'item', list: node, index: segment }
      : undefined;
  }
  if (!isMap(node)) return undefined;
  const index = node.items.findIndex((pair) => !isMergePair(pair) && keyText(pair.key) === String(segment));
  const pair = node.items[index];
  return pair === undefined ? { type: 'absent', map: node } : { type: 'pair', map: node, pair, index };
}

/** What a key is as JSON; undefined for a list or mapping. As the kernel reads keys. */
export function keyText(key: unknown): string | undefined {
  if (key === null || key === undefined) return '';
  if (!isScalar(key)) return undefined;
  return key.type === 'PLAIN' || typeof key.value !== 'string' ? (key.source ?? String(key.value)) : key.value;
}

/** Whether the pair merges other mappings into its own. */
export function isMergePair({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.value === '<<';
}

/** The offset of the first character of a node's own text; undefined for one that is not written. */
export function startOf(node: unknown): number | undefined {
  return isNode(node) && !isUnwritten(node) ? node.range?.[0] : undefined;
}

/** The offset behind the last character that belongs to a node, comments and the last line break left out; undefined for one that is not written. */
export function endOf(node: unknown, text: string): number | undefined {
  if (!isNode(node) || !node.range || isUnwritten(node)) return undefined;
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    return last === undefined ? undefined : endOfPair(last, text);
  }
  if (isSeq(node) && !node.flow) {
    return (
      endOf(node.items.at(-1), text) ?? indicatorEnd(itemToken(node, node.items.length - 1)?.start, 'seq-item-ind')
    );
  }
  const end = node.range[1];
  // Block scalars own their last line break; everything that is put behind a node begins with one.
  if (text[end - 1] !== '\n' || !isBlockScalar(node)) return end;
  return text[end - 2] === '\r' ? end - 2 : end - 1;
}

/** The offset behind a pair's value, or behind its colon when nothing is written there. */
export function endOfPair(pair: Pair, text: string): number | undefined {
  return endOf(pair.value, text) ?? colonEnd(pair);
}

/** The offset behind the colon of a pair; undefined where there is none. */
export function colonEnd(pair: Pair): number | undefined {
  const token = pair.srcToken as CST.CollectionItem | undefined;
  return indicatorEnd(token?.sep, 'map-value-ind');
}

/** The offset of the dash of a block list's item. */
export function dashOf(list: YAMLSeq, index: number): number | undefined {
  const end = indicatorEnd(itemToken(list, index)?.start, 'seq-item-ind');
  return end === undefined ? undefined : end - 1;
}

/** Whether a pair is written as `? key : value`. */
export function isExplicit(pair: Pair): boolean {
  return (
    (pair.srcToken as CST.CollectionItem | undefined)?.start.some(({ type }) => type === 'explicit-key-ind') ?? false
  );
}

/** The comment between a pair's colon, or an item's dash, and its value, when it stands on that line. */
export function commentAfter(tokens: readonly CST.SourceToken[] | undefined, from: number): string | undefined {
  for (const { type, source, offset } of tokens ?? []) {
    if (offset < from) continue;
    if (type === 'newline') return undefined;
    if (type === 'comment') return source;
  }
  return undefined;
}

/** Whether a scalar is written as a block, `|` or `>`. */
export function isBlockScalar(node: unknown): node is Scalar {
  return isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);
}

/** How the document is laid out, from the first places that tell; the default where none does. */
export function styleOf(document: Document, text: string): YamlStyle {
  const found: { indent?: number; indentLists?: boolean } = {};
  look(document.contents, text, found);
  return {
    indent: found.indent ?? DEFAULT_YAML_STYLE.indent,
    indentLists: found.indentLists ?? DEFAULT_YAML_STYLE.indentLists,
  };
}

function look(node: unknown, text: string, found: { indent?: number; indentLists?: boolean }): void {
  if (isSeq(node)) for (const item of node.items) look(item, text, found);
  if (!isMap(node) || node.flow) return;
  const column = columnOf(startOf(node.items[0]?.key), text);
  for (const { value } of node.items) {
    if (isMap(value) && !value.flow) {
      const inner = columnOf(startOf(value.items[0]?.key), text);
      if (inner > column) found.indent ??= Math.min(inner - column, 8);
    }
    if (isSeq(value) && !value.flow) found.indentLists ??= columnOf(dashOf(value, 0), text) > column;
    look(value, text, found);
  }
}

/** How many characters stand before an offset on its line. */
export function columnOf(offset: number | undefined, text: string): number {
  return offset === undefined ? 0 : offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** The tokens of a list's item, as the parser found them. */
export function itemToken(list: YAMLSeq, index: number): CST.CollectionItem | undefined {
  const token = list.srcToken;
  return token?.type === 'block-seq' ? token.items[index] : undefined;
}

function indicatorEnd(tokens: readonly CST.SourceToken[] | undefined, type: string): number | undefined {
  const token = tokens?.find((one) => one.type === type);
  return token === undefined ? undefined : token.offset + token.source.length;
}

function isUnwritten(node: Node): boolean {
  return isScalar(node) && node.type === 'PLAIN' && node.source === '';
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}
