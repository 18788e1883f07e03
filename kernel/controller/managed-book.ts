import { refKey } from '../model/resource.js';
import type { PlacedKind, PlacedRef } from '../resources/watched-handler.js';

/** A managed resource, where it lies, and how its kind is watched there. */
export interface PlacedResource extends PlacedRef, Pick<PlacedKind, 'placement'> {}

/** Which trigger is about which resources. */
export class ManagedBook {
  readonly #byTrigger = new Map<string, readonly PlacedResource[]>();
  readonly #byResource = new Map<string, Set<string>>();
  readonly #kinds = new Map<string, { readonly kind: PlacedKind; count: number }>();

  /** Takes note of all that a trigger is about. Gives whether that changed which kinds there are. */
  set(trigger: string, resources: readonly PlacedResource[]): boolean {
    const before = this.#byTrigger.get(trigger) ?? [];
    const keys = resources.map(resourceKey);
    const keysBefore = before.map(resourceKey);
    // Nearly every run is about what the last one was about.
    if (keys.length === keysBefore.length && keys.every((key, index) => key === keysBefore[index])) return false;
    if (resources.length === 0) this.#byTrigger.delete(trigger);
    else this.#byTrigger.set(trigger, resources);
    // In this order, so that a kind that stays is never gone in between.
    const added = resources.map((one, index) => this.#add(trigger, one, keys[index] ?? ''));
    const kept = new Set(keys);
    const removed = before.map((one, index) => this.#remove(trigger, one, keysBefore[index] ?? '', kept));
    return [...added, ...removed].some((changed) => changed);
  }

  /** A trigger is about this resource no longer. Gives whether that changed which kinds there are. */
  forget(trigger: string, ref: PlacedRef): boolean {
    const key = resourceKey(ref);
    const others = (this.#byTrigger.get(trigger) ?? []).filter((one) => resourceKey(one) !== key);
    return this.set(trigger, others);
  }

  /** The triggers that are about a resource. */
  triggersOf(ref: PlacedRef): readonly string[] {
    return [...(this.#byResource.get(resourceKey(ref)) ?? [])];
  }

  /** Every kind of which some trigger is about a resource, once for each store. */
  kinds(): readonly PlacedKind[] {
    return [...this.#kinds.values()].map(({ kind }) => kind);
  }

  #add(trigger: string, resource: PlacedResource, key: string): boolean {
    const { apiVersion, kind, store, placement } = resource;
    const triggers = this.#byResource.get(key) ?? new Set();
    this.#byResource.set(key, triggers.add(trigger));
    const known = this.#kinds.get(kindKey(resource));
    this.#kinds.set(kindKey(resource), {
      kind: known?.kind ?? { apiVersion, kind, store, placement },
      count: (known?.count ?? 0) + 1,
    });
    return known === undefined;
  }

  #remove(trigger: string, resource: PlacedResource, key: string, kept: ReadonlySet<string>): boolean {
    if (!kept.has(key)) {
      const triggers = this.#byResource.get(key);
      triggers?.delete(trigger);
      if (triggers?.size === 0) this.#byResource.delete(key);
    }
    const known = this.#kinds.get(kindKey(resource));
    if (known === undefined) return false;
    known.count -= 1;
    return known.count === 0 && this.#kinds.delete(kindKey(resource));
  }
}

function resourceKey(ref: PlacedRef): string {
  return `${ref.store} ${refKey(ref)}`;
}

function kindKey({ store, apiVersion, kind }: PlacedRef): string {
  return `${store} ${apiVersion} ${kind}`;
}
