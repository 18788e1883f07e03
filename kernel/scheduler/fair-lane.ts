import { Lane } from './lane.js';

/**
 * Keys that wait, each in a group. Groups take turns, so that one with many keys keeps none of another waiting; inside of
 * a group the key goes first that came first.
 */
export class FairLane {
  /** In the order of their turns; none is empty. */
  readonly #groups = new Map<string, Lane>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(key: string, group: string): boolean {
    return this.#groups.get(group)?.has(key) ?? false;
  }

  /** Puts the key at the end of its group, unless it is waiting there already. */
  add(key: string, group: string): void {
    if (this.has(key, group)) return;
    const lane = this.#groups.get(group) ?? new Lane();
    this.#groups.set(group, lane);
    lane.add(key);
    this.#size += 1;
  }

  remove(key: string, group: string): void {
    const lane = this.#groups.get(group);
    if (lane?.remove(key) !== true) return;
    this.#size -= 1;
    if (lane.size === 0) this.#groups.delete(group);
  }

  /** Takes the next key of the group whose turn it is, of those that may go on. */
  take(mayGoOn: (group: string) => boolean): string | undefined {
    for (const [group, lane] of this.#groups) {
      if (!mayGoOn(group)) continue;
      const key = lane.take();
      this.#size -= 1;
      this.#groups.delete(group);
      if (lane.size > 0) this.#groups.set(group, lane);
      return key;
    }
    return undefined;
  }
}
