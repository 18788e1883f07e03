import type { IncomingMessage } from 'node:http';
import { Observable } from 'rxjs';
import {
  type Clock,
  type JsonObject,
  type StoreActivity,
  UnavailableError,
  type WriteFence,
} from '../../../kernel/plugin.js';
import { type Connection, type Credentials, CredentialsError } from '../connection/connection.js';
import type { ApiClient, ApiRequest } from './api-client.js';
import { CallGuard } from './call-guard.js';
import { chunksOf, ExchangeError, exchange, readBody } from './exchange.js';
import { JsonLines, parseObject } from './json-lines.js';
import { networkFailure, timeOut } from './network-error.js';
import { onAbort } from './on-abort.js';
import { Reachability } from './reachability.js';
import { bodyOf, headersOf, refusalOf, urlOf } from './request-parts.js';
import { statusError } from './status-error.js';
import type { TokenBucket } from './token-bucket.js';

/** What an {@link HttpApiClient} is made of. */
export interface HttpApiClientParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly requestTimeoutSeconds: number;
  readonly rate?: TokenBucket | undefined;
  readonly fence?: WriteFence | undefined;
  /** Told of every call, when it has its answer's head or none. */
  readonly onCall?: (call: StoreActivity) => void;
}

/** Requests over HTTP/1.1, with connections that are kept. */
export class HttpApiClient implements ApiClient {
  /** Whether the server can be reached, and takes us for who we say that we are. */
  readonly reachability = new Reachability();
  readonly #parts: HttpApiClientParts;
  readonly #calls = new Set<CallGuard>();
  readonly #writes = new Set<Promise<unknown>>();
  #closed = false;

  constructor(parts: HttpApiClientParts) {
    this.#parts = parts;
  }

  async send(request: ApiRequest): Promise<JsonObject> {
    request.signal?.throwIfAborted();
    // Taken down before the first await: what the caller does to it afterwards is not ours.
    const body = bodyOf(request);
    if (request.method === 'GET') return this.#send(request, body);
    const writing = this.#send(request, body);
    this.#writes.add(writing);
    try {
      return await writing;
    } finally {
      this.#writes.delete(writing);
    }
  }

  stream(request: ApiRequest): Observable<JsonObject> {
    return new Observable((subscriber) => {
      const ending = new AbortController();
      if (request.signal?.aborted) ending.abort(request.signal.reason);
      const letGo = onAbort(request.signal, (reason) => ending.abort(reason));
      this.#stream({ ...request, signal: ending.signal }, (object) => subscriber.next(object)).then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
      return () => {
        letGo();
        ending.abort(new Error('unsubscribed'));
      };
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const call of this.#calls) call.cut(this.#closedError());
    await Promise.allSettled(this.#writes);
    this.#parts.connection.close();
  }

  async #send(request: ApiRequest, body: string | undefined): Promise<JsonObject> {
    await this.#turn(request);
    const guard = this.#guard(request);
    try {
      const answer = await this.#answered(request, body, guard);
      return parseObject(await readBody(answer));
    } catch (error) {
      throw this.#failure(error, request, guard);
    } finally {
      this.#release(guard);
    }
  }

  async #stream(request: ApiRequest, tell: (object: JsonObject) => void): Promise<void> {
    await this.#turn(request);
    const guard = this.#guard(request);
    try {
      const answer = await this.#answered(request, undefined, guard);
      guard.unlimited();
      request.onOpen?.();
      const lines = new JsonLines();
      for await (const chunk of chunksOf(answer)) for (const object of lines.push(chunk)) tell(object);
      if (lines.cut) throw new UnavailableError(`${this.#parts.connection.server} cut its answer inside a line`);
    } catch (error) {
      throw this.#failure(error, request, guard);
    } finally {
      this.#release(guard);
    }
  }

  async #turn({ signal, unfenced }: ApiRequest): Promise<void> {
    if (unfenced !== true) await this.#parts.rate?.take(signal);
  }

