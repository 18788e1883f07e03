import type { Observable } from 'rxjs';
import type { Resource, Store, StoreEvent } from '../../plugin.js';

const DEADLINE_MS = 10_000;

/** Records what a watch tells, and waits for it to tell something. */
export class EventLog {
  readonly events: StoreEvent[] = [];
  readonly #subscription;
  readonly #passTime: (() => Promise<void>) | undefined;
  #waiting: (() => void)[] = [];
  #ended: string | undefined;

  /** @param passTime lets time pass for a watch that lives by a clock of the test's own; called as long as something is waited for */
  constructor(watch: Observable<StoreEvent>, passTime?: () => Promise<void>) {
    this.#passTime = passTime;
    this.#subscription = watch.subscribe({
      next: (event) => {
        this.events.push(event);
        this.#wake();
      },
      error: (error: unknown) => this.#end(`the watch failed: ${String(error)}`),
      complete: () => this.#end('the watch completed'),
    });
  }

  /** Watches and waits for `synced`. */
  static async synced(store: Store, selector: Parameters<Store['watch']>[0]): Promise<EventLog> {
    const log = new EventLog(store.watch(selector));
    await log.synced();
    return log;
  }

  /** Resolves when the watch has told all that was there. */
  async synced(): Promise<void> {
    await this.until('synced', (events) => events.some((event) => event.type === 'synced'));
  }

  /** How the watch ended, which it never should. */
  get ended(): string | undefined {
    return this.#ended;
  }

  /** Each event in a word: `added a`, `synced`. */
  get story(): readonly string[] {
    return this.events.map(tell);
  }

  /** Forgets what was told so far. */
  clear(): void {
    this.events.length = 0;
  }

  /** Resolves when the events fulfil the wish; rejects with all of them when the deadline has passed. */
  async until(wish: string, fulfilled: (events: readonly StoreEvent[]) => boolean): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!fulfilled(this.events)) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`waited in vain for ${wish}; told so far: ${this.story.join(', ')}`);
      if (this.#passTime === undefined) await this.#next(left);
      else await this.#passTime();
    }
  }

  /** Resolves with the resource of the latest event of that type and name. */
  async resource(type: 'added' | 'modified' | 'deleted', name: string): Promise<Resource> {
    let found: Resource | undefined;
    await this.until(`${type} ${name}`, (events) => {
      found = resourcesOf(events.filter((event) => event.type === type)).findLast((one) => one.metadata.name === name);
      return found !== undefined;
    });
    if (found === undefined) throw new Error('unreachable: until() has found it');
    return found;
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  #end(reason: string): void {
    this.#ended = reason;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** The resources that events are about, in order. */
export function resourcesOf(events: readonly StoreEvent[]): readonly Resource[] {
  return events.flatMap((event) => (event.type === 'synced' ? [] : [event.resource]));
}

function tell(event: StoreEvent): string {
  return event.type === 'synced' ? event.type : `${event.type} ${event.resource.metadata.name}`;
}
