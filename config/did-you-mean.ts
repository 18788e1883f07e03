import { nearest } from '../kernel/index.js';

/** `; did you mean 'x'?` for the end of a message, or nothing when no candidate is near to what was written. */
export function didYouMean(written: string, candidates: readonly string[]): string {
  const candidate = nearest(written, candidates);
  return candidate === undefined ? '' : `; did you mean '${candidate}'?`;
}

/** The same, and all candidates when none is near. */
export function meantOrKnown(written: string, candidates: readonly string[]): string {
  const known = candidates.length === 0 ? 'there are none' : `there are: ${candidates.join(', ')}`;
  return didYouMean(written, candidates) || `; ${known}`;
}