  #guard(request: ApiRequest): CallGuard {
    const { clock, fence, requestTimeoutSeconds: seconds } = this.#parts;
    const { method, signal } = request;
    const fenced = isFenced(request) ? fence?.ended : undefined;
    const guard = new CallGuard({ clock, seconds, signal, fenced, read: method === 'GET' });
    if (this.#closed) guard.cut(this.#closedError());
    this.#calls.add(guard);
    return guard;
  }

  #release(guard: CallGuard): void {
    guard.release();
    this.#calls.delete(guard);
  }

  #closedError(): UnavailableError {
    return new UnavailableError(`the connection to ${this.#parts.connection.server} is closed`);
  }

  /** The answer to a request that the server took; once more with new credentials when it refused the old. */
  async #answered(request: ApiRequest, body: string | undefined, guard: CallGuard): Promise<IncomingMessage> {
    const { connection } = this.#parts;
    const credentials = await guard.wait(connection.credentials());
    const first = await this.#exchange(request, body, credentials, guard);
    if (first.statusCode !== 401) return this.#taken(first, request);
    const renewed = await guard.wait(connection.renew(credentials));
    if (renewed === undefined) return this.#taken(first, request);
    first.on('error', () => undefined).resume();
    guard.refused();
    request.signal?.throwIfAborted();
    return this.#taken(await this.#exchange(request, body, renewed, guard), request);
  }

  async #exchange(
    request: ApiRequest,
    body: string | undefined,
    credentials: Credentials,
    guard: CallGuard,
  ): Promise<IncomingMessage> {
    const { clock, fence } = this.#parts;
    const { method } = request;
    const wire = {
      url: urlOf(credentials.server, request),
      method,
      headers: headersOf(request, credentials),
      agent: credentials.agent,
      ...(body !== undefined && { body }),
      signal: guard.signal,
      beforeLeaving: () => {
        guard.signal.throwIfAborted();
        if (isFenced(request)) fence?.check();
        guard.left();
      },
    };
    const begun = clock.monotonic();
    try {
      // A connection that the server had closed while it was idle fails at once; reading again over a new one is harmless.
      const answer = await exchange(wire).catch((error: unknown) => {
        if (method === 'GET' && error instanceof ExchangeError && error.stale && !guard.signal.aborted)
          return exchange(wire);
        throw error;
      });
      this.#tell(request, String(answer.statusCode), begun);
      return answer;
    } catch (error) {
      this.#tell(request, guard.timedOut ? 'timeout' : guard.signal.aborted ? 'aborted' : 'network', begun);
      throw error;
    }
  }

  async #taken(answer: IncomingMessage, request: ApiRequest): Promise<IncomingMessage> {
    const status = answer.statusCode ?? 0;
    const { server } = this.#parts.connection;
    if (status >= 200 && status < 300) {
      this.reachability.reached();
      return answer;
    }
    const error = statusError(await refusalOf(answer), { server, ...request });
    // What is behind an aggregated API may be down while the server itself is well.
    if (status === 401 || (status >= 500 && request.verb !== 'discover')) this.reachability.failed(error.message);
    else this.reachability.reached();
    throw error;
  }

  #failure(error: unknown, request: ApiRequest, guard: CallGuard): unknown {
    const { server } = this.#parts.connection;
    if (guard.timedOut) {
      const failure = timeOut(server, this.#parts.requestTimeoutSeconds, request, guard.hasLeft);
      this.reachability.failed(failure.message);
      return failure;
    }
    if (guard.signal.aborted) return guard.signal.reason;
    if (!(error instanceof ExchangeError)) {
      if (error instanceof CredentialsError) this.reachability.failed(error.message);
      return error;
    }
    if (!guard.hasLeft) this.#parts.connection.unreachable();
    const failure = networkFailure(server, error.cause, request, guard.hasLeft);
    this.reachability.failed(failure.message);
    return failure;
  }

  #tell({ verb, kind }: ApiRequest, code: string, begun: number): void {
    const durationMs = this.#parts.clock.monotonic() - begun;
    this.#parts.onCall?.({ type: 'call', verb, code, durationMs, ...(kind && { kind }) });
  }
}

/** A dry run writes nothing. */
function isFenced({ method, query, unfenced }: ApiRequest): boolean {
  return method !== 'GET' && query?.dryRun === undefined && unfenced !== true;
}
