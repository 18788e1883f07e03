import { KoreoError } from '../model/errors.js';
import { formatLocation, type SourceLocation } from '../model/location.js';
import { type PermFail, permFail } from '../model/outcome.js';

/** The definition that runs, for the locations of outcomes. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
}

/** Where in a definition an outcome was decided: `ValueFunction price.v1 spec.return (prices.koreo:7:3)`. */
export function placeIn({ kind, name }: Subject, location: SourceLocation | undefined): string {
  const place = location === undefined ? '' : ` ${formatLocation(location)}`;
  return `${kind} ${name}${place}`;
}

/** What an error of the definition's own making means for its run. Throws on what is no fault of the definition. */
export function evaluationFailure(error: unknown, subject: Subject): PermFail {
  if (!(error instanceof KoreoError)) throw error;
  return permFail(error.message, placeIn(subject, locationOf(error)));
}

function locationOf(error: object): SourceLocation | undefined {
  return 'location' in error ? (error.location as SourceLocation) : undefined;
}
