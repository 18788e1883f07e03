import { randomBytes } from 'node:crypto';
import {
  AlreadyExistsError,
  type Clock,
  ConflictError,
  type ElectionOptions,
  errorMessage,
  type LeaderElection,
  type LeadershipTerm,
  timesFault,
} from '../../../kernel/plugin.js';
import type { ApiClient } from '../api/api-client.js';
import { LeaseClient } from './lease-client.js';
import { heldBy, LeaseTerm } from './lease-term.js';
import { Moment } from './moment.js';
import { jittered, pause } from './pause.js';
import { Sightings } from './sightings.js';

/** What an election is held with. */
export interface ElectionParts {
  readonly api: ApiClient;
  readonly clock: Clock;
  /** The namespace of the Lease when the options name none. */
  readonly defaultNamespace: () => Promise<string>;
}

/** What one try came to: a term, or why not yet, and how long to wait. */
type Try = { readonly term: LeaseTerm } | { readonly why: string; readonly ms: number };

/**
 * Competes for a Lease as Kubernetes' own components do: who holds it renews it, and the others take it over when they
 * have not seen it change for its duration, each by its own clock. Of those who try at once the API server lets one win.
 */
export class LeaseElection implements LeaderElection {
  readonly #options: ElectionOptions;
  readonly #parts: ElectionParts;
  readonly #sightings: Sightings;
  /** As pods restart under the same name, and people give one name to several processes, it takes more than a name. */
  readonly #holder: string;
  #client: Promise<LeaseClient> | undefined;
  #what: string;

  /** @throws RangeError when the times make no sense together */
  constructor(options: ElectionOptions, parts: ElectionParts) {
    const fault = timesFault(options);
    if (fault !== undefined) throw new RangeError(fault);
    this.#options = options;
    this.#parts = parts;
    this.#sightings = new Sightings(options.leaseSeconds);
    this.#holder = `${options.identity}_${randomBytes(4).toString('hex')}`;
    this.#what = `the lease ${options.name}`;
  }

  async lead(signal: AbortSignal, onWait: (why: string) => void = () => undefined): Promise<LeadershipTerm> {
    const { clock } = this.#parts;
    for (let told = ''; ; ) {
      signal.throwIfAborted();
      const result = await this.#try(signal);
      if ('term' in result) return this.#wanted(result.term, signal);
      signal.throwIfAborted();
      if (result.why !== told) onWait(result.why);
      told = result.why;
      await pause(clock, result.ms, signal);
    }
  }

  /** Whoever has lost interest while the claim was on its way holds up nobody. */
  async #wanted(term: LeaseTerm, signal: AbortSignal): Promise<LeaseTerm> {
    if (signal.aborted) await term.release();
    signal.throwIfAborted();
    return term;
  }

  async #try(signal: AbortSignal): Promise<Try> {
    const { clock } = this.#parts;
    const retry = jittered(clock, this.#options.retrySeconds * 1000);
    try {
      const client = await this.#leaseClient();
      const lease = await client.read(signal);
      this.#sightings.see(lease, clock.monotonic());
      const held = this.#sightings.heldFor(clock.monotonic());
      if (held > 0 && this.#sightings.holder !== this.#holder) {
        return { why: heldBy(this.#what, this.#sightings), ms: Math.min(retry, held) };
      }
      return { term: await this.#take(client, lease) };
    } catch (error) {
      return { why: this.#reason(error), ms: retry };
    }
  }

  async #take(client: LeaseClient, over: Parameters<LeaseClient['write']>[1]): Promise<LeaseTerm> {
    const { clock } = this.#parts;
    const { leaseSeconds, renewDeadlineSeconds, retrySeconds } = this.#options;
    const now = (): Moment => new Moment(clock);
    const sent = now();
    const claim = { holder: this.#holder, seconds: leaseSeconds, now: clock.now(), begins: true };
    const lease = await client.write(claim, over);
    this.#sightings.see(lease, clock.monotonic());
    const times = { leaseSeconds, renewDeadlineSeconds, retrySeconds };
    const term = new LeaseTerm(
      { client, clock, now, what: this.#what, holder: this.#holder, ...times },
      { lease, sent },
    );
    // The process may have been stopped while it waited for the answer.
    term.check();
    return term;
  }

  /** The namespace may have to be asked for, and that may fail. */
  #leaseClient(): Promise<LeaseClient> {
    this.#client ??= this.#makeClient().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #makeClient(): Promise<LeaseClient> {
    const { name, namespace = await this.#parts.defaultNamespace(), renewDeadlineSeconds } = this.#options;
    this.#what = `the lease ${namespace}/${name}`;
    const { api, clock } = this.#parts;
    // Two tries at least in the time that a leader has, as client-go does it.
    return new LeaseClient({ api, clock, namespace, name, patienceSeconds: renewDeadlineSeconds / 2 });
  }

  #reason(error: unknown): string {
    if (error instanceof ConflictError || error instanceof AlreadyExistsError) {
      return `${this.#what} has just been changed by another process`;
    }
    return `${this.#what} cannot be asked for: ${errorMessage(error)}`;
  }
}
