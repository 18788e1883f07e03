import { KoreoError } from '../model/errors.js';

/** The base of what stores and resource handlers throw. `retriable`: whether the same call may succeed later, unchanged. */
export abstract class StoreError extends KoreoError {
  abstract readonly retriable: boolean;
}

/** There is no resource of that name (or, for a kind, no such collection). */
export class NotFoundError extends StoreError {
  readonly code = 'not-found';
  readonly retriable = true;
}
/** A resource of that name is there already. */
export class AlreadyExistsError extends StoreError {
  readonly code = 'already-exists';
  readonly retriable = true;
}
/** The resource has changed since the revision that the caller read, or its uid is another. */
export class ConflictError extends StoreError {
  readonly code = 'conflict';
  readonly retriable = true;
}
/** The store does not know the kind, now; a later try may find it. */
export class UnknownKindError extends StoreError {
  readonly code = 'unknown-kind';
  readonly retriable = true;
}
/** The store refuses the resource as it is: it breaks a schema, a naming rule, or the store's root. */
export class InvalidResourceError extends StoreError {
  readonly code = 'invalid-resource';
  readonly retriable = false;
}
/** The caller may not do this: no permission, a read-only folder. */
export class ForbiddenError extends StoreError {
  readonly code = 'forbidden';
  readonly retriable = false;
}
/** The store cannot answer now: network, a full disk, overload, time-out. `retryAfter` is in seconds, when the store says. */
export class UnavailableError extends StoreError {
  readonly code = 'unavailable';
  readonly retriable = true;

  constructor(
    message: string,
    readonly retryAfter?: number,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
/** `apiConfig.store`, or the routing, names a store that the configuration does not have. */
export class UnknownStoreError extends StoreError {
  readonly code = 'unknown-store';
  readonly retriable = false;
}
