import type { Observable } from 'rxjs';
import type { CallVerb, GroupVersionKind, Json, JsonObject } from '../../../kernel/plugin.js';

/** One request to an API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root, every part encoded: `/apis/apps/v1/namespaces/prod/deployments/web`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** Of the body; `application/json` by default. */
  readonly contentType?: string;
  /** `application/json` by default. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** Of an election, which is above the fence that it puts up: neither the fence nor the rate limit holds it back. */
  readonly unfenced?: true;
  /** Of a stream: called when the server has taken it, before the first object. */
  readonly onOpen?: () => void;
  /** What it is for and about, for messages and metrics. */
  readonly verb: CallVerb;
  readonly kind?: GroupVersionKind;
}

/**
 * Requests to one API server: authenticated, limited in rate where the configuration asks for it, each with a time limit.
 * All errors are StoreErrors (see status-error.ts), or the reason of the request's signal. Nothing is tried again here but a
 * request that new credentials may cure, and a read on a connection that had been left idle too long.
 *
 * A write that has left is not cut short when its signal is aborted: it settles with the server's answer, so that who is
 * told of the abort knows that nothing was written. Only the end of a fence cuts it short.
 */
export interface ApiClient {
  /** The answer's JSON object. */
  send(request: ApiRequest): Promise<JsonObject>;
  /**
   * The JSON objects of an answer that goes on, one a line. Completes when the server ends it between two lines; errors
   * when it is refused, breaks off, or is cut inside a line. Cold; unsubscribing closes the connection. The time limit is on
   * the beginning of the answer only.
   */
  stream(request: ApiRequest): Observable<JsonObject>;
  /** Lets writes that have left settle, then closes every connection. Idempotent. */
  close(): Promise<void>;
}
