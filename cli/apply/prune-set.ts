import {
  ForbiddenError,
  groupOf,
  gvkKey,
  type KindInfo,
  type Resource,
  refOf,
  type Store,
  UnknownKindError,
} from '../../kernel/index.js';
import { isMember, labelsOfSet } from './applied-set.js';
import { rankOf } from './apply-order.js';

/** A resource that an earlier apply of the set put there, and that the files do not hold any more. */
export interface Leftover {
  readonly resource: Resource;
  readonly store: Store;
}

/** What is left of a set, and the kinds that could not be looked through. */
export interface Leftovers {
  /** In the order in which they can be removed. */
  readonly leftovers: readonly Leftover[];
  readonly forbidden: readonly string[];
}

/** A resource that stays. */
export interface Kept {
  readonly resource: Resource;
  /** The name of the store. */
  readonly store: string;
}

/** What is looked for. */
export interface PruneSearch {
  readonly set: string;
  readonly stores: readonly Store[];
  /** What stays: what has just been applied, as the stores have it. */
  readonly kept: readonly Kept[];
  readonly triggers: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** How many kinds are listed at a time. */
const AT_A_TIME = 8;

/** Looks through every kind of the stores. @throws StoreError */
export async function findLeftovers({ set, stores, kept, triggers, signal }: PruneSearch): Promise<Leftovers> {
  const staying = new Set(kept.flatMap(({ resource, store }) => identities(store, resource)));
  const kinds = (
    await Promise.all(stores.map(async (store) => (await store.kinds({ signal })).map((kind) => ({ store, kind }))))
  ).flat();
  const forbidden: string[] = [];
  const found = new Map<string, Leftover>();
  const waiting = [...kinds];
  const lookThrough = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const members = await membersOf(next, { set, signal });
      if (members === undefined) forbidden.push(gvkKey(next.kind).replace('|', ' '));
      for (const resource of members ?? []) {
        const [key = ''] = identities(next.store.name, resource);
        found.set(key, { resource, store: next.store });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lookThrough));
  const leftovers = [...found.values()]
    .filter(({ resource, store }) => !identities(store.name, resource).some((identity) => staying.has(identity)))
    .filter(({ resource }) => (resource.metadata.deletionTimestamp ?? null) === null)
    .sort((a, b) => rankOf(b.resource, triggers) - rankOf(a.resource, triggers));
  return { leftovers, forbidden: forbidden.sort() };
}

/** Undefined when they may not be looked at. */
async function membersOf(
  { store, kind }: { readonly store: Store; readonly kind: KindInfo },
  { set, signal }: Pick<PruneSearch, 'set' | 'signal'>,
): Promise<readonly Resource[] | undefined> {
  try {
    const { items } = await store.list(
      { apiVersion: kind.apiVersion, kind: kind.kind },
      { labels: labelsOfSet(set), signal },
    );
    return items.filter((resource) => isMember(resource, set));
  } catch (error) {
    if (error instanceof ForbiddenError) return undefined;
    if (error instanceof UnknownKindError) return [];
    throw error;
  }
}

/** Removes one; what was changed or made anew since it was looked at stays. @throws StoreError */
export async function removeLeftover({ resource, store }: Leftover, signal: AbortSignal): Promise<void> {
  const { uid, resourceVersion } = resource.metadata;
  await store.delete(refOf(resource), {
    signal,
    propagation: 'background',
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { revision: resourceVersion }),
  });
}

/** What tells that it is the same object, whatever version or older group of its kind it is looked at by. */
function identities(store: string, { apiVersion, kind, metadata }: Resource): readonly string[] {
  const { uid, namespace = '', name } = metadata;
  const named = JSON.stringify([store, groupOf(apiVersion), kind, namespace, name]);
  return uid === undefined ? [named] : [JSON.stringify([store, uid]), named];
}
