import {
  type CallOptions,
  type Clock,
  type GroupVersionKind,
  type JsonObject,
  type KindInfo,
  type MaybePromise,
  NotFoundError,
  UnavailableError,
} from '../../../kernel/plugin.js';
import type { ApiClient } from '../api/api-client.js';
import { waitFor } from '../api/wait-for.js';
import { groupVersionPath } from '../resources/resource-path.js';
import { AGGREGATED, aggregatedKindsIn, type DiscoveredKind, groupVersionsIn, kindsIn } from './group-versions.js';

/** Milliseconds for which what is known of a group and version is taken to be so. */
const FRESH_MS = 300_000;
/** A kind that is not there is not asked for again so soon, however many want it. */
const AGAIN_MS = 1_000;

/** How to look a kind up. */
export interface FindOptions extends CallOptions {
  /** Asks the server, unless it was asked just now. */
  readonly refresh?: boolean;
}

interface Known {
  readonly kinds: readonly DiscoveredKind[];
  readonly at: number;
}

/** Which kinds a server has. Asks for one group and version at a time, remembers, and asks anew for what it does not know. */
export class Discovery {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<Known>>();

  constructor({ client, clock }: { readonly client: ApiClient; readonly clock: Clock }) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The kind; undefined when the server does not have it now. What is known is given at once. @throws UnavailableError, ForbiddenError */
  find(
    { apiVersion, kind }: GroupVersionKind,
    { signal, refresh = false }: FindOptions = {},
  ): MaybePromise<KindInfo | undefined> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (!isApiVersion(apiVersion)) return undefined;
    const known = this.#known.get(apiVersion);
    const age = known === undefined ? Number.POSITIVE_INFINITY : this.#clock.monotonic() - known.at;
    const found = known && kindOf(known, kind);
    if (age < AGAIN_MS || (found !== undefined && !refresh && age < FRESH_MS)) return found;
    return this.#findAnew({ apiVersion, kind }, found, signal);
  }

  /** Every kind that can be listed, those of a group's preferred version before the others. @throws UnavailableError, ForbiddenError */
  async all({ signal }: CallOptions = {}): Promise<readonly KindInfo[]> {
    signal?.throwIfAborted();
    const [core, groups] = await Promise.all(['/api', '/apis'].map((path) => this.#kindsUnder(path, signal)));
    return [...(core ?? []), ...(groups ?? [])].filter(({ verbs }) => verbs.includes('list')).map(({ info }) => info);
  }

  /** Takes note that the server says it does not have a kind (any more): it is asked for anew when it is wanted next. */
  forget({ apiVersion }: GroupVersionKind): void {
    this.#known.delete(apiVersion);
  }

  async #findAnew(
    { apiVersion, kind }: GroupVersionKind,
    found: KindInfo | undefined,
    signal: AbortSignal | undefined,
  ): Promise<KindInfo | undefined> {
    try {
      return kindOf(await waitFor(this.#ask(apiVersion), signal), kind);
    } catch (error) {
      // What was true a while ago is better than nothing while the server cannot say.
      if (found !== undefined && error instanceof UnavailableError) return found;
      throw error;
    }
  }

  async #kindsUnder(path: string, signal: AbortSignal | undefined): Promise<readonly DiscoveredKind[]> {
    const answer = await this.#client.send({ method: 'GET', path, accept: AGGREGATED, verb: 'discover', signal });
    const aggregated = aggregatedKindsIn(answer);
    if (aggregated !== undefined) {
      const at = this.#clock.monotonic();
      for (const [apiVersion, kinds] of aggregated) this.#known.set(apiVersion, { kinds, at });
      return [...aggregated.values()].flat();
    }
    const asked = await Promise.allSettled(
      groupVersionsIn(answer).map((apiVersion) => waitFor(this.#ask(apiVersion), signal)),
    );
    signal?.throwIfAborted();
    // A group whose own server is down must not hide all others.
    return asked.flatMap((one) => (one.status === 'fulfilled' ? one.value.kinds : []));
  }

  /** Those who want the same at one time share the answer. */
  #ask(apiVersion: string): Promise<Known> {
    const asking = this.#asking.get(apiVersion);
    if (asking !== undefined) return asking;
    const begun = this.#fetch(apiVersion).finally(() => this.#asking.delete(apiVersion));
    this.#asking.set(apiVersion, begun);
    return begun;
  }

  async #fetch(apiVersion: string): Promise<Known> {
    const list = await this.#list(apiVersion);
    const known = { kinds: list === undefined ? [] : kindsIn(apiVersion, list), at: this.#clock.monotonic() };
    this.#known.set(apiVersion, known);
    return known;
  }

  async #list(apiVersion: string): Promise<JsonObject | undefined> {
    try {
      return await this.#client.send({ method: 'GET', path: groupVersionPath(apiVersion), verb: 'discover' });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}

/** Of several resources with one kind, the one that holds objects: `pods`, and not `bindings`. */
function kindOf({ kinds }: Known, kind: string): KindInfo | undefined {
  const named = kinds.filter(({ info }) => info.kind === kind);
  return (named.find(({ verbs }) => verbs.includes('get')) ?? named[0])?.info;
}

/** Anything else cannot be a part of a path, and is no kind's. */
function isApiVersion(apiVersion: string): boolean {
  return /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(apiVersion);
}
