import type { Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'undici/types/header.js';
import { type Clock, ForbiddenError, type Json, UnavailableError } from '../../../kernel/plugin.js';
import type { AllowedHosts } from './allowed-hosts.js';
import { type AnswerLimits, readError, readJson } from './answer-body.js';
import {
  type Asked,
  networkError,
  refusalError,
  retryAfterSeconds,
  timeOutError,
  UnexpectedAnswerError,
} from './http-errors.js';
import type { RequestHeaders } from './request-headers.js';
import { TimeLimit } from './time-limit.js';

/** One request to an API. */
export interface HttpRequest {
  readonly verb: Asked['verb'];
  readonly method: string;
  /** Below the base URL, or wherever a link of an answer leads. */
  readonly url: URL;
  /** Beside those that go with every request. */
  readonly headers: RequestHeaders;
  readonly body?: Json;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer that takes the request: 2xx, or 304 to one that asked for what is new only. */
export interface HttpAnswer {
  readonly status: number;
  /** For messages. */
  readonly asked: Asked;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** Undefined where there is no content. */
  readonly json: Json | undefined;
  readonly etag: string | undefined;
  readonly link: string | undefined;
}

/** What opens connections, and only to addresses that may be connected to. */
export interface Connections {
  /** @throws AddressError for a host that is an address which must not be connected to */
  checkHost(host: string): void;
  /** @throws UnavailableError when a certificate cannot be read */
  dispatcher(): Promise<Dispatcher>;
  close(): Promise<void>;
}

/** What an {@link HttpClient} is made of. */
export interface HttpClientParts {
  readonly clock: Clock;
  readonly connections: Connections;
  readonly hosts: AllowedHosts;
  /** Sent with every request. */
  readonly headers: RequestHeaders;
  readonly limits: AnswerLimits;
  readonly timeoutSeconds: number;
  /** Until a call that found the API unavailable is tried again; absent: as the loop does. */
  readonly retrySeconds?: number | undefined;
}

const MOST_REDIRECTS = 5;

/** Sends requests to one API, one at a time and none again: when to try again is for the loop to say. */
export class HttpClient {
  readonly #parts: HttpClientParts;
  readonly #closing = new AbortController();

  constructor(parts: HttpClientParts) {
    this.#parts = parts;
  }

  /** @throws StoreError of the class that the answer, or its absence, means; the signal's reason when it is aborted */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    request.signal?.throwIfAborted();
    const { clock, timeoutSeconds } = this.#parts;
    const limit = new TimeLimit(clock, timeoutSeconds, [request.signal, this.#closing.signal]);
    const asked = askedFor(request, this.#parts.retrySeconds);
    try {
      return await this.#follow(request, asked, limit.signal);
    } catch (error) {
      if (limit.isOver) throw timeOutError(asked, timeoutSeconds);
      throw limit.signal.aborted ? limit.signal.reason : error;
    } finally {
      limit.letGo();
    }
  }

  /** Ends what is under way and lets go of connections. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort(new UnavailableError('the connection to the API is closed'));
    await this.#parts.connections.close();
  }

  async #follow(request: HttpRequest, asked: Asked, signal: AbortSignal): Promise<HttpAnswer> {
    let { url } = request;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      this.#check(url, asked);
      const answer = await this.#exchange(request, url, asked, signal);
      const next = redirectOf(answer, url);
      if (next === undefined) return await this.#taken(answer, url, asked);
      await answer.body.dump();
      if (asked.verb !== 'read') {
        throw new ForbiddenError(`${asked.text} was redirected (${answer.statusCode}): writes follow no redirects`);
      }
      url = next;
    }
    throw new UnexpectedAnswerError(asked, `was redirected more than ${MOST_REDIRECTS} times`);
  }

  #check(url: URL, asked: Asked): void {
    const objection = this.#parts.hosts.objection(url);
    if (objection !== undefined) throw new ForbiddenError(`${asked.text} was led elsewhere: ${objection}`);
    try {
      this.#parts.connections.checkHost(url.hostname);
    } catch (error) {
      throw networkError(asked, error);
    }
  }

  async #exchange(request: HttpRequest, url: URL, asked: Asked, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { connections, headers, hosts } = this.#parts;
    const { method, body, ifMatch, ifNoneMatch } = request;
    const withSecrets = hosts.isBase(url);
    const sent = {
      accept: 'application/json',
      'user-agent': 'koreo-kernel',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(await headers.forRequest({ withSecrets })),
      ...(await request.headers.forRequest({ withSecrets })),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
    };
    const dispatcher = await connections.dispatcher();
    try {
      return await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: method as Dispatcher.HttpMethod,
        headers: sent,
        body: body === undefined ? null : JSON.stringify(body),
        signal,
        // The time limit is the clock's, for the whole of it.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
    } catch (error) {
      throw networkError(asked, error);
    }
  }

  async #taken(answer: Dispatcher.ResponseData, url: URL, asked: Asked): Promise<HttpAnswer> {
    const { statusCode: status, headers } = answer;
    const { limits } = this.#parts;
    if (status === 304 || (status >= 200 && status < 300)) {
      const json = await readJson(answer, asked, limits);
      return { status, asked, url, json, etag: one(headers.etag), link: one(headers.link) };
    }
    throw refusalError({ status, ...this.#patience(status, headers), message: await readError(answer, limits) }, asked);
  }

  #patience(status: number, headers: IncomingHttpHeaders): { retryAfter: number | undefined; rateLimited: boolean } {
    const now = this.#parts.clock.now();
    const after = retryAfterSeconds(one(headers['retry-after']), now);
    const isSpent = one(headers['x-ratelimit-remaining']) === '0';
    const reset = Number(one(headers['x-ratelimit-reset'])) - now / 1000;
    return {
      retryAfter: after ?? (isSpent && reset > 0 && reset <= 3600 ? reset : undefined),
      rateLimited: status === 403 && (after !== undefined || isSpent),
    };
  }
}

function askedFor({ verb, method, url }: HttpRequest, retryAfter: number | undefined): Asked {
  return { verb, text: `${method} ${url.origin}${url.pathname}`, retryAfter };
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | undefined {
  const location = one(headers.location);
  if (!REDIRECTS.has(statusCode) || location === undefined) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
