import {
  didYouMean,
  formatRef,
  groupOf,
  NotFoundError,
  type Resource,
  type ResourceRef,
  refOf,
  type Store,
} from '../../kernel/index.js';
import type { NamespaceOptions } from '../connection.js';
import type { OpenStores } from '../open-stores.js';
import { UsageError } from '../usage-error.js';
import { eachOnce, type ListedResource, type ListRequest, listKind, namespaceOf } from './listed-resource.js';
import { kindNames, matchingKinds, type StoredKind, storedKinds } from './stored-kinds.js';
import type { Wanted } from './wanted.js';

/** Where to look, and what for. */
export interface Search extends ListRequest {
  readonly opened: OpenStores;
  readonly stores: readonly Store[];
}

/** What was found, and what the kinds that were meant are called. */
export interface Found {
  readonly resources: readonly ListedResource[];
  readonly kinds: readonly string[];
}

/** Finds all that is wanted. @throws UnknownKindError, NotFoundError, StoreError */
export async function findResources(wanted: readonly Wanted[], search: Search): Promise<Found> {
  const kinds = await storedKinds(search.stores, search.opened);
  const each = await Promise.all(wanted.map((one) => findWanted(one, matchingKinds(one.kind, kinds), search)));
  return {
    resources: eachOnce(each.flatMap(({ resources }) => resources)),
    kinds: [...new Set(each.flatMap((one) => one.kinds))],
  };
}

/** Finds one resource. @throws UnknownKindError, NotFoundError, StoreError; UsageError when several are meant */
export async function findOne(
  { kind, name }: { readonly kind: string; readonly name: string },
  search: Search,
): Promise<ListedResource> {
  const { resources } = await findResources([{ kind, names: [name] }], search);
  const [only, ...others] = resources;
  if (only !== undefined && others.length === 0) return only;
  const all = resources.map(
    ({ resource, store }) => `${formatRef(refOf(resource))} (${groupOf(resource.apiVersion) || 'v1'}, ${store.name})`,
  );
  throw new UsageError(
    `there are several: ${all.join(', ')}; say which with -n NAMESPACE, with KIND.GROUP, or with --store`,
  );
}

async function findWanted(
  { kind, names }: Wanted,
  matching: readonly StoredKind[],
  search: Search,
): Promise<{ readonly resources: readonly ListedResource[]; readonly kinds: readonly string[] }> {
  const kinds = kindNames(matching);
  if (names.length === 0) {
    const all = await Promise.all(matching.map((stored) => listKind(stored, search)));
    return { resources: all.flat(), kinds };
  }
  const found = await Promise.all(names.map((name) => findNamed(name, matching, search)));
  const missing = names.find((_, index) => found[index]?.length === 0);
  if (missing === undefined) return { resources: found.flat(), kinds };
  const others = (await Promise.all(matching.map((stored) => listKind(stored, search)))).flat();
  const where = await whereLooked(matching, search);
  const guess = didYouMean(
    missing,
    others.map(({ resource }) => resource.metadata.name),
  );
  throw new NotFoundError(`${kinds.join(' or ') || kind} '${missing}' was not found${where}${guess}`);
}

async function whereLooked(matching: readonly StoredKind[], options: NamespaceOptions): Promise<string> {
  const namespaces = await Promise.all(matching.map((stored) => namespaceOf(stored, options)));
  const [namespace] = namespaces.filter((one) => one !== undefined);
  if (namespace === undefined) return '';
  return ` in namespace ${namespace}${options.namespace === undefined ? ' (-A looks in all)' : ''}`;
}

/** By its name alone where the namespace is known, else by looking through all. */
async function findNamed(
  name: string,
  matching: readonly StoredKind[],
  search: Search,
): Promise<readonly ListedResource[]> {
  const found = await Promise.all(
    matching.map(async (stored): Promise<readonly ListedResource[]> => {
      const namespace = await namespaceOf(stored, search);
      if (stored.kind.namespaced && namespace === undefined) {
        return (await listKind(stored, search)).filter(({ resource }) => resource.metadata.name === name);
      }
      const resource = await getOne(stored, { name, ...(namespace === undefined ? {} : { namespace }) });
      return resource === undefined ? [] : [{ ...stored, resource }];
    }),
  );
  return eachOnce(found.flat());
}

function getOne(
  { store, kind }: StoredKind,
  name: Pick<ResourceRef, 'name' | 'namespace'>,
): Promise<Resource | undefined> {
  return store.get({ apiVersion: kind.apiVersion, kind: kind.kind, ...name });
}
