import type { GroupVersionKind, Resource, ResourceRef } from '../model/resource.js';

type ByName = Map<string, Slot>;
type ByNamespace = Map<string, ByName>;
type ByKind = Map<string, ByNamespace>;

/** The place of one resource, which stays the same as long as the resource is there. */
interface Slot {
  resource: Resource;
}

/**
 * Resources by what names them, in the order in which they came. One map within another: to make one text of four for each
 * look-up costs four times as much as to look four times.
 */
export class ResourceIndex {
  readonly #slots = new Set<Slot>();
  readonly #byVersion = new Map<string, ByKind>();

  *[Symbol.iterator](): IterableIterator<Resource> {
    for (const { resource } of this.#slots) yield resource;
  }

  get(ref: ResourceRef): Resource | undefined {
    return this.#namesOf(ref)?.get(ref.name)?.resource;
  }

  /** Puts a resource in the place of the one with that name, or after all others. */
  set(ref: ResourceRef, resource: Resource): void {
    const names = this.#namesOf(ref) ?? this.#addNames(ref);
    const slot = names.get(ref.name);
    if (slot !== undefined) {
      slot.resource = resource;
      return;
    }
    const added = { resource };
    names.set(ref.name, added);
    this.#slots.add(added);
  }

  /** Takes a resource away. Gives it, if it was there. */
  delete(ref: ResourceRef): Resource | undefined {
    const names = this.#namesOf(ref);
    const slot = names?.get(ref.name);
    if (slot === undefined) return undefined;
    names?.delete(ref.name);
    this.#slots.delete(slot);
    return slot.resource;
  }

  #namesOf({ apiVersion, kind, namespace = '' }: Placed): ByName | undefined {
    return this.#byVersion.get(apiVersion)?.get(kind)?.get(namespace);
  }

  #addNames({ apiVersion, kind, namespace = '' }: Placed): ByName {
    const kinds: ByKind = this.#byVersion.get(apiVersion) ?? new Map();
    const namespaces: ByNamespace = kinds.get(kind) ?? new Map();
    const names: ByName = new Map();
    this.#byVersion.set(apiVersion, kinds.set(kind, namespaces.set(namespace, names)));
    return names;
  }
}

type Placed = GroupVersionKind & { readonly namespace?: string };
