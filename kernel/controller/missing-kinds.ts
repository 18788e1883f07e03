import type { Clock } from '../contracts/clock.js';
import type { ManagedResource } from '../model/managed-resources.js';
import { gvkKey } from '../model/resource.js';

/** How long a kind must have been missing to count as gone: a server that has just started may not know it yet. */
const GONE_MS = 60_000;
/** What was not looked for so long may have been there meanwhile. */
const UNSEEN_MS = 30_000;

/** Which kinds their stores do not have any more, and since when. With its kind, all resources of a kind have gone. */
export class MissingKinds {
  readonly #clock: Clock;
  readonly #seen = new Map<string, { readonly since: number; readonly last: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The kind of the resource is missing now. Gives whether it has been so for long enough to count as gone. */
  missing(resource: ManagedResource): boolean {
    const now = this.#clock.monotonic();
    const { since, last } = this.#seen.get(kindKey(resource)) ?? { since: now, last: now };
    const begun = now - last > UNSEEN_MS ? now : since;
    this.#seen.set(kindKey(resource), { since: begun, last: now });
    return now - begun >= GONE_MS;
  }

  /** The kind of the resource is there. */
  present(resource: ManagedResource): void {
    this.#seen.delete(kindKey(resource));
  }
}

function kindKey(resource: ManagedResource): string {
  return `${resource.store ?? ''} ${gvkKey(resource)}`;
}
