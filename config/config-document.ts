import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Json, Path, Position, Problem } from '../kernel/index.js';

/** The text of a configuration, parsed, with the place of every key and value in it. */
export class ConfigDocument {
  /** The whole as plain JSON; null for an empty file. */
  readonly value: Json;
  /** What keeps the text from being YAML. `value` means nothing while there are any. */
  readonly problems: readonly Problem[];
  readonly #root: Node | null;
  readonly #lines = new LineCounter();

  constructor(
    text: string,
    /** The file's path, as problems name it. */
    readonly file: string,
  ) {
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, stringKeys: true });
    this.#root = document.contents;
    this.problems = document.errors.map((error) => ({
      code: 'yaml-syntax',
      message: error.message,
      location: { path: [], file, ...this.#positionAt(error.pos[0]) },
    }));
    this.value = this.problems.length > 0 ? null : (document.toJS({ maxAliasCount: 100 }) ?? null);
  }

  /** A problem with the value at the path, or with the nearest ancestor that is there. */
  problem(code: string, message: string, path: Path): Problem {
    return { code, message, location: { path, file: this.file, ...this.#locate(path) } };
  }

  /** The position of the key that the path ends in, or of the item, when it ends in a list. */
  #locate(path: Path): Position {
    let here: Node | null = this.#root;
    let offset = startOf(here) ?? 0;
    for (const segment of path) {
      const found: Found | undefined = here === null ? undefined : step(here, segment);
      if (found === undefined) break;
      offset = found.offset ?? offset;
      here = found.node;
    }
    return this.#positionAt(offset);
  }

  #positionAt(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

interface Found {
  readonly node: Node | null;
  readonly offset: number | undefined;
}

function step(node: Node, segment: string | number): Found | undefined {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return isNode(item) ? { node: item, offset: startOf(item) } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
  if (pair === undefined) return undefined;
  return { node: isNode(pair.value) ? pair.value : null, offset: isNode(pair.key) ? startOf(pair.key) : undefined };
}

function startOf(node: Node | null): number | undefined {
  return node?.range?.[0];
}
