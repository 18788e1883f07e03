import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { ReadLimits } from '../../contracts/store-type.js';
import { hasKey, type Json, type MutableJsonObject, setKey } from '../../model/json.js';
import type { Origin, Position } from '../../model/location.js';
import type { Path } from '../../model/path.js';
import type { LineIndex } from './line-index.js';
import { offsetInScalar } from './scalar-position.js';
import type { Complaint } from './yaml-tree.js';

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: true };

/** What a JSON text holds. `value` is undefined when it holds nothing, or is over a limit. */
export interface JsonDocument {
  readonly value: Json | undefined;
  /** Absent when the text holds nothing, or is over a limit. */
  readonly tree?: Node;
  readonly complaints: readonly Complaint[];
}

/** Reads a JSON text strictly: no comments, no trailing commas, no key twice. Values are frozen. */
export function readJsonDocument(text: string, limits: ReadLimits): JsonDocument {
  const tooDeep = findTooDeep(text, limits.documentDepth);
  if (tooDeep !== undefined) {
    const message = `is nested deeper than the limit of ${limits.documentDepth} (limits.documentDepth)`;
    return { value: undefined, complaints: [{ code: 'document-limit', message, offset: tooDeep }] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, STRICT);
  const complaints: Complaint[] = errors.map(({ error, offset }) => ({
    code: 'document-syntax',
    message: `is not valid JSON: ${inWords(printParseErrorCode(error))}`,
    offset,
  }));
  if (tree === undefined) return { value: undefined, complaints };
  const value = read(tree, complaints);
  return { value, tree, complaints };
}

/** The library's parser is recursive, so depth is measured on tokens before it runs. */
function findTooDeep(text: string, limit: number): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    if (scanner.getTokenLength() > 1) continue;
    const token = text[scanner.getTokenOffset()];
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth > limit) return scanner.getTokenOffset();
  }
  return undefined;
}

/** `CommaExpected` as `comma expected`. */
function inWords(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

function read(node: Node, complaints: Complaint[]): Json {
  switch (node.type) {
    case 'array':
      return Object.freeze((node.children ?? []).map((child) => read(child, complaints)));
    case 'object':
      return readObject(node, complaints);
    case 'number':
      if (Number.isFinite(node.value)) return node.value as number;
      complaints.push({ code: 'document-value', message: 'has a number that is too large', offset: node.offset });
      return null;
    case 'string':
    case 'boolean':
      return node.value as string | boolean;
    case 'null':
    case 'property':
      return null;
  }
}

function readObject(node: Node, complaints: Complaint[]): Json {
  const result: MutableJsonObject = {};
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    if (hasKey(result, name)) {
      const message = 'has the same key twice in one mapping';
      complaints.push({ code: 'document-value', message, offset: key.offset });
    }
    setKey(result, name, read(value, complaints));
  }
  return Object.freeze(result);
}

/** A file of JSON, as its origin needs it. */
export interface JsonFile {
  readonly file: string;
  readonly text: string;
  readonly lines: LineIndex;
}

/** Finds fields of a JSON document in its file. The syntax tree is let go of when memory is short, and made again. */
export class JsonOrigin implements Origin {
  readonly file: string;
  readonly #text: string;
  readonly #lines: LineIndex;
  #tree: WeakRef<Node>;

  /** @param tree the text as it was parsed; the origin does not keep it alive */
  constructor({ file, text, lines }: JsonFile, tree: Node) {
    this.file = file;
    this.#text = text;
    this.#lines = lines;
    this.#tree = new WeakRef(tree);
  }

  locate(path: Path, within?: Position): Position | undefined {
    const { node, exact } = this.#find(path);
    if (node === undefined) return this.#lines.positionAt(0);
    const inside = within !== undefined && exact && node.type === 'string' ? this.#inside(node, within) : 0;
    return this.#lines.positionAt(node.offset + inside);
  }

  locateKey(path: Path): Position | undefined {
    const { node, exact } = this.#find(path);
    const key = exact && node?.parent?.type === 'property' ? node.parent : node;
    return this.#lines.positionAt(key?.offset ?? 0);
  }

  #find(path: Path): { readonly node: Node | undefined; readonly exact: boolean } {
    const tree = this.#root();
    if (tree === undefined) return { node: undefined, exact: false };
    for (let length = path.length; length > 0; length -= 1) {
      const node = findNodeAtLocation(tree, path.slice(0, length));
      if (node !== undefined) return { node, exact: length === path.length };
    }
    return { node: tree, exact: path.length === 0 };
  }

  #root(): Node | undefined {
    const kept = this.#tree.deref();
    if (kept !== undefined) return kept;
    const made = parseTree(this.#text, [], STRICT);
    if (made !== undefined) this.#tree = new WeakRef(made);
    return made;
  }

  #inside(node: Node, within: Position): number {
    const source = this.#text.slice(node.offset, node.offset + node.length);
    return offsetInScalar({ style: 'double-quoted', source, value: String(node.value) }, within);
  }
}
