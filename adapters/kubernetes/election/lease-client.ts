import { type Clock, NotFoundError, UnavailableError } from '../../../kernel/plugin.js';
import type { ApiClient, ApiRequest } from '../api/api-client.js';
import { onAbort } from '../api/on-abort.js';
import { waitFor } from '../api/wait-for.js';
import { type Claim, claimedLease, LEASE, type Lease, readLease } from './lease.js';

/** Which Lease, and how it is reached. */
export interface LeaseAccess {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly namespace: string;
  readonly name: string;
  /** How long an answer is waited for. */
  readonly patienceSeconds: number;
}

/**
 * Reads and writes one Lease. An answer that does not come in time is not waited for: the call rejects with an
 * UnavailableError, whatever becomes of the request. A late write does no harm, since each has a revision as its guard.
 */
export class LeaseClient {
  readonly #access: LeaseAccess;
  readonly #collection: string;
  readonly #path: string;

  constructor(access: LeaseAccess) {
    this.#access = access;
    this.#collection = `/apis/${LEASE.apiVersion}/namespaces/${encodeURIComponent(access.namespace)}/leases`;
    this.#path = `${this.#collection}/${encodeURIComponent(access.name)}`;
  }

  /** The Lease as it is now; undefined when there is none. */
  async read(signal?: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#send({ method: 'GET', verb: 'get', path: this.#path, signal });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /**
   * Lays a claim over the Lease that was read last, or makes one where there was none.
   * @throws ConflictError, AlreadyExistsError, NotFoundError when it is not as it was read
   */
  write(claim: Claim, over: Lease | undefined): Promise<Lease> {
    const body = claimedLease(claim, over, this.#access);
    return over === undefined
      ? this.#send({ method: 'POST', verb: 'create', path: this.#collection, body })
      : this.#send({ method: 'PUT', verb: 'update', path: this.#path, body });
  }

  async #send(request: ApiRequest): Promise<Lease> {
    const { api, clock, patienceSeconds } = this.#access;
    const { signal } = request;
    signal?.throwIfAborted();
    const end = new AbortController();
    const letGo = onAbort(signal, (reason) => end.abort(reason));
    const cancel = clock.schedule(patienceSeconds * 1000, () => {
      end.abort(new UnavailableError(`no answer came within ${patienceSeconds} s`));
    });
    try {
      return readLease(
        await waitFor(api.send({ ...request, kind: LEASE, unfenced: true, signal: end.signal }), end.signal),
      );
    } finally {
      cancel();
      letGo();
    }
  }
}
