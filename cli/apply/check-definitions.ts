import {
  asJson,
  byPlace,
  DEFINITION_KINDS,
  definitionKind,
  ForbiddenError,
  getAt,
  gvkKey,
  KOREO_API_VERSION,
  type PrepareContext,
  type Problem,
  type Resource,
  refKey,
  refOf,
  type Store,
  UnknownKindError,
} from '../../kernel/index.js';
import { definitionSet } from '../definitions/definition-set.js';
import type { OpenStores } from '../open-stores.js';
import type { PlacedManifest } from './placed-manifest.js';

/** A definition that is there already. */
export interface PresentDefinition {
  readonly resource: Resource;
  readonly store: string;
}

/**
 * Reads the definitions that the configured sources hold now; none where a cluster does not know their kinds yet, or does not
 * show them to this user: who may write triggers need not see what runs them.
 */
export async function presentDefinitions({ all, loaded }: OpenStores): Promise<readonly PresentDefinition[]> {
  const names = [...new Set(loaded.config.definitions.map(({ store }) => store))];
  const stores = names.flatMap((name) => all.get(name) ?? []);
  const lists = await Promise.all(stores.flatMap((store) => DEFINITION_KINDS.map((kind) => listOf(store, kind))));
  return lists.flat();
}

async function listOf(store: Store, kind: string): Promise<readonly PresentDefinition[]> {
  try {
    const { items } = await store.list({ apiVersion: KOREO_API_VERSION, kind });
    return items.map((resource) => ({ resource, store: store.name }));
  } catch (error) {
    if (error instanceof UnknownKindError || error instanceof ForbiddenError) return [];
    throw error;
  }
}

/** The kinds that the Workflows are triggered by, as {@link gvkKey}. */
export function triggerKinds(definitions: readonly Resource[]): ReadonlySet<string> {
  return new Set(
    definitions.flatMap((resource) => {
      if (definitionKind(resource) !== 'Workflow') return [];
      const text = (key: string): string => String(getAt(asJson(resource), ['spec', 'crdRef', key]) ?? '');
      const [group, version, kind] = [text('apiGroup'), text('version'), text('kind')];
      return kind === '' ? [] : [gvkKey({ apiVersion: group === '' ? version : `${group}/${version}`, kind })];
    }),
  );
}

/** What is wrong with the definitions of the files. */
export interface DefinitionCheck {
  /** What no other definition can cure. */
  readonly broken: readonly Problem[];
  /** What they refer to and is not there, or not well, now; they wait for it. */
  readonly waiting: readonly Problem[];
}

/** Problems that end when another definition comes or is mended. */
const CURABLE: ReadonlySet<string> = new Set(['reference-missing', 'reference-broken', 'reference-waiting']);

/** Prepares the definitions of the files together with those that are there and that they do not replace. */
export function checkDefinitions(
  manifests: readonly PlacedManifest[],
  present: readonly PresentDefinition[],
  context: PrepareContext,
): DefinitionCheck {
  const ours = manifests
    .filter(({ resource }) => resource.apiVersion.startsWith('koreo.dev/'))
    .map(({ store, ...manifest }) => ({ ...manifest, store: store.name }));
  const replaced = new Set(ours.map(keyOf));
  const { problems } = definitionSet({
    resources: [...ours, ...present.filter((one) => !replaced.has(keyOf(one)))],
    context,
  });
  // Those of the files have a file; what is wrong with the others was so before.
  const told = problems.filter(({ location }) => location?.file !== undefined).sort(byPlace);
  return {
    broken: told.filter(({ code }) => !CURABLE.has(code)),
    waiting: told.filter(({ code }) => CURABLE.has(code)),
  };
}

function keyOf({ resource, store }: PresentDefinition): string {
  return `${store} ${refKey(refOf(resource))}`;
}
