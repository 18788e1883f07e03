import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type Scalar } from 'yaml';
import type { Origin, Position } from '../../model/location.js';
import type { Path } from '../../model/path.js';
import type { LineIndex } from './line-index.js';
import { offsetInScalar, type ScalarStyle } from './scalar-position.js';
import type { Chunk } from './yaml-chunks.js';
import { YAML_OPTIONS, type YamlDocument } from './yaml-tree.js';
import { isMerge, keyText } from './yaml-value.js';

/** A file of YAML, as the origins of its documents share it. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
  readonly lines: LineIndex;
}

/** Finds fields of one YAML document in its file. The syntax tree is let go of when memory is short, and made again. */
export class YamlOrigin implements Origin {
  readonly file: string;
  readonly #source: YamlFile;
  readonly #chunk: Chunk;
  #tree: WeakRef<YamlDocument>;

  /** @param tree the document as it was parsed; the origin does not keep it alive */
  constructor(source: YamlFile, chunk: Chunk, tree: YamlDocument) {
    this.#tree = new WeakRef(tree);
    this.file = source.file;
    this.#source = source;
    this.#chunk = chunk;
  }

  locate(path: Path, within?: Position): Position | undefined {
    const { node, offset, rest } = this.#find(path);
    const inside = within !== undefined && rest === 0 && isScalar(node) ? this.#inside(node, within) : 0;
    return this.#position(offset + inside);
  }

  locateKey(path: Path): Position | undefined {
    const { rest, keyOffset, offset } = this.#find(path);
    return this.#position(rest === 0 ? (keyOffset ?? offset) : offset);
  }

  /** The node at the path or at its nearest ancestor, and how many segments of the path lead no further. */
  #find(path: Path): Found {
    const document = this.#document();
    let found: Found = { node: document.contents, offset: startOf(document.contents) ?? 0, rest: path.length };
    for (const segment of path) {
      const next = step(document, found.node, segment);
      if (next === undefined) return found;
      const offset = startOf(next.node) ?? next.keyOffset ?? found.offset;
      found = { node: next.node, offset, rest: found.rest - 1, keyOffset: next.keyOffset };
    }
    return found;
  }

  #document(): YamlDocument {
    const kept = this.#tree.deref();
    if (kept !== undefined) return kept;
    const made = parseDocument(this.#source.text.slice(this.#chunk.start, this.#chunk.end), YAML_OPTIONS);
    this.#tree = new WeakRef(made);
    return made;
  }

  #inside(node: Scalar, within: Position): number {
    const style = STYLES[node.type ?? 'PLAIN'];
    if (style === undefined || !node.range || typeof node.value !== 'string') return 0;
    const start = this.#chunk.start;
    const source = this.#source.text.slice(start + node.range[0], start + node.range[1]);
    return offsetInScalar({ style, source, value: node.value }, within);
  }

  #position(offset: number): Position {
    return this.#source.lines.positionAt(this.#chunk.start + offset);
  }
}

interface Found {
  readonly node: unknown;
  readonly offset: number;
  readonly rest: number;
  readonly keyOffset?: number | undefined;
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single-quoted',
  QUOTE_DOUBLE: 'double-quoted',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

/** Where a node begins; undefined for a value that is not written at all. */
function startOf(node: unknown): number | undefined {
  if (!isNode(node) || !node.range) return undefined;
  return isScalar(node) && node.type === 'PLAIN' && node.source === '' ? undefined : node.range[0];
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}

interface Step {
  readonly node: unknown;
  readonly keyOffset?: number | undefined;
}

function step(document: YamlDocument, from: unknown, segment: string | number): Step | undefined {
  const node = isAlias(from) ? resolve(document, from) : from;
  if (isSeq(node)) {
    return typeof segment === 'number' && segment in node.items ? { node: node.items[segment] } : undefined;
  }
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => !isMerge(pair) && keyText(pair.key) === String(segment));
  if (own !== undefined) return { node: own.value, keyOffset: startOf(own.key) };
  return node.items
    .filter(isMerge)
    .map((pair) => stepIntoMerge(document, pair, segment))
    .find((found) => found !== undefined);
}

function stepIntoMerge(document: YamlDocument, { value }: Pair, segment: string | number): Step | undefined {
  const sources = isSeq(value) ? value.items : [value];
  return sources.map((source) => step(document, source, segment)).find((found) => found !== undefined);
}

function resolve(document: YamlDocument, alias: Alias): unknown {
  return alias.resolve(document);
}
