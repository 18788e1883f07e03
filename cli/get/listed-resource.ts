import type { Resource } from '../../kernel/index.js';
import type { NamespaceOptions } from '../connection.js';
import type { StoredKind } from './stored-kinds.js';

/** A resource, with the kind and the store that it was found under. */
export interface ListedResource extends StoredKind {
  readonly resource: Resource;
}

/**
 * The namespace that is meant for a kind: the one that is named, none with `-A` and for kinds that have none, else the one
 * that the store's own users mean when they name none. Undefined for all.
 */
export async function namespaceOf(
  { store, kind }: StoredKind,
  { namespace, allNamespaces }: NamespaceOptions,
): Promise<string | undefined> {
  if (!kind.namespaced || allNamespaces === true) return undefined;
  return namespace ?? (await store.defaultNamespace?.());
}

/** What to list beside the kind. */
export interface ListRequest extends NamespaceOptions {
  /** Only resources with these labels. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** All resources of a kind in its store, in the order of their names. */
export async function listKind(stored: StoredKind, request: ListRequest): Promise<readonly ListedResource[]> {
  const { apiVersion, kind } = stored.kind;
  const { labels } = request;
  const namespace = await namespaceOf(stored, request);
  const selector = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
  const { items } = await stored.store.list(selector, labels === undefined ? {} : { labels });
  return items
    .filter((resource) => hasLabels(resource, labels))
    .map((resource) => ({ ...stored, resource }))
    .sort(byName);
}

/** Those that stand under two names of one kind, such as an older group beside a newer one, once. */
export function eachOnce(found: readonly ListedResource[]): readonly ListedResource[] {
  const seen = new Set<string>();
  return found.filter(({ resource: { metadata }, store }) => {
    const key = metadata.uid === undefined ? undefined : `${store.name} ${metadata.uid}`;
    if (key === undefined) return true;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function hasLabels({ metadata }: Resource, labels: ListRequest['labels']): boolean {
  return Object.entries(labels ?? {}).every(([key, value]) => String(metadata.labels?.[key] ?? '') === value);
}

function byName({ resource: { metadata: a } }: ListedResource, { resource: { metadata: b } }: ListedResource): number {
  return compare(a.namespace ?? '', b.namespace ?? '') || compare(a.name, b.name);
}

/** By number where names are numbers: order 9 comes before order 10. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
