import {
  asResource,
  getKey,
  isList,
  isObject,
  isResource,
  type Json,
  type JsonObject,
  type Origin,
  type Path,
  type Problem,
  type Resource,
} from '../../kernel/index.js';

/** A resource as a file says it, and where. */
export interface Manifest {
  readonly resource: Resource;
  readonly origin?: Origin;
}

/** What the server alone decides. It is in files that were read from one, and says nothing there. */
const SERVERS_OWN = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
];

/** The resources of a document: itself, or the items of a List. */
export function manifestsIn(
  value: JsonObject,
  origin: Origin,
): { readonly manifests: readonly Manifest[]; readonly problems: readonly Problem[] } {
  const items = itemsOf(value);
  if (items === undefined) return one(value, origin, []);
  const each = items.map((item, index) => one(item, origin, ['items', index]));
  return {
    manifests: each.flatMap(({ manifests }) => manifests),
    problems: each.flatMap(({ problems }) => problems),
  };
}

function one(value: Json, origin: Origin, path: Path): ReturnType<typeof manifestsIn> {
  if (isObject(value) && isResource(value)) {
    const resource = withoutServersOwn(asResource(value));
    return { manifests: [{ resource, origin: path.length === 0 ? origin : within(origin, path) }], problems: [] };
  }
  const message = 'A resource needs apiVersion, kind and metadata.name, as texts that are not empty.';
  const location = { path, ...(origin.file === undefined ? {} : { file: origin.file }), ...origin.locate?.(path) };
  return { manifests: [], problems: [{ code: 'not-a-resource', message, location }] };
}

function itemsOf(value: JsonObject): readonly Json[] | undefined {
  const [kind, items] = [getKey(value, 'kind'), getKey(value, 'items')];
  return typeof kind === 'string' && kind.endsWith('List') && isList(items) ? items : undefined;
}

/** The origin of what stands at a path of a document. */
function within(origin: Origin, base: Path): Origin {
  return {
    ...(origin.file === undefined ? {} : { file: origin.file }),
    locate: (path, inside) => origin.locate?.([...base, ...path], inside),
    locateKey: (path) => origin.locateKey?.([...base, ...path]),
  };
}

function withoutServersOwn(resource: Resource): Resource {
  const kept = Object.entries(resource.metadata).filter(([key]) => !SERVERS_OWN.includes(key));
  return { ...resource, metadata: Object.fromEntries(kept) as unknown as Resource['metadata'] };
}
