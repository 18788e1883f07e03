import { formatPath, type Path } from './path.js';

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset in a text; columns count characters. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lastLine = before.slice(before.lastIndexOf('\n') + 1);
  return { line: before.split('\n').length, column: [...lastLine].length + 1 };
}

/** Where a resource came from, as far as its store knows: a file and the means to find a field in it. */
export interface Origin {
  /** The file's path as a person would open it: from the folder of the configuration, where there is one. */
  readonly file?: string;
  /**
   * The position of the value at the path, or of its nearest ancestor that is there. `within` is a position inside a
   * string value (line and column from 1), for pointing into a multi-line expression.
   */
  locate?(path: Path, within?: Position): Position | undefined;
  /** The position of the key that the value at the path stands under; for a value without a key, of the value. */
  locateKey?(path: Path): Position | undefined;
}

/** Where in a definition something stands. `file`, `line` and `column` are there when the definition came from a file. */
export interface SourceLocation {
  readonly path: Path;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A location as a person reads it: `spec.locals.name (orders.koreo:12:9)`. */
export function formatLocation(location: SourceLocation): string {
  const path = formatPath(location.path);
  if (location.file === undefined) return path;
  const position = location.line === undefined ? '' : `:${location.line}:${location.column ?? 1}`;
  return `${path} (${location.file}${position})`;
}
