import type { GroupVersionKind, Json, JsonObject, Resource, ResourceRef, Store } from '../../../plugin.js';
import type { Assertions } from '../assertions.js';

/** The kinds that the store under test must hold. Both are namespaced, or neither is; see {@link StoreCapabilities}. */
export const WIDGET: GroupVersionKind = { apiVersion: 'contract.koreo.dev/v1', kind: 'Widget' };
export const GADGET: GroupVersionKind = { apiVersion: 'contract.koreo.dev/v1', kind: 'Gadget' };
/** A kind that no harness configures. */
export const MYSTERY: GroupVersionKind = { apiVersion: 'mystery.koreo.dev/v1', kind: 'Mystery' };

/** Where stores may differ without breaking their promises. */
export interface StoreCapabilities {
  /** The test kinds have namespaces. */
  readonly namespaced: boolean;
  /** The store holds kinds that nobody told it of. */
  readonly anyKind: boolean;
  /** A resource that is deleted and created again gets another uid. */
  readonly uidPerLife: boolean;
  /** Finalizers hold what is deleted. */
  readonly holdsDeletion: boolean;
  /** The store knows the owners of fields: `apply` removes what only an earlier target set. */
  readonly fieldOwners: boolean;
  /** A store's own writes are told before the write resolves; else soon after. */
  readonly tellsOwnWritesAtOnce: boolean;
  /**
   * A deletion that looks after the resources that are owned is done when the call is; else the resource may stay for a
   * while, marked as being deleted, until somebody else has seen to them.
   */
  readonly deletesAtOnce: boolean;
  /** Deleting is a change like any other: the last that is told of a resource has a revision of its own. */
  readonly deletionRevises: boolean;
  /** Any text is a key of an annotation; else one must be a name with, perhaps, a prefix, and others are refused as invalid. */
  readonly anyAnnotationKey: boolean;
  /** `harness.outside` is there. */
  readonly outside: boolean;
  /** `harness.open` is there: several stores can look at one place. */
  readonly shared: boolean;
  /** What is written is there when the place is opened again. */
  readonly durable: boolean;
}

export const DEFAULT_CAPABILITIES: StoreCapabilities = {
  namespaced: true,
  anyKind: false,
  uidPerLife: true,
  holdsDeletion: false,
  fieldOwners: false,
  tellsOwnWritesAtOnce: true,
  deletesAtOnce: true,
  deletionRevises: false,
  anyAnnotationKey: true,
  outside: true,
  shared: true,
  durable: true,
};

/** Changes the place as somebody who knows nothing of the store would: an editor, another client. */
export interface OutsideWorld {
  /** Makes the resource be there as given: creates it, or replaces the author's part of it. */
  put(resource: Resource): Promise<void>;
  remove(ref: ResourceRef): Promise<void>;
}

/** One store under test, empty, and the means to look behind it. */
export interface StoreHarness {
  readonly store: Store;
  /** What the author wrote of a resource, raw: a file's text, an item of a document. Undefined when it is not there. */
  authorsPart(ref: ResourceRef): Promise<Json | undefined>;
  readonly outside?: OutsideWorld;
  /** Another store on the same place, as another process would open it. The harness closes it. */
  open?(): Promise<Store>;
  /** What the store has touched beyond its own place; nothing, that is. */
  escapes?(): Promise<readonly string[]>;
  /** Closes every store and removes all traces. */
  dispose(): Promise<void>;
}

export type MakeStoreHarness = () => Promise<StoreHarness>;

/** What a group of tests registers itself with. */
export interface Contract {
  readonly capabilities: StoreCapabilities;
  test(title: string, run: ContractTest): void;
}
type ContractTest = (t: Assertions, harness: StoreHarness) => Promise<void>;

/** Makes resources and references of the test kinds, in the namespace that the store's capabilities ask for. */
export class Samples {
  readonly #namespaced: boolean;

  constructor({ namespaced }: StoreCapabilities) {
    this.#namespaced = namespaced;
  }

  ref(
    name: string,
    { gvk = WIDGET, namespace = 'default' }: { gvk?: GroupVersionKind; namespace?: string } = {},
  ): ResourceRef {
    const { apiVersion, kind } = gvk;
    return this.#namespaced ? { apiVersion, kind, name, namespace } : { apiVersion, kind, name };
  }

  resource(name: string, spec: JsonObject = {}, of: { gvk?: GroupVersionKind; namespace?: string } = {}): Resource {
    const { apiVersion, kind, ...metadata } = this.ref(name, of);
    return { apiVersion, kind, metadata, spec };
  }
}

/** The same text for the same JSON, whatever the order of keys; `__proto__` is a key like any other. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries);
  });
}

/** The revision of a resource that a store gave. */
export function revisionOf(resource: Resource | undefined): string {
  const revision = resource?.metadata.resourceVersion;
  if (revision === undefined || revision === '') throw new Error('the store gave a resource without a resourceVersion');
  return revision;
}

/** What the last event of a resource holds, which was as given when it was deleted. */
export function atDeletion(last: Resource, told: Resource, { deletionRevises }: StoreCapabilities): Resource {
  if (!deletionRevises) return last;
  return { ...last, metadata: { ...last.metadata, resourceVersion: revisionOf(told) } };
}

/** The uid of a resource that a store gave. */
export function uidOf(resource: Resource | undefined): string {
  const uid = resource?.metadata.uid;
  if (uid === undefined || uid === '') throw new Error('the store gave a resource without a uid');
  return uid;
}
