import type { MaybePromise } from 'koreo-kernel';

/** Work whose rate is measured. Works that need nothing arranged do without, and cost nothing for it. */
export interface Work<T = unknown> {
  readonly work: string;
  readonly by: string;
  /** Makes what one run uses up, outside of what is measured. */
  readonly arrange?: () => T;
  readonly run: (arranged: T) => MaybePromise<unknown>;
  /** Throws unless what a run gave is right. Asked before anything is measured: a fast wrong answer is worth nothing. */
  readonly check: (result: unknown) => void;
}

/** Keeps the types of what is arranged together, where works of several kinds stand in one list. */
export function workOf<T>(work: Work<T>): Work {
  return work as Work;
}
