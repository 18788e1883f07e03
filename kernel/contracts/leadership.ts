import { StoreError } from './store-errors.js';

/** Stands before every write of a kernel, so that a process that may not act any more does not. Once down, it stays down. */
export interface WriteFence {
  /**
   * To be asked right before a write leaves, with nothing awaited in between. It looks at the time itself, so that it is
   * right even when the process was stopped and no timer has fired yet. `ended` is aborted when this throws.
   * @throws FencedError when nothing may be written any more
   */
  check(): void;
  /** Aborted, with a {@link FencedError}, as soon as the fence has come down: what is under way is to be broken off. */
  readonly ended: AbortSignal;
}

/** One stretch of time during which this process, and no other, may act. */
export interface LeadershipTerm extends WriteFence {
  /** In a person's words what is held, and by what name others see it held: `the lease koreo/koreo, as pod-a_1f9c02d7`. */
  readonly title: string;
  /**
   * Gives the term up, so that another process can begin its own at once: to be called when the last write has ended.
   * Idempotent; never rejects. A term that is over already is left alone.
   */
  release(): Promise<void>;
}

/** The name that processes compete for, and its times in seconds, as Kubernetes' components use them. */
export interface ElectionOptions {
  readonly name: string;
  /** Of the name; the store's own, as for a command that names none, by default. */
  readonly namespace?: string;
  /** What people know this process by: a pod's name. The election adds what makes it unlike any other process. */
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

/** What is wrong with the times of an election, in a person's words; undefined when they make sense together. */
export function timesFault({
  leaseSeconds,
  renewDeadlineSeconds,
  retrySeconds,
}: Pick<ElectionOptions, 'leaseSeconds' | 'renewDeadlineSeconds' | 'retrySeconds'>): string | undefined {
  if (!(retrySeconds > 0 && retrySeconds * 2 <= renewDeadlineSeconds)) {
    return `renewDeadlineSeconds (${renewDeadlineSeconds}) must be at least twice retrySeconds (${retrySeconds}), so that one failure costs nobody the leadership`;
  }
  if (!(renewDeadlineSeconds < leaseSeconds)) {
    return `leaseSeconds (${leaseSeconds}) must be longer than renewDeadlineSeconds (${renewDeadlineSeconds}), so that a leader stops before another begins`;
  }
  return undefined;
}

/** Competes for a name among the processes that share a store. */
export interface LeaderElection {
  /**
   * Resolves when this process has begun a term. Never gives up: what keeps the store from answering is waited for.
   * Rejects with the signal's reason only.
   * @param onWait told, in a person's words, what it waits for, whenever that changes
   */
  lead(signal: AbortSignal, onWait?: (why: string) => void): Promise<LeadershipTerm>;
}

/** This process may not write (any more): another one leads, or may lead by now. */
export class FencedError extends StoreError {
  readonly code = 'not-leader';
  readonly retriable = true;
}
