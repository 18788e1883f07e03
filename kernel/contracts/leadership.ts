import { StoreError } from './store-errors.js';

/** Stands before every write of a kernel, so that a process that may not act any more does not. */
export interface WriteFence {
  /** To be asked right before a write leaves, with nothing awaited in between. @throws FencedError when it may not */
  check(): void;
}

/** One stretch of time during which this process, and no other, may act. */
export interface LeadershipTerm extends WriteFence {
  /** Aborted as soon as the term has ended, for whatever reason. */
  readonly ended: AbortSignal;
  /** Gives the term up, so that another process can begin its own at once. Idempotent; never rejects. */
  release(): Promise<void>;
}

/** The name that processes compete for, and its times in seconds, as Kubernetes' components use them. */
export interface ElectionOptions {
  readonly name: string;
  readonly namespace?: string;
  /** Tells this process from the others: a pod's name. */
  readonly identity: string;
  /** How long others wait, after they last saw the leader renew, before one of them takes over. */
  readonly leaseSeconds: number;
  /** How long a leader may go without having renewed before it stops to act; shorter than `leaseSeconds`. */
  readonly renewDeadlineSeconds: number;
  /** Between two tries to take, or to renew. */
  readonly retrySeconds: number;
}

/** The times of Kubernetes' own components. */
export const DEFAULT_ELECTION_TIMES = { leaseSeconds: 15, renewDeadlineSeconds: 10, retrySeconds: 2 } as const;

/** Competes for a name among the processes that share a store. */
export interface LeaderElection {
  /**
   * Resolves when this process has begun a term. Never gives up: what keeps the store from answering is waited for.
   * @param onWait told, in a person's words, what it waits for, whenever that changes
   */
  lead(signal: AbortSignal, onWait?: (why: string) => void): Promise<LeadershipTerm>;
}

/** This process may not write (any more): another one leads, or may lead by now. */
export class FencedError extends StoreError {
  readonly code = 'not-leader';
  readonly retriable = true;
}
