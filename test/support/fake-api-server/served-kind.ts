import type { JsonObject } from 'koreo-kernel';
import type { Cause } from './api-error.js';
import type { ApiObject } from './api-object.js';

/** How the items of a list belong to their managers: as one, each by its value, or each by some of its fields. */
export type ListType = 'atomic' | 'set' | readonly string[];

/** A kind that the server serves. */
export interface ServedKind {
  readonly group: string;
  /** The versions by which it is served, the preferred one first. Objects are kept once, and shown in each. */
  readonly versions: readonly string[];
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly statusSubresource: boolean;
  /** Whether `metadata.generation` counts the changes of what is wanted. */
  readonly counted: boolean;
  /** Whether PUT goes without a resourceVersion. */
  readonly unconditionalUpdate: boolean;
  /** Custom kinds keep what their schema knows, and refuse what it does not allow. */
  readonly schemas?: Readonly<Record<string, JsonObject>>;
  /** The type of the list at a path of field names (`spec.ports`); atomic when it gives nothing. */
  readonly listType?: (path: string) => ListType | undefined;
  readonly validate?: (object: ApiObject) => readonly Cause[];
}

/** The name under which a kind's objects are kept: `deployments.apps`, `configmaps`. */
export function resourceName({ plural, group }: Pick<ServedKind, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The kinds of one server; those of CRDs come and go. */
export class KindRegistry {
  readonly #kinds = new Map<string, ServedKind>();

  constructor(kinds: readonly ServedKind[]) {
    for (const kind of kinds) this.add(kind);
  }

  all(): readonly ServedKind[] {
    return [...this.#kinds.values()];
  }

  get(name: string): ServedKind | undefined {
    return this.#kinds.get(name);
  }

  /** The kind behind a path; undefined when that version does not serve it. */
  at(group: string, version: string, plural: string): ServedKind | undefined {
    const kind = this.#kinds.get(resourceName({ plural, group }));
    return kind?.versions.includes(version) ? kind : undefined;
  }

  /** The kind that an object says it is. */
  of(apiVersion: string, kind: string): ServedKind | undefined {
    return this.all().find(
      (one) => one.kind === kind && one.versions.some((version) => apiVersionOf(one.group, version) === apiVersion),
    );
  }

  add(kind: ServedKind): void {
    this.#kinds.set(resourceName(kind), kind);
  }

  remove(name: string): void {
    this.#kinds.delete(name);
  }
}
