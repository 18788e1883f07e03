import {
  asJson,
  definitionKind,
  type GroupVersionKind,
  getAt,
  groupOf,
  gvkKey,
  isList,
  type KindInfo,
  type Resource,
  type Store,
  UnknownKindError,
} from '../../kernel/index.js';
import { chosenStores, type OpenStores } from '../open-stores.js';
import type { Manifest } from './manifest.js';

/** A resource as it will be applied: in its namespace, in its store. */
export interface PlacedManifest extends Manifest {
  readonly store: Store;
}

/** Where resources are to go. */
export interface Placing {
  readonly opened: OpenStores;
  /** The kinds that Workflows are triggered by, as {@link gvkKey}. */
  readonly triggers: ReadonlySet<string>;
  /** All of them go there, when it is named. */
  readonly store?: string;
  /** The namespace of what names none. */
  readonly namespace?: string;
}

/**
 * Finds the store of each resource, and its namespace where it names none. Definitions go where they are read from.
 * @throws UnknownStoreError, StoreError when a store cannot be asked for the kind
 */
export async function place(manifests: readonly Manifest[], placing: Placing): Promise<readonly PlacedManifest[]> {
  const declared = declaredKinds(manifests);
  return Promise.all(
    manifests.map(async (manifest) => {
      const store = storeOf(manifest.resource, placing);
      const info = (await kindIn(store, manifest.resource)) ?? declared.get(gvkKey(manifest.resource));
      return { ...manifest, store, resource: await inNamespace(manifest.resource, { store, info }, placing) };
    }),
  );
}

/** The kind as its store knows it; undefined when it does not, now. */
async function kindIn(store: Store, { apiVersion, kind }: Resource): Promise<KindInfo | undefined> {
  try {
    return await store.kind({ apiVersion, kind });
  } catch (error) {
    if (error instanceof UnknownKindError) return undefined;
    throw error;
  }
}

function storeOf(resource: Resource, { opened, store, triggers }: Placing): Store {
  if (store !== undefined) return chosenStores(opened, store)[0] ?? opened.router.storeFor(resource);
  const source = definitionKind(resource) === undefined ? undefined : opened.loaded.config.definitions[0]?.store;
  if (source !== undefined) return opened.router.storeFor(resource, { store: source });
  return triggers.has(gvkKey(resource)) ? opened.router.storeOfTriggers(resource) : opened.router.storeFor(resource);
}

async function inNamespace(
  resource: Resource,
  { store, info }: { readonly store: Store; readonly info: Pick<KindInfo, 'namespaced'> | undefined },
  placing: Placing,
): Promise<Resource> {
  const { namespace: given, ...metadata } = resource.metadata;
  if (info?.namespaced === false) {
    // A cluster takes no namespace for what has none; files may hold such kinds in folders of their own.
    return given !== undefined && store.defaultNamespace !== undefined ? { ...resource, metadata } : resource;
  }
  if (given !== undefined) return resource;
  const namespace = placing.namespace ?? sourceNamespace(resource, placing) ?? (await store.defaultNamespace?.());
  return namespace === undefined ? resource : { ...resource, metadata: { ...metadata, namespace } };
}

/** Definitions count only in the namespaces that the configuration lists, where it lists any. */
function sourceNamespace(resource: Resource, { opened }: Placing): string | undefined {
  return definitionKind(resource) === undefined ? undefined : opened.loaded.config.definitions[0]?.namespaces?.[0];
}

/** The kinds that CustomResourceDefinitions among the manifests declare, with their scope. */
function declaredKinds(manifests: readonly Manifest[]): ReadonlyMap<string, Pick<KindInfo, 'namespaced'>> {
  const kinds = manifests
    .filter(({ resource }) => isCustomResourceDefinition(resource))
    .flatMap(({ resource }) => {
      const namespaced = getAt(asJson(resource), ['spec', 'scope']) !== 'Cluster';
      return kindsOf(resource).map((kind): [string, Pick<KindInfo, 'namespaced'>] => [gvkKey(kind), { namespaced }]);
    });
  return new Map(kinds);
}

/** Whether the resource declares a kind. */
export function isCustomResourceDefinition({ apiVersion, kind }: GroupVersionKind): boolean {
  return kind === 'CustomResourceDefinition' && groupOf(apiVersion) === 'apiextensions.k8s.io';
}

/** The kinds that a CustomResourceDefinition declares: one for each version that is served. */
export function kindsOf(declaration: Resource): readonly GroupVersionKind[] {
  const spec = getAt(asJson(declaration), ['spec']);
  const text = (...path: string[]): string => String(getAt(spec, path) ?? '');
  const versions = getAt(spec, ['versions']);
  return (isList(versions) ? versions : []).flatMap((version) => {
    const name = getAt(version, ['name']);
    if (typeof name !== 'string' || getAt(version, ['served']) === false) return [];
    return [{ apiVersion: `${text('group')}/${name}`, kind: text('names', 'kind') }];
  });
}
