import type { KindInfo, WriteOptions } from '../contracts/store.js';
import type { JsonObject, MaybePromise } from '../model/json.js';
import type { GroupVersionKind, Resource } from '../model/resource.js';

/** One call of a `MemoryStore`, before it is answered. */
export interface StoreCall {
  readonly verb: 'get' | 'list' | 'create' | 'apply' | 'patch' | 'patchStatus' | 'delete';
  /** Whom it is about; a list has no name. */
  readonly ref: GroupVersionKind & { readonly name?: string; readonly namespace?: string };
  /** What was sent: a resource, a target or a patch. */
  readonly body?: JsonObject;
  readonly options: WriteOptions;
}

/** Sees each call first: it may wait, or throw the error that the call is to fail with. */
export type StoreInterceptor = (call: StoreCall) => MaybePromise<void>;

/** What a `MemoryStore` is made with. */
export interface MemoryStoreOptions {
  /** `memory` by default. */
  readonly name?: string;
  /** What it holds at first; what they lack of uid, revision and generation is filled in. */
  readonly resources?: readonly Resource[];
  /** Kinds whose plural or scope differ from what would be guessed: namespaced, with a Kubernetes-like plural. */
  readonly kinds?: readonly KindInfo[];
  /** Milliseconds since the epoch, for `creationTimestamp`; without it resources get none. */
  readonly now?: () => number;
  /** Whether `apply` takes away what an earlier target set, as a store that knows the owners of fields does. */
  readonly ownsFields?: boolean;
  /** Whether finalizers hold what is deleted, as in Kubernetes; they do by default. */
  readonly holdsDeletion?: boolean;
}
