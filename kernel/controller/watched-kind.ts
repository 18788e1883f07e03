import type { Selector } from '../contracts/store.js';

/** A kind that the kernel watches in a store: all of it, or in one namespace. */
export interface WatchedKind extends Selector {
  readonly store: string;
}
