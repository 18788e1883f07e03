import type { MemoryStore, StoreCall } from 'koreo-kernel/testing';

/** Holds back calls of a store until it is opened. */
export class StoreGate {
  /** How many calls wait. */
  held = 0;
  readonly #remove: () => void;
  #release: () => void = () => undefined;

  constructor(store: MemoryStore, holds: (call: StoreCall) => boolean) {
    const opened = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#remove = store.intercept(async (call) => {
      if (!holds(call)) return;
      this.held += 1;
      await opened;
    });
  }

  /** Lets through what waits, and all that comes. */
  open(): void {
    this.#remove();
    this.#release();
  }
}

/** The bodies of the calls of a verb that the store is asked for from now on. */
export function bodiesOf(store: MemoryStore, verb: StoreCall['verb']): StoreCall['body'][] {
  const bodies: StoreCall['body'][] = [];
  store.intercept((call) => {
    if (call.verb === verb) bodies.push(call.body);
  });
  return bodies;
}
