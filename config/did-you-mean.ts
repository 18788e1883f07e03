import { nearest } from '../kernel/index.js';

/** `; did you mean 'x'?` for the end of a message, or nothing when no candidate is near to what was written. */
export function didYouMean(written: string, candidates: readonly string[]): string {
  const candidate = nearest(written, candidates);
  return candidate === undefined ? '' : `; did you mean '${candidate}'?`;
}
