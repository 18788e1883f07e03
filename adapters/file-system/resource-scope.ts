import { type GroupVersionKind, groupOf, guessPlural, type KindInfo, type ResourceRef } from '../../kernel/index.js';
import type { FileSystemOptions } from './options.js';

/** Knows which kinds have namespaces, and which namespace a resource has that says none. */
export class ResourceScope {
  readonly #clusterScoped: ReadonlySet<string>;
  readonly #defaultNamespace: string | undefined;

  constructor({ clusterScoped, defaultNamespace }: Pick<FileSystemOptions, 'clusterScoped' | 'defaultNamespace'>) {
    this.#clusterScoped = new Set(clusterScoped);
    this.#defaultNamespace = defaultNamespace;
  }

  /** The reference to a resource that says this of itself. */
  refOf(gvk: GroupVersionKind, name: string, namespace: string | undefined): ResourceRef {
    const { apiVersion, kind } = gvk;
    const actual = namespace || (this.#isClusterScoped(gvk) ? undefined : this.#defaultNamespace);
    return { apiVersion, kind, name, ...(actual !== undefined && { namespace: actual }) };
  }

  /** What is known of a kind, given the resources of it that there are. */
  kindOf({ apiVersion, kind }: GroupVersionKind, present: Iterable<ResourceRef>): KindInfo {
    const info = { apiVersion, kind, plural: guessPlural(kind) };
    if (this.#isClusterScoped(info)) return { ...info, namespaced: false };
    return { ...info, namespaced: areNamespaced(present) };
  }

  #isClusterScoped({ apiVersion, kind }: GroupVersionKind): boolean {
    return this.#clusterScoped.has(kind) || this.#clusterScoped.has(`${kind}.${groupOf(apiVersion)}`);
  }
}

/** Whether one of them has a namespace, or there are none that could tell. */
function areNamespaced(refs: Iterable<ResourceRef>): boolean {
  let areNone = true;
  for (const { namespace } of refs) {
    if (namespace !== undefined) return true;
    areNone = false;
  }
  return areNone;
}
