import { KoreoError } from '../model/errors.js';
import { formatLocation, type SourceLocation } from '../model/location.js';

/** An expression of a definition failed. The message names place, complaint and source, and holds no value from scope. */
export class EvaluationError extends KoreoError {
  readonly code = 'expression-failed';

  constructor(
    /** Where the expression stands; line and column are those of the failing part when the engine knows it. */
    readonly location: SourceLocation,
    readonly source: string,
    reason: string,
    options?: { cause?: unknown },
  ) {
    super(`${formatLocation(location)}: ${reason} (in =${shorten(source)})`, options);
  }
}

const LONGEST_SOURCE = 200;

function shorten(source: string): string {
  const line = source.replace(/\s+/g, ' ');
  return line.length <= LONGEST_SOURCE ? line : `${line.slice(0, LONGEST_SOURCE)}…`;
}
