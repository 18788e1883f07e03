import type { Resource } from '../../kernel/index.js';
import type { StoredKind } from './stored-kinds.js';

/** A resource, with the kind and the store that it was found under. */
export interface ListedResource extends StoredKind {
  readonly resource: Resource;
}

/** All resources of a kind in its store, in the order of their names, of one namespace or all. */
export async function listKind(stored: StoredKind, namespace: string | undefined): Promise<readonly ListedResource[]> {
  const { apiVersion, kind } = stored.kind;
  const selector = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
  const { items } = await stored.store.list(selector);
  return items.map((resource) => ({ ...stored, resource })).sort(byName);
}

function byName({ resource: { metadata: a } }: ListedResource, { resource: { metadata: b } }: ListedResource): number {
  return compare(a.namespace ?? '', b.namespace ?? '') || compare(a.name, b.name);
}

/** By number where names are numbers: order 9 comes before order 10. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
