import type { IncomingMessage } from 'node:http';
import type { Json } from '../../../kernel/plugin.js';
import type { Credentials } from '../connection/connection.js';
import type { ApiRequest } from './api-client.js';
import { readBody } from './exchange.js';
import type { Refusal } from './status-error.js';

const USER_AGENT = 'koreo-kernel';

/** The body as it is sent; undefined for a request without. */
export function bodyOf({ body }: ApiRequest): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}

/** The server's URL may have a path of its own, before that of the request. */
export function urlOf(server: URL, { path, query = {} }: ApiRequest): URL {
  const search = new URLSearchParams(query).toString();
  const root = server.pathname.replace(/\/+$/, '');
  const url = new URL(server);
  url.pathname = `${root}${path}`;
  url.search = search;
  return url;
}

/** What we are, who we are, and what we send and take. */
export function headersOf(request: ApiRequest, { headers }: Credentials): Credentials['headers'] {
  const { accept = 'application/json', body, contentType = 'application/json' } = request;
  return {
    ...headers,
    'user-agent': USER_AGENT,
    accept,
    ...(body !== undefined && { 'content-type': contentType }),
  };
}

/** What the server says with an answer that is a refusal. */
export async function refusalOf(answer: IncomingMessage): Promise<Refusal> {
  const text = await readBody(answer);
  const status = answer.statusCode ?? 0;
  const retryAfter = secondsOf(answer.headers['retry-after']);
  return { status, body: parsed(text), ...(retryAfter !== undefined && { retryAfter }) };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Not a Status: `404 page not found`, or a proxy's page.
    return null;
  }
}

function secondsOf(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
