import type { Subscriber } from 'rxjs';
import { type Clock, refKey, refOf, type StoreEvent, UnavailableError } from '../../../kernel/plugin.js';
import type { Found } from '../mapping/item-mapping.js';
import type { KindSurvey } from './kind-survey.js';

/** What a {@link KindPoll} is made with; times in milliseconds. */
export interface PollParts {
  readonly survey: Pick<KindSurvey, 'look' | 'forget'>;
  readonly clock: Clock;
  readonly everyMs: number;
  readonly longestMs: number;
  /** Told of the first look that fails after one that did not. */
  readonly onFailure: (error: unknown) => void;
}

interface Entry {
  readonly found: Found;
  /** When this process itself last saw to it, on a count of its own. */
  readonly noted: number;
}

/**
 * A watch by looking again and again. It tells what differs from the last look; after a look that failed it waits longer
 * each time, and what changed meanwhile is told by the next that succeeds.
 */
export class KindPoll {
  readonly #parts: PollParts;
  readonly #subscriber: Subscriber<StoreEvent>;
  readonly #ending = new AbortController();
  readonly #entries = new Map<string, Entry>();
  #count = 0;
  #failures = 0;

  constructor(parts: PollParts, subscriber: Subscriber<StoreEvent>) {
    this.#parts = parts;
    this.#subscriber = subscriber;
  }

  /** Looks until it is stopped. */
  async run(): Promise<void> {
    const { signal } = this.#ending;
    let isSynced = false;
    while (!signal.aborted) {
      const wait = await this.#look();
      if (signal.aborted) return;
      if (this.#failures === 0 && !isSynced) {
        isSynced = true;
        this.#subscriber.next({ type: 'synced' });
      }
      await this.#pause(wait);
    }
  }

  /** Leaves no timer and no request behind. */
  stop(): void {
    this.#ending.abort(new Error('the watch has ended'));
  }

  /** This process has written the resource. A look that began before may not have seen it yet. */
  note(found: Found): void {
    this.#count += 1;
    this.#parts.survey.forget();
    this.#tell(refKey(refOf(found.resource)), found, this.#count);
  }

  /** This process has deleted something of the kind. The next look tells when it is gone. */
  noteDeletion(): void {
    this.#parts.survey.forget();
  }

  /** Gives the time until the next look, in milliseconds. */
  async #look(): Promise<number> {
    const { survey, clock, everyMs, longestMs } = this.#parts;
    this.#count += 1;
    const began = this.#count;
    try {
      const present = await survey.look((key) => this.#entries.get(key)?.found, this.#ending.signal);
      if (!this.#ending.signal.aborted) this.#compare(present, began);
      this.#failures = 0;
      return everyMs * (0.9 + 0.2 * clock.random());
    } catch (error) {
      if (this.#failures === 0 && !this.#ending.signal.aborted) this.#parts.onFailure(error);
      this.#failures += 1;
      const asked = error instanceof UnavailableError ? (error.retryAfter ?? 0) * 1000 : 0;
      const backedOff = Math.min(everyMs * 2 ** (this.#failures - 1), Math.max(longestMs, everyMs));
      // Never two alike, so that many do not come back at once, and never sooner than the API asks.
      const spread = clock.random();
      return Math.max(backedOff * (0.75 + 0.5 * spread), asked * (1 + 0.25 * spread));
    }
  }

  #compare(present: ReadonlyMap<string, Found>, began: number): void {
    for (const [key, found] of present) if (this.#isOlder(key, began)) this.#tell(key, found, began);
    for (const [key, { found }] of [...this.#entries]) {
      if (present.has(key) || !this.#isOlder(key, began)) continue;
      this.#entries.delete(key);
      this.#subscriber.next({ type: 'deleted', resource: found.resource });
    }
  }

  /** Whether what is known of the resource is older than the look. */
  #isOlder(key: string, began: number): boolean {
    return (this.#entries.get(key)?.noted ?? 0) < began;
  }

  #tell(key: string, found: Found, noted: number): void {
    const before = this.#entries.get(key)?.found.resource;
    this.#entries.set(key, { found, noted });
    const { resource } = found;
    const tell = (event: StoreEvent): void => this.#subscriber.next(event);
    if (before === undefined) {
      tell({ type: 'added', resource });
    } else if (before.metadata.uid !== resource.metadata.uid) {
      tell({ type: 'deleted', resource: before });
      tell({ type: 'added', resource });
    } else if (before.metadata.resourceVersion !== resource.metadata.resourceVersion) {
      tell({ type: 'modified', resource });
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#ending;
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#parts.clock.schedule(ms, done);
      signal.addEventListener('abort', done);
    });
  }
}
