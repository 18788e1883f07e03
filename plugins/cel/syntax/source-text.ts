import { ExpressionSyntaxError, type Position } from '../../../kernel/plugin.js';

/** Line and column of an offset in a source; both count from 1, columns in characters. */
export function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, offset);
  const lastLine = before.slice(before.lastIndexOf('\n') + 1);
  return { line: before.split('\n').length, column: [...lastLine].length + 1 };
}

/** A complaint about the source at an offset. */
export function syntaxError(source: string, offset: number, message: string): ExpressionSyntaxError {
  return new ExpressionSyntaxError(message, positionAt(source, offset));
}
