import type { LeadershipTerm } from 'koreo-kernel';
import type { VirtualClock } from 'koreo-kernel/testing';
import { LeaseElection } from '../../../../adapters/kubernetes/election/lease-election.js';
import type { LeaseServer } from './lease-server.js';
import { type ClockError, ProcessClock } from './process-clock.js';

/** A process that competes for the Lease `koreo/koreo`, again after each term. */
export class Candidate {
  readonly clock: ProcessClock;
  /** Its term of now, or its last. */
  term: LeadershipTerm | undefined;
  terms = 0;
  readonly waits: string[] = [];
  readonly #giveUp = new AbortController();
  readonly #life: Promise<void>;

  constructor(name: string, world: VirtualClock, server: LeaseServer, error: ClockError = {}) {
    this.clock = new ProcessClock(world, error);
    const times = { leaseSeconds: 15, renewDeadlineSeconds: 10, retrySeconds: 2 };
    const election = new LeaseElection(
      { name: 'koreo', identity: name, ...times },
      { api: server.client(this.clock), clock: this.clock, defaultNamespace: async () => 'koreo' },
    );
    this.#life = this.#compete(election);
  }

  get leads(): boolean {
    return this.term !== undefined && !this.term.ended.aborted;
  }

  /** Why its last term ended. */
  get reason(): string {
    const reason: unknown = this.term?.ended.reason;
    return reason instanceof Error ? reason.message : '';
  }

  /** Whether it may write at this very moment. */
  mayWrite(): boolean {
    try {
      this.term?.check();
      return this.term !== undefined;
    } catch {
      return false;
    }
  }

  /** Ends as a program does that is told to: gives its term up. */
  async end(): Promise<void> {
    this.#giveUp.abort(new Error('told to end'));
    await this.term?.release();
    await this.#life;
  }

  async #compete(election: LeaseElection): Promise<void> {
    const { signal } = this.#giveUp;
    while (!signal.aborted) {
      try {
        const term = await election.lead(signal, (why) => this.waits.push(why));
        this.term = term;
        this.terms += 1;
        await new Promise<void>((resolve) => term.ended.addEventListener('abort', () => resolve()));
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }
}
