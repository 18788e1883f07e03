import {
  DEFINITION_KINDS,
  groupOf,
  guessPlural,
  gvkKey,
  type KindInfo,
  KOREO_API_VERSION,
  meantOrKnown,
  type Store,
  UnknownKindError,
} from '../../kernel/index.js';
import type { OpenStores } from '../open-stores.js';

/** A kind, and the store that it is held by. */
export interface StoredKind {
  readonly store: Store;
  readonly kind: KindInfo;
}

/** The kinds of definition, which there may be in a store even when it holds none now. */
const DEFINITIONS: readonly KindInfo[] = DEFINITION_KINDS.map((kind) => ({
  apiVersion: KOREO_API_VERSION,
  kind,
  plural: guessPlural(kind),
  namespaced: true,
}));

/** So many kinds are named when nothing is near to what was asked for; a cluster has hundreds. */
const NAMED = 30;

/** Every kind that the stores hold; those of definitions in each store that is a source of them. */
export async function storedKinds(
  stores: readonly Store[],
  { loaded }: Pick<OpenStores, 'loaded'>,
): Promise<readonly StoredKind[]> {
  const sources = new Set(loaded.config.definitions.map(({ store }) => store));
  const found = await Promise.all(
    stores.map(async (store) => {
      const kinds = [...(sources.has(store.name) ? DEFINITIONS : []), ...(await store.kinds())];
      return [...new Map(kinds.map((kind) => [gvkKey(kind), { store, kind }])).values()];
    }),
  );
  return found.flat();
}

/**
 * Those that a person means by what they wrote: kind, plural or short name in any case, alone or followed by the group, or
 * by version and group. @throws UnknownKindError when there are none
 */
export function matchingKinds(written: string, kinds: readonly StoredKind[]): readonly StoredKind[] {
  const matching = kinds.filter(({ kind }) => namesOf(kind).includes(written.toLowerCase()));
  if (matching.length > 0) return matching;
  const known = kindNames(kinds);
  const guess = meantOrKnown(written, known);
  const hint = guess.includes('did you mean') || known.length <= NAMED ? guess : `; it has ${known.length} others`;
  throw new UnknownKindError(`no store holds the kind '${written}'${hint}`);
}

/** What the kinds may be called by people, each once. */
export function kindNames(kinds: readonly StoredKind[]): readonly string[] {
  return [...new Set(kinds.map(({ kind }) => kind.kind))].sort();
}

function namesOf({ apiVersion, kind, plural, shortNames = [] }: KindInfo): readonly string[] {
  const group = groupOf(apiVersion).toLowerCase();
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1).toLowerCase();
  const names = [kind.toLowerCase(), plural, ...shortNames];
  return [...names, ...names.flatMap((name) => [`${name}.${group}`, `${name}.${version}.${group}`])];
}
