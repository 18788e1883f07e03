import {
  AlreadyExistsError,
  ConflictError,
  ForbiddenError,
  type GroupVersionKind,
  getAt,
  InvalidResourceError,
  isObject,
  type Json,
  type JsonObject,
  NotFoundError,
  type StoreError,
  UnavailableError,
  UnknownKindError,
} from '../../../kernel/plugin.js';
import {
  ExpiredError,
  FieldConflictError,
  OmittedKeyError,
  RejectedError,
  UnauthorizedError,
  UnsupportedError,
} from './api-errors.js';
import { causesOf, contestedFields, invalidMessage, withoutValues } from './status-causes.js';

/** A refusal of an API server, or an ERROR event of a watch. */
export interface Refusal {
  readonly status: number;
  /** The Status object, where the server sent one. */
  readonly body?: Json;
  /** Seconds, from the header Retry-After. */
  readonly retryAfter?: number;
}

/** What was asked, for the message. */
export interface AskedFor {
  /** `https://host:port`. */
  readonly server: string;
  readonly method: string;
  readonly kind?: GroupVersionKind;
}

/** The error that a refusal means. Its message holds no values of the data. */
export function statusError({ status, body, retryAfter }: Refusal, asked: AskedFor): StoreError {
  const { server } = asked;
  const what = isObject(body) ? body : {};
  const reason = textAt(what, ['reason']);
  const message = serverMessage(what, asked);
  const seconds = retryAfter ?? secondsIn(what);
  if (message.startsWith(UNTYPED)) return untyped(message);
  switch (status) {
    case 401:
      return new UnauthorizedError(
        `${server} refused the credentials (401): renew them, or check the kubeconfig's user`,
      );
    case 403:
      return forbidden(what, message);
    case 404:
      return notFound(what, message, asked);
    case 409:
      return conflict(what, reason, message);
    case 410:
      return new ExpiredError(`${server} does not keep that revision any more (410)`);
    case 405:
    case 406:
    case 415:
      return new UnsupportedError(`${server} does not take this request (${status}): ${message}`);
    case 400:
    case 413:
    case 422:
      return new RejectedError(
        invalidMessage(what, asked.kind, message),
        causesOf(what).map(({ field }) => field),
      );
    case 429:
      return new UnavailableError(`${server} asks for fewer requests (429): ${message}`, seconds);
  }
  if (status >= 500) return new UnavailableError(`${server} answered ${status}: ${message}${doubt(asked)}`, seconds);
  return new InvalidResourceError(`${server} refused the request (${status}): ${message}`);
}

/** What to add to the message of a failure after which nobody knows whether a write was done. */
export function doubt({ method }: { readonly method: string }): string {
  return method === 'GET' ? '' : '; the write may have taken effect';
}

/** How servers begin to say that a target does not fit the schema that they apply by; older ones with a 500. */
const UNTYPED = 'failed to create typed patch object';

function untyped(message: string): StoreError {
  return message.includes('omits key field') ? new OmittedKeyError(message) : new RejectedError(message, []);
}

function forbidden(body: JsonObject, message: string): StoreError {
  const ending = causesOf(body).some(({ reason }) => reason === 'NamespaceTerminating');
  // A quota has no reason of its own; the words are those of the admission plug-in in every version.
  if (ending || message.includes('is being terminated') || message.includes('exceeded quota')) {
    return new UnavailableError(message);
  }
  return new ForbiddenError(message);
}

/** An object that is missing is named in the details; a missing kind leaves them empty, or there is no Status at all. */
function notFound(body: JsonObject, message: string, { kind, server }: AskedFor): StoreError {
  const name = textAt(body, ['details', 'name']);
  if (name !== '' || kind === undefined) return new NotFoundError(message);
  return new UnknownKindError(
    `${server} has no kind ${kind.kind} in ${kind.apiVersion}, now: is its CustomResourceDefinition installed?`,
  );
}

function conflict(body: JsonObject, reason: string, message: string): StoreError {
  if (reason === 'AlreadyExists') return new AlreadyExistsError(message);
  const fields = contestedFields(body);
  if (fields.length === 0) return new ConflictError(message);
  const told = fields.map(({ path, manager }) => `${path} (${manager})`).join(', ');
  return new FieldConflictError(`other field managers have set ${told}`, fields);
}

function serverMessage(body: JsonObject, asked: AskedFor): string {
  const text = withoutValues(textAt(body, ['message']), asked.kind);
  return text === '' ? 'it gave no reason' : text;
}

function secondsIn(body: JsonObject): number | undefined {
  const seconds = getAt(body, ['details', 'retryAfterSeconds']);
  return typeof seconds === 'number' && seconds > 0 ? seconds : undefined;
}

function textAt(body: JsonObject, path: readonly string[]): string {
  const found = getAt(body, path);
  return typeof found === 'string' ? found : '';
}
