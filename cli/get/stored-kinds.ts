import {
  DEFINITION_KINDS,
  groupOf,
  guessPlural,
  gvkKey,
  type KindInfo,
  KOREO_API_VERSION,
  type Store,
} from '../../kernel/index.js';

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

/** Every kind that the stores hold; those of definitions in each store that is a source of them. */
export async function storedKinds(
  stores: readonly Store[],
  definitionSources: ReadonlySet<string>,
): Promise<readonly StoredKind[]> {
  const found = await Promise.all(
    stores.map(async (store) => {
      const kinds = [...(definitionSources.has(store.name) ? DEFINITIONS : []), ...(await store.kinds())];
      return [...new Map(kinds.map((kind) => [gvkKey(kind), { store, kind }])).values()];
    }),
  );
  return found.flat();
}

/** Those that a person means by what they wrote: kind or plural in any case, alone or followed by the group. */
export function matchingKinds(written: string, kinds: readonly StoredKind[]): readonly StoredKind[] {
  return kinds.filter(({ kind }) => namesOf(kind).includes(written.toLowerCase()));
}

/** What the kinds may be called by people, each once. */
export function kindNames(kinds: readonly StoredKind[]): readonly string[] {
  return [...new Set(kinds.map(({ kind }) => kind.kind))].sort();
}

function namesOf({ apiVersion, kind, plural }: KindInfo): readonly string[] {
  const names = [kind.toLowerCase(), plural];
  return [...names, ...names.map((name) => `${name}.${groupOf(apiVersion).toLowerCase()}`)];
}
