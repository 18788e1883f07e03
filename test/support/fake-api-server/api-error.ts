import type { ServedKind } from './served-kind.js';

/** One thing that is wrong with an object, and where. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

interface Details {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** A refusal, as the `Status` object that a real server answers with. */
export class ApiError extends Error {
  readonly reason: string;

  constructor(
    readonly code: number,
    message: string,
    readonly details: Details = {},
    reason?: string,
  ) {
    super(message);
    this.reason = reason ?? REASONS[code] ?? 'Unknown';
  }

  /** The body of the answer, and the object of an `ERROR` event. */
  get status(): Record<string, unknown> {
    const { code, message, reason, details } = this;
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
  }
}

/** What is told when an object is not there. */
export function notFound(kind: ServedKind, name: string): ApiError {
  return new ApiError(404, `${shownKind(kind)} "${name}" not found`, detailsOf(kind, name));
}

/** What is told when a name is taken. */
export function alreadyExists(kind: ServedKind, name: string): ApiError {
  return new ApiError(409, `${shownKind(kind)} "${name}" already exists`, detailsOf(kind, name), 'AlreadyExists');
}

/** What is told when an object is not as the caller takes it to be. */
export function conflict(kind: ServedKind, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${shownKind(kind)} "${name}": ${why}`;
  return new ApiError(409, message, detailsOf(kind, name));
}

/** What is told when an object breaks the rules of its kind. */
export function invalid(kind: ServedKind, name: string, causes: readonly Cause[]): ApiError {
  const all = causes.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`));
  const text = all.length === 1 ? all[0] : `[${all.join(', ')}]`;
  const title = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const details = { name, group: kind.group, kind: kind.kind, causes };
  return new ApiError(422, `${title} "${name}" is invalid: ${text}`, details);
}

function shownKind({ plural, group }: ServedKind): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function detailsOf({ group, plural }: ServedKind, name: string): Details {
  return { name, ...(group === '' ? {} : { group }), kind: plural };
}
