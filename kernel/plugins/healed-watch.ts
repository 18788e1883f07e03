import { Observable, type Subscription } from 'rxjs';
import type { CancelTimer, Clock } from '../contracts/clock.js';
import type { StoreEvent } from '../contracts/store.js';
import { type Resource, refKey, refOf } from '../model/resource.js';
import { eventFault } from './resource-shape.js';

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;

/** What a watch is healed with. */
export interface WatchCare {
  readonly clock: Clock;
  /** Told when the watch has ended, which it never should, and of what it told that means nothing. */
  readonly onFault: (error: unknown) => void;
}

/**
 * A watch that begins anew when the inner one ends, and then tells what changed meanwhile as ordinary events: so a watch that is
 * not as good as its contract asks leaves nobody with what was true once.
 */
export function healedWatch(watch: () => Observable<StoreEvent>, care: WatchCare): Observable<StoreEvent> {
  return new Observable((listener) => {
    const one = new HealedWatch(watch, care, (event) => listener.next(event));
    one.connect();
    return () => one.close();
  });
}

class HealedWatch {
  readonly #known = new Map<string, Resource>();
  readonly #watch: () => Observable<StoreEvent>;
  readonly #care: WatchCare;
  readonly #tell: (event: StoreEvent) => void;
  #connection: Subscription | undefined;
  #timer: CancelTimer | undefined;
  /** What a watch that began anew has told again; undefined when it has told all that was there. */
  #again: Set<string> | undefined;
  #synced = false;
  #closed = false;
  #delayMs = FIRST_DELAY_MS;

  constructor(watch: () => Observable<StoreEvent>, care: WatchCare, tell: (event: StoreEvent) => void) {
    this.#watch = watch;
    this.#care = care;
    this.#tell = tell;
  }

  connect(): void {
    this.#again = this.#known.size > 0 ? new Set() : undefined;
    const ended = (error: unknown): void => this.#ended(error);
    try {
      this.#connection = this.#watch().subscribe({
        next: (event) => this.#next(event),
        error: ended,
        complete: () => ended(new Error('the watch completed, which it must not')),
      });
    } catch (error) {
      ended(error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#timer?.();
    this.#connection?.unsubscribe();
  }

  #ended(error: unknown): void {
    if (this.#closed) return;
    this.#care.onFault(error);
    this.#timer = this.#care.clock.schedule(this.#delayMs, () => this.connect());
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
  }

  #next(event: StoreEvent): void {
    const fault = eventFault(event);
    if (fault !== undefined) {
      this.#care.onFault(new TypeError(fault));
      return;
    }
    if (event.type === 'synced') {
      this.#onSynced();
      return;
    }
    const key = refKey(refOf(event.resource));
    this.#again?.add(key);
    const before = this.#known.get(key);
    if (event.type === 'deleted') this.#known.delete(key);
    else this.#known.set(key, event.resource);
    if (event.type !== 'added' || before === undefined) this.#tell(event);
    else if (isOther(before, event.resource)) {
      this.#tell({ ...event, type: 'modified' });
    }
  }

  #onSynced(): void {
    this.#delayMs = FIRST_DELAY_MS;
    const again = this.#again;
    this.#again = undefined;
    for (const [key, resource] of again === undefined ? [] : this.#known) {
      if (again?.has(key) === true) continue;
      this.#known.delete(key);
      this.#tell({ type: 'deleted', resource });
    }
    if (!this.#synced) this.#tell({ type: 'synced' });
    this.#synced = true;
  }
}

/** Whether what is told again has changed meanwhile; where nobody tells revisions it may have. */
function isOther({ metadata: before }: Resource, { metadata: now }: Resource): boolean {
  return now.resourceVersion === undefined || before.resourceVersion !== now.resourceVersion;
}
