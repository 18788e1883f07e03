import { type Node, parseTree } from 'jsonc-parser';
import { getAt, type Json, type Path, type Position } from '../../kernel/index.js';
import { readJson } from './json-syntax.js';

const BYTE_ORDER_MARK = '\ufeff';

/** A text is not JSON, or goes beyond a limit. `position` is where that shows first. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';

  constructor(
    message: string,
    readonly position: Position,
  ) {
    super(message);
  }
}

/** A JSON document as it is written, and what it says. Immutable. */
export class JsonText {
  #tree: Node | undefined;
  #lineStarts: readonly number[] | undefined;

  private constructor(
    /** A byte order mark, or nothing. */
    readonly prefix: string,
    /** All that follows the prefix. */
    readonly text: string,
    /** What it says. Nobody may change it. */
    readonly value: Json,
  ) {}

  /** @throws JsonSyntaxError */
  static parse(written: string, maxDepth: number): JsonText {
    const prefix = written.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    const text = written.slice(prefix.length);
    const reading = readJson(text, maxDepth);
    if ('value' in reading) return new JsonText(prefix, text, reading.value);
    const { message, offset } = reading.fault;
    throw new JsonSyntaxError(message, positionAt(lineStartsOf(text), offset));
  }

  /** The document as it is written, whole. */
  get written(): string {
    return this.prefix + this.text;
  }

  /** Where everything stands. Made when it is first asked for: reading alone does not need it. */
  get tree(): Node {
    const tree = this.#tree ?? parseTree(this.text, [], { disallowComments: true });
    if (tree === undefined) throw new Error('unreachable: what JSON.parse has taken has a tree');
    this.#tree = tree;
    return tree;
  }

  /** The node of the value at the path; undefined when there is none. Of doubled keys the last counts, as for JSON.parse. */
  nodeAt(path: Path): Node | undefined {
    let node: Node | undefined = this.tree;
    for (const segment of path) node = node && childAt(node, segment);
    return node;
  }

  /** The position of the value at the path, or of its nearest ancestor that is there. */
  locate(path: Path): Position {
    let end = path.length;
    while (end > 0 && getAt(this.value, path.slice(0, end)) === undefined) end -= 1;
    this.#lineStarts ??= lineStartsOf(this.text);
    return positionAt(this.#lineStarts, this.nodeAt(path.slice(0, end))?.offset ?? 0);
  }
}

/** The members of a mapping's node, in order; doubled keys are all there. */
export function membersOf(
  node: Node,
): readonly { readonly key: string; readonly property: Node; readonly value: Node }[] {
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    return key === undefined || value === undefined ? [] : [{ key: String(key.value), property, value }];
  });
}

function childAt(node: Node, segment: string | number): Node | undefined {
  if (node.type === 'array') return typeof segment === 'number' ? node.children?.[segment] : undefined;
  if (node.type !== 'object') return undefined;
  return membersOf(node).findLast(({ key }) => key === String(segment))?.value;
}

/** The offsets at which lines begin. */
function lineStartsOf(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (match) => match.index + match[0].length)];
}

function positionAt(lineStarts: readonly number[], offset: number): Position {
  let line = 0;
  let beyond = lineStarts.length;
  while (beyond - line > 1) {
    const middle = (line + beyond) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) line = middle;
    else beyond = middle;
  }
  return { line: line + 1, column: offset - (lineStarts[line] ?? 0) + 1 };
}
