import type { Position } from '../model/location.js';

/** Where a string value's expression is, when it is one. */
export interface ExpressionText {
  /** What an engine compiles: the text after `=`, without white space around it. */
  readonly source: string;
  /** Where the source begins in the string value, from line 1, column 1. */
  readonly start: Position;
}

/** Where nearly all expressions begin; one for all of them. */
const AFTER_SIGN: Position = { line: 1, column: 2 };

/** The expression that a string value is: its first character, white space aside, is `=`. Undefined for a constant. */
export function expressionText(value: string): ExpressionText | undefined {
  const lead = /^\s*=\s*/.exec(value)?.[0];
  if (lead === undefined) return undefined;
  return { source: value.slice(lead.length).trimEnd(), start: lead === '=' ? AFTER_SIGN : endOf(lead) };
}

function endOf(lead: string): Position {
  const lines = lead.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** A position in an expression's source as a position in the string value that holds it. */
export function positionInValue(start: Position, inSource: Position): Position {
  const line = start.line + inSource.line - 1;
  return { line, column: inSource.line === 1 ? start.column + inSource.column - 1 : inSource.column };
}
