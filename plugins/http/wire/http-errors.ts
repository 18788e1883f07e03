import {
  AlreadyExistsError,
  ConflictError,
  ForbiddenError,
  InvalidResourceError,
  NotFoundError,
  type StoreError,
  UnavailableError,
} from '../../../kernel/plugin.js';

/** What was asked, as messages say it: `PATCH https://api.example.com/repos/a/b`, never with its query. */
export interface Asked {
  readonly text: string;
  /** What the request is to do; decides what a conflict means. */
  readonly verb: 'read' | 'create' | 'update' | 'delete';
  /** Seconds until it is to be tried again, where the API does not say. */
  readonly retryAfter?: number | undefined;
}

/** The answer is none that can be understood: another type than JSON, broken, too large, or too deep. It may be well later. */
export class UnexpectedAnswerError extends UnavailableError {
  constructor({ text, retryAfter }: Asked, why: string) {
    super(`${text} ${why}`, retryAfter);
  }
}

/** An answer that refuses. */
export interface Refusal {
  readonly status: number;
  /** Seconds, where the answer says when to come again. */
  readonly retryAfter?: number | undefined;
  /** Whether the answer says that it refuses for too many requests, whatever its status. */
  readonly rateLimited: boolean;
  /** What the API says itself, where the options say that it may be shown; without secrets. */
  readonly message?: string | undefined;
}

/** The error that a refusal means. */
export function refusalError(refusal: Refusal, asked: Asked): StoreError {
  const { status, rateLimited, message, retryAfter = asked.retryAfter } = refusal;
  const said = message === undefined ? '' : `: ${message}`;
  const text = `${asked.text} answered ${status}${said}`;
  if (status === 429 || rateLimited) {
    return new UnavailableError(`${asked.text} asks for fewer requests (${status})${said}`, retryAfter);
  }
  switch (status) {
    case 401:
      return new UnavailableError(`${asked.text} refused the credentials (401)${said}: renew them`, retryAfter);
    case 403:
      return new ForbiddenError(`${asked.text} is not allowed (403)${said}`);
    case 404:
    case 410:
      return new NotFoundError(text);
    case 409:
    case 412:
      return asked.verb === 'create' ? new AlreadyExistsError(text) : new ConflictError(text);
    case 408:
    case 423:
    case 425:
      return new UnavailableError(`${text}${doubt(asked)}`, retryAfter);
  }
  if (status >= 500) return new UnavailableError(`${text}${doubt(asked)}`, retryAfter);
  return new InvalidResourceError(text);
}

/** What to add where nobody knows whether a write was done. */
function doubt({ verb }: Asked): string {
  return verb === 'read' ? '' : '; the write may have taken effect';
}

/** There was no answer in time. */
export function timeOutError(asked: Asked, seconds: number): UnavailableError {
  return new UnavailableError(`${asked.text} was not answered within ${seconds} s${doubt(asked)}`, asked.retryAfter);
}

/** There was no answer, or only a part of one. The message has nothing of what the network said but its code. */
export function networkError(asked: Asked, error: unknown): StoreError {
  const code = codeOf(error);
  if (code === 'ADDRESS_REFUSED') return new ForbiddenError(`${asked.text} was not sent: ${addressMessage(error)}`);
  const isUnsent = UNSENT.has(code);
  const message = `${asked.text}: ${WORDS[code] ?? code}${isUnsent ? '' : doubt(asked)}`;
  return new UnavailableError(message, asked.retryAfter);
}

/** Seconds that a Retry-After says, be it a number or a date. */
export function retryAfterSeconds(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, LONGEST_RETRY_SECONDS) : undefined;
}

const LONGEST_RETRY_SECONDS = 3600;

function codeOf(error: unknown): string {
  const chain = error instanceof AggregateError ? [error, ...error.errors] : [error];
  for (const one of chain) {
    if (typeof one === 'object' && one !== null && 'code' in one && typeof one.code === 'string') return one.code;
  }
  return 'the connection failed';
}

function addressMessage(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** After these nothing has left. */
const UNSENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const UNTRUSTED = 'its certificate is from nobody whom we trust; name the authority in `tls.caFile`';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ECONNRESET: 'the connection broke off (ECONNRESET)',
  EHOSTUNREACH: 'there is no way to that host (EHOSTUNREACH)',
  ENETUNREACH: 'there is no way to that network (ENETUNREACH)',
  ENOTFOUND: 'the name of the host is not known (ENOTFOUND)',
  EAI_AGAIN: 'the name of the host cannot be looked up now (EAI_AGAIN)',
  ETIMEDOUT: 'the connection timed out (ETIMEDOUT)',
  EPIPE: 'the connection broke off (EPIPE)',
  UND_ERR_SOCKET: 'the connection broke off',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer broke off',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};
