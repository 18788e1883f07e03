import type { Selector, StoreEvent } from '../contracts/store.js';
import { gvkKey, type Resource } from '../model/resource.js';

/** Whether a selector means the resource. */
export function selectorMatches(selector: Selector, resource: Resource): boolean {
  return (
    gvkKey(selector) === gvkKey(resource) &&
    (selector.namespace === undefined || selector.namespace === resource.metadata.namespace)
  );
}

/**
 * The events of one watch, for stores to be made of: told in order even when the listener causes new ones while it
 * listens, and only those that the selector means.
 */
export class WatchQueue {
  readonly #events: StoreEvent[] = [];
  #telling = false;
  #closed = false;

  constructor(
    readonly selector: Selector,
    readonly listener: (event: StoreEvent) => void,
  ) {}

  /** Tells the events now, or, when the listener is being told already, right after that. */
  push(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.type === 'synced' || selectorMatches(this.selector, event.resource)) this.#events.push(event);
    }
    if (this.#telling) return;
    this.#telling = true;
    let told = 0;
    try {
      for (let next = this.#events[0]; next !== undefined && !this.#closed; next = this.#events[told]) {
        told += 1;
        this.listener(next);
      }
    } finally {
      // All at once: to take each off the front of a long list costs as much as the list is long.
      this.#events.splice(0, told);
      this.#telling = false;
    }
  }

  /** Nothing more is told, not even what waits. */
  close(): void {
    this.#closed = true;
  }
}
