import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { type ResourceRef, refKey, refOf, UnavailableError } from '../../../kernel/plugin.js';
import type { KindApi, Listing } from '../api/kind-api.js';
import type { Found } from '../mapping/item-mapping.js';
import type { KnownRefs } from './known-refs.js';

/** So many items are read at the same time; the connections are for runs, too. */
const AT_ONCE = 4;

/** What a {@link KindSurvey} looks at. */
export interface SurveyPlan {
  /** Whether there is a list; else each resource that is known is read. */
  readonly hasList: boolean;
  /** Whether the list is of one namespace. */
  readonly byNamespace: boolean;
}

/** Finds out how all resources of a kind are, by as little as the API lets: lists and items that are as they were are not sent again. */
export class KindSurvey {
  readonly #api: KindApi;
  readonly #known: KnownRefs;
  readonly #plan: SurveyPlan;
  readonly #listings = new Map<string, Listing>();

  constructor(api: KindApi, known: KnownRefs, plan: SurveyPlan) {
    this.#api = api;
    this.#known = known;
    this.#plan = plan;
  }

  /** All that is there. @param before what was there, for the API to say that it is so still @throws StoreError */
  async look(before: (key: string) => Found | undefined, signal: AbortSignal): Promise<ReadonlyMap<string, Found>> {
    if (!this.#plan.hasList) return this.#readEach(this.#known.refs, before, signal);
    const namespaces = this.#plan.byNamespace ? this.#known.namespaces : [undefined];
    const listed: Found[] = [];
    for (const namespace of namespaces) listed.push(...(await this.#list(namespace, signal)));
    if (this.#api.listIsBrief)
      return this.#readEach(
        listed.map(({ resource }) => refOf(resource)),
        before,
        signal,
      );
    return new Map(listed.map((found) => [refKey(refOf(found.resource)), found]));
  }

  /** This process has changed something: lists are to be sent whole, whatever their entity tags say of what is in them. */
  forget(): void {
    this.#listings.clear();
  }

  async #list(namespace: string | undefined, signal: AbortSignal): Promise<readonly Found[]> {
    const key = namespace ?? '';
    const listing = await this.#api.list(namespace, { signal, known: this.#listings.get(key) });
    this.#listings.set(key, listing);
    return listing.found;
  }

  async #readEach(
    refs: readonly ResourceRef[],
    before: (key: string) => Found | undefined,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Found>> {
    const look = async (ref: ResourceRef): Promise<readonly [string, Found | undefined]> => {
      const key = refKey(ref);
      const found = await this.#read(ref, before(key), signal);
      this.#known.seen(ref, found !== undefined);
      return [key, found];
    };
    const all = await lastValueFrom(from(refs).pipe(mergeMap(look, AT_ONCE), toArray()));
    return new Map(all.flatMap(([key, found]) => (found === undefined ? [] : [[key, found] as const])));
  }

  /** One item that may not be read, or that is none, is taken to be as it was: it must not hide all others. */
  async #read(ref: ResourceRef, known: Found | undefined, signal: AbortSignal): Promise<Found | undefined> {
    try {
      return await this.#api.read(ref, { signal, known });
    } catch (error) {
      if (error instanceof UnavailableError || signal.aborted) throw error;
      return known;
    }
  }
}
