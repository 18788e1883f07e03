import { StoreError, UnavailableError } from '../contracts/store-errors.js';
import { errorMessage } from '../model/errors.js';
import { type PermFail, permFail, type Retry, retry } from '../model/outcome.js';

/** Seconds until the next try, when nobody says otherwise. */
export const DEFAULT_DELAY = 30;

/** A resource could not be read: always to be tried again, whatever the cause. `what` is as in `Reading Deployment prod/web`. */
export function readFailure(error: unknown, what: string, place: string): Retry {
  return retry(delayAfter(error), `${what} failed: ${errorMessage(error)}`, place);
}

/** A write failed: to be tried again, unless the store says that the same write can never succeed. */
export function writeFailure(error: unknown, what: string, place: string): Retry | PermFail {
  if (error instanceof StoreError && !error.retriable) return permFail(`${what} failed: ${error.message}`, place);
  return readFailure(error, what, place);
}

function delayAfter(error: unknown): number {
  return error instanceof UnavailableError ? (error.retryAfter ?? DEFAULT_DELAY) : DEFAULT_DELAY;
}
