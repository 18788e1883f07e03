import { ConflictError, type ContestedField, InvalidResourceError, UnavailableError } from '../../../kernel/plugin.js';

/** The revision that a watch or a list wants to go on from is not kept any more: begin anew. HTTP 410. */
export class ExpiredError extends UnavailableError {}

/** The server does not accept who we say that we are. HTTP 401. */
export class UnauthorizedError extends UnavailableError {}

/** The kind or the server does not take such a request (server-side apply, say). HTTP 405, 406 and 415. */
export class UnsupportedError extends InvalidResourceError {}

/**
 * The server cannot apply an entry of a list that leaves out one of the fields which tell entries apart, though they have
 * a default: the `protocol` of a port, to servers up to 1.20.
 */
export class OmittedKeyError extends UnsupportedError {}

/** Other field managers set fields that an apply without force wants to set. HTTP 409 with causes. */
export class FieldConflictError extends ConflictError {
  constructor(
    message: string,
    readonly fields: readonly ContestedField[],
  ) {
    super(message);
  }
}

/** The server refuses what the resource would be. HTTP 400, 413 and 422. */
export class RejectedError extends InvalidResourceError {
  constructor(
    message: string,
    /** The fields that it names, as it writes them: `spec.replicas`. */
    readonly fields: readonly string[],
  ) {
    super(message);
  }
}
