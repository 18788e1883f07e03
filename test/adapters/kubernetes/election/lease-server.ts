import {
  AlreadyExistsError,
  type Clock,
  ConflictError,
  type JsonObject,
  NotFoundError,
  UnavailableError,
} from 'koreo-kernel';
import type { VirtualClock } from 'koreo-kernel/testing';
import { NEVER } from 'rxjs';
import type { ApiClient, ApiRequest } from '../../../../adapters/kubernetes/api/api-client.js';

/** What happens to one request on its way. */
export interface Weather {
  /** Milliseconds until the server has it, and until its answer is back. */
  readonly there: number;
  readonly back: number;
  /** It never arrives, or is done and the answer is lost. */
  readonly lost?: 'request' | 'answer';
}

const CALM: Weather = { there: 1, back: 1 };

/** A server that keeps Leases by the rules of an API server, at the end of a line whose weather a test makes. */
export class LeaseServer {
  readonly #world: VirtualClock;
  readonly #leases = new Map<string, JsonObject>();
  #revision = 0;
  /** Every request that has arrived: `PUT pod-a 200`. */
  readonly log: string[] = [];
  /** What becomes of the next request, and when; what it throws is the answer. */
  weather: (request: ApiRequest) => Weather = () => CALM;

  constructor(world: VirtualClock) {
    this.#world = world;
  }

  /** A client in a process with a clock of its own: its answers come only while that process runs. */
  client(clock: Clock): ApiClient {
    return {
      send: (request) => this.#send(request, clock),
      stream: () => NEVER,
      close: async () => undefined,
    };
  }

  lease(name = 'koreo', namespace = 'koreo'): JsonObject | undefined {
    return this.#leases.get(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`);
  }

  get spec(): Record<string, unknown> {
    return (this.lease()?.spec ?? {}) as Record<string, unknown>;
  }

  /** Changes a Lease as somebody else would. */
  edit(change: (lease: JsonObject) => JsonObject | undefined, name = 'koreo'): void {
    const path = `/apis/coordination.k8s.io/v1/namespaces/koreo/leases/${name}`;
    const lease = change(this.#leases.get(path) ?? {});
    if (lease === undefined) this.#leases.delete(path);
    else this.#leases.set(path, this.#stamped(lease));
  }

  #send(request: ApiRequest, clock: Clock): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const { signal } = request;
      const abort = (): void => reject(signal?.reason);
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort);
      let weather: Weather;
      try {
        weather = this.weather(request);
      } catch (error) {
        signal?.removeEventListener('abort', abort);
        clock.schedule(1, () => reject(error));
        return;
      }
      const { there, back, lost } = weather;
      const broken = (): void => reject(new UnavailableError('the connection broke off (ECONNRESET)'));
      if (lost === 'request') {
        clock.schedule(there + back, broken);
        return;
      }
      // What is on its way goes on whatever becomes of the process; the answer waits for it.
      this.#world.schedule(there, () => {
        const answer = this.#answer(request);
        clock.schedule(back, () => {
          signal?.removeEventListener('abort', abort);
          if (lost === 'answer') broken();
          else if (answer instanceof Error) reject(answer);
          else resolve(answer);
        });
      });
    });
  }

  #answer({ method, path, body }: ApiRequest): JsonObject | Error {
    const sent = body as { metadata: JsonObject; spec: JsonObject } | undefined;
    const answer = this.#perform(method, path, sent);
    const who = String(sent?.spec.holderIdentity ?? '').replace(/_.*/, '');
    const code = answer instanceof Error ? answer.constructor.name : 'ok';
    this.log.push([method, ...(sent === undefined ? [] : [who || 'nobody']), code].join(' '));
    return answer;
  }

  #perform(
    method: string,
    path: string,
    sent: { metadata: JsonObject; spec: JsonObject } | undefined,
  ): JsonObject | Error {
    if (method === 'POST' && sent !== undefined) {
      const own = `${path}/${String(sent.metadata.name)}`;
      if (this.#leases.has(own)) return new AlreadyExistsError('leases "koreo" already exists');
      return this.#keep(own, sent);
    }
    const present = this.#leases.get(path);
    if (present === undefined) return new NotFoundError('leases "koreo" not found');
    if (method === 'GET' || sent === undefined) return present;
    const revision = (present.metadata as JsonObject).resourceVersion;
    if (sent.metadata.resourceVersion !== revision) return new ConflictError('the object has been modified');
    return this.#keep(path, sent);
  }

  #keep(path: string, sent: JsonObject): JsonObject {
    const kept = this.#stamped(sent);
    this.#leases.set(path, kept);
    return kept;
  }

  #stamped(lease: JsonObject): JsonObject {
    this.#revision += 1;
    return { ...lease, metadata: { ...(lease.metadata as JsonObject), resourceVersion: String(this.#revision) } };
  }
}
