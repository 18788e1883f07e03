import type { Observable } from 'rxjs';
import type { Placement, ResourceHandler } from '../contracts/resource-handler.js';
import type {
  CallOptions,
  CreateOptions,
  DeleteOptions,
  KindInfo,
  Store,
  StoreEvent,
  WriteOptions,
} from '../contracts/store.js';
import type { JsonObject, MaybePromise } from '../model/json.js';
import type { GroupVersionKind, Resource, ResourceRef } from '../model/resource.js';

/** Says which store holds a kind. @throws StoreError when there is none */
export interface StoreRouting {
  storeFor(gvk: GroupVersionKind, placement: Placement): Store;
}

/** The default handler: claims every kind, and asks the store that the routing names. */
export class StoreHandler implements ResourceHandler {
  readonly name = 'store';
  readonly #routing: StoreRouting;

  constructor(routing: StoreRouting) {
    this.#routing = routing;
  }

  claims(): boolean {
    return true;
  }

  kind(gvk: GroupVersionKind, options: CallOptions & Placement): MaybePromise<KindInfo | undefined> {
    return this.#routing.storeFor(gvk, options).kind(gvk, options);
  }

  read(ref: ResourceRef, options: CallOptions & Placement): Promise<Resource | undefined> {
    return this.#routing.storeFor(ref, options).get(ref, options);
  }

  create(target: Resource, options: CreateOptions & Placement): Promise<Resource> {
    return this.#routing.storeFor(target, options).create(target, options);
  }

  apply(target: Resource, options: WriteOptions & Placement): Promise<Resource> {
    return this.#routing.storeFor(target, options).apply(target, options);
  }

  patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions & Placement): Promise<Resource> {
    return this.#routing.storeFor(ref, options).patch(ref, patch, options);
  }

  remove(ref: ResourceRef, options: DeleteOptions & Placement): Promise<void> {
    return this.#routing.storeFor(ref, options).delete(ref, options);
  }

  watch(gvk: GroupVersionKind, placement: Placement): Observable<StoreEvent> {
    return this.#routing.storeFor(gvk, placement).watch(gvk);
  }

  storeOf(gvk: GroupVersionKind, placement: Placement): string {
    return this.#routing.storeFor(gvk, placement).name;
  }
}
