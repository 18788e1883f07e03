import type { JsonObject } from 'koreo-kernel';
import { NotFoundError, UnavailableError } from 'koreo-kernel';
import { Observable } from 'rxjs';
import type { ApiClient, ApiRequest } from '../../../../adapters/kubernetes/api/api-client.js';
import { statusError } from '../../../../adapters/kubernetes/api/status-error.js';
import { targetOf } from '../../../support/fake-api-server/api-call.js';
import { ApiError } from '../../../support/fake-api-server/api-error.js';
import type { ApiWorld } from '../../../support/fake-api-server/api-world.js';
import type { WatchSink } from '../../../support/fake-api-server/open-watch.js';

/** How a request fails: with an error, with a refusal of the server's, or by never being answered. */
export type LoopbackFault = Error | { readonly status: number; readonly retryAfter?: number } | 'hang';

type FailingVerb = 'list' | 'watch' | 'discover';

/** Reaches a fake API server without a network, so that nothing but virtual time passes; fails when a test says so. */
export class LoopbackClient implements ApiClient {
  readonly requests: ApiRequest[] = [];
  /** How many watches are open, or were begun and are not answered. */
  watching = 0;
  readonly #server: ApiWorld;
  readonly #faults: { readonly verb: FailingVerb; readonly fault: LoopbackFault }[] = [];

  constructor(server: ApiWorld) {
    this.#server = server;
  }

  /** Fails the next requests of a verb. */
  fail(verb: FailingVerb, fault: LoopbackFault, times = 1): void {
    for (let time = 0; time < times; time++) this.#faults.push({ verb, fault });
  }

  /** Takes back the faults that have not struck. */
  mend(): void {
    this.#faults.length = 0;
  }

  requestsOf(verb: FailingVerb): readonly ApiRequest[] {
    return this.requests.filter((request) => request.verb === verb);
  }

  async send(request: ApiRequest): Promise<JsonObject> {
    this.requests.push(request);
    await Promise.resolve();
    request.signal?.throwIfAborted();
    if (this.#strike(request) === 'hang') return aborted(request.signal);
    return structuredClone(this.#answer(request));
  }

  stream(request: ApiRequest): Observable<JsonObject> {
    return new Observable((subscriber) => {
      this.requests.push(request);
      this.watching += 1;
      const sink: WatchSink = {
        open: () => request.onOpen?.(),
        write: (text) => {
          try {
            subscriber.next(JSON.parse(text) as JsonObject);
          } catch {
            subscriber.error(new UnavailableError('the answer is no JSON'));
          }
        },
        end: () => subscriber.complete(),
        cut: () => subscriber.error(new UnavailableError('the connection broke off')),
      };
      let stop = (): void => undefined;
      queueMicrotask(() => {
        if (subscriber.closed) return;
        try {
          if (this.#strike(request) === 'hang') return;
          const watch = this.#server.follow({ ...this.#call(request), verb: 'watch' }, sink);
          stop = () => this.#server.unfollow(watch);
          if (subscriber.closed) stop();
        } catch (error) {
          subscriber.error(asStoreError(error, request));
        }
      });
      return () => {
        this.watching -= 1;
        stop();
      };
    });
  }

  async close(): Promise<void> {}

  #answer(request: ApiRequest): JsonObject {
    if (request.verb === 'discover') {
      const answer = this.#server.discover(request.path, '');
      if (answer === undefined) throw new NotFoundError('404 page not found');
      return answer.body as JsonObject;
    }
    try {
      return this.#server.ask({ ...this.#call(request), verb: 'list' }).body as JsonObject;
    } catch (error) {
      throw asStoreError(error, request);
    }
  }

  #call({ path, query = {} }: ApiRequest) {
    const target = targetOf(path);
    if (target === undefined) throw new ApiError(404, 'the server could not find the requested resource');
    return { target, query: new URLSearchParams(query), contentType: '', userAgent: 'loopback', body: '' };
  }

  #strike(request: ApiRequest): 'hang' | undefined {
    const index = this.#faults.findIndex(({ verb }) => verb === request.verb);
    const [planned] = index < 0 ? [] : this.#faults.splice(index, 1);
    if (planned === undefined) return undefined;
    const { fault } = planned;
    if (fault === 'hang' || fault instanceof Error) {
      if (fault === 'hang') return fault;
      throw fault;
    }
    const { status, retryAfter } = fault;
    throw statusError(
      { status, body: new ApiError(status, 'planned').status as JsonObject, ...(retryAfter && { retryAfter }) },
      { server: 'https://cluster', ...request },
    );
  }
}

function asStoreError(error: unknown, request: ApiRequest): unknown {
  if (!(error instanceof ApiError)) return error;
  return statusError(
    { status: error.code, body: error.status as JsonObject },
    { server: 'https://cluster', ...request },
  );
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}
