import { type Clock, type Notice, type Resource, refKey, refOf } from '../../../kernel/plugin.js';
import type { EventRecord } from './event-record.js';
import { RecentMap } from './recent-map.js';
import { SpamFilter } from './spam-filter.js';

/** As in client-go: so many messages of one reason about one object within this time are told apart, and then together. */
const SIMILAR = 10;
const SIMILAR_MS = 600_000;
/** So many things are remembered as told already. */
const REMEMBERED = 4096;

interface Group {
  readonly messages: Set<string>;
  since: number;
}

/**
 * Decides what becomes of a notice, by client-go's rules: what was told before is counted up, what is much like many others
 * is told together with them, and what is too much about one object is dropped.
 */
export class EventCorrelator {
  readonly #clock: Clock;
  readonly #spam: SpamFilter;
  readonly #groups = new RecentMap<Group>(REMEMBERED);
  readonly #records = new RecentMap<EventRecord>(REMEMBERED);

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#spam = new SpamFilter(clock);
  }

  /** The record that the notice is now part of; undefined when it is dropped. */
  correlate(about: Resource, notice: Notice): EventRecord | undefined {
    const object = `${refKey(refOf(about))}|${about.metadata.uid ?? ''}`;
    const group = `${object}|${notice.type}|${notice.reason}|${notice.action}`;
    const combined = this.#isOneOfMany(group, notice.message);
    if (!this.#spam.admits(object)) return undefined;
    const now = this.#clock.now();
    const message = combined ? `(combined from similar events): ${notice.message}` : notice.message;
    const key = combined ? group : `${group}|${notice.message}`;
    const record = this.#records.get(key, () => {
      return { about, notice: { ...notice, message }, firstAt: now, lastAt: now, count: 0, stored: false };
    });
    record.count += 1;
    record.lastAt = now;
    return record;
  }

  #isOneOfMany(key: string, message: string): boolean {
    const now = this.#clock.monotonic();
    const group = this.#groups.get(key, () => ({ messages: new Set(), since: now }));
    if (now - group.since > SIMILAR_MS) group.messages.clear();
    if (group.messages.size === 0) group.since = now;
    if (group.messages.has(message)) return false;
    if (group.messages.size >= SIMILAR) return true;
    group.messages.add(message);
    return false;
  }
}
