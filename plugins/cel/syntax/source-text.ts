import { ExpressionSyntaxError, positionAt } from '../../../kernel/plugin.js';

/** A complaint about the source at an offset. */
export function syntaxError(source: string, offset: number, message: string): ExpressionSyntaxError {
  return new ExpressionSyntaxError(message, positionAt(source, offset));
}
