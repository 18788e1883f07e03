import type { Observable } from 'rxjs';
import type { JsonObject, MaybePromise } from '../model/json.js';
import type { GroupVersionKind, Resource, ResourceRef } from '../model/resource.js';
import type { CallOptions, CreateOptions, DeleteOptions, KindInfo, Store, StoreEvent, WriteOptions } from './store.js';

/** Where a ResourceFunction asks for its resource: `apiConfig.store`, when it names one. */
export interface Placement {
  readonly store?: string;
}

/**
 * Reads and changes the resources of the kinds that it claims. It returns data and throws {@link StoreError}s; what they
 * mean for a run is the runtime's to say. The default handler asks the store that the routing names. Every other one passes
 * `resourceHandlerContract` of `koreo-kernel/testing/contracts`: its methods promise what those of a {@link Store} do, and what a
 * target asks for that the kind has no place for is refused with an InvalidResourceError, never left out.
 */
export interface ResourceHandler {
  readonly name: string;
  claims(gvk: GroupVersionKind): boolean;
  /** The kinds that it claims, as far as they can be told beforehand: so that two handlers of one kind are found before anything runs. */
  readonly kinds?: readonly GroupVersionKind[];
  /** As a store's `kind`: what is known already is given at once, without a promise; so is it with `read`. */
  kind(gvk: GroupVersionKind, options: CallOptions & Placement): MaybePromise<KindInfo | undefined>;
  read(ref: ResourceRef, options: CallOptions & Placement): MaybePromise<Resource | undefined>;
  create(target: Resource, options: CreateOptions & Placement): Promise<Resource>;
  apply(target: Resource, options: WriteOptions & Placement): Promise<Resource>;
  patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions & Placement): Promise<Resource>;
  remove(ref: ResourceRef, options: DeleteOptions & Placement): Promise<void>;
  /** Changes of a kind; absent where the handler cannot know of them. */
  watch?(gvk: GroupVersionKind, placement: Placement): Observable<StoreEvent>;
  /** The name of the store that a resource of this kind lies in; decides whether owner references make sense. */
  storeOf(gvk: GroupVersionKind, placement: Placement): string;
}

export const RESOURCE_HANDLERS = Symbol.for('koreo.resource-handlers');
