import type { Selector, StoreEvent } from '../contracts/store.js';
import { gvkKey, type Resource } from '../model/resource.js';

/** Whether a selector means the resource. */
export function matches(selector: Selector, resource: Resource): boolean {
  return (
    gvkKey(selector) === gvkKey(resource) &&
    (selector.namespace === undefined || selector.namespace === resource.metadata.namespace)
  );
}

/** The events of one watch, told in order even when the listener causes new ones while it listens. */
export class WatchQueue {
  readonly #events: StoreEvent[] = [];
  #telling = false;
  #closed = false;

  constructor(
    readonly selector: Selector,
    readonly listener: (event: StoreEvent) => void,
  ) {}

  push(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.type === 'synced' || matches(this.selector, event.resource)) this.#events.push(event);
    }
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let next = this.#events.shift(); next !== undefined && !this.#closed; next = this.#events.shift()) {
        this.listener(next);
      }
    } finally {
      this.#telling = false;
    }
  }

  close(): void {
    this.#closed = true;
  }
}
