import { UnavailableError } from '../../../kernel/plugin.js';
import { doubt } from './status-error.js';

interface Asked {
  readonly method: string;
}

/** The server gave no answer in time. */
export function timeOut(server: string, seconds: number, asked: Asked, left: boolean): UnavailableError {
  return new UnavailableError(`${server} did not answer within ${seconds} s${left ? doubt(asked) : ''}`);
}

/** There was no answer, or only a part of one. */
export function networkFailure(server: string, cause: unknown, asked: Asked, left: boolean): UnavailableError {
  const message = `${server} cannot be reached: ${reasonOf(cause)}${left ? doubt(asked) : ''}`;
  return new UnavailableError(message, undefined, { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  // An AggregateError of several addresses has no message of its own.
  if (code === undefined) return cause.message;
  return cause.message.includes(code) || cause.message === '' ? (WORDS[code] ?? code) : `${cause.message} (${code})`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ECONNRESET: 'the connection broke off (ECONNRESET)',
  EHOSTUNREACH: 'there is no way to that host (EHOSTUNREACH)',
  ENETUNREACH: 'there is no way to that network (ENETUNREACH)',
  ENOTFOUND: 'its name is not known (ENOTFOUND)',
  EAI_AGAIN: 'its name cannot be looked up now (EAI_AGAIN)',
  ETIMEDOUT: 'the connection timed out (ETIMEDOUT)',
  EPIPE: 'the connection broke off (EPIPE)',
};
