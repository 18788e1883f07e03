import type { WriteFence } from '../contracts/leadership.js';
import type { Placement, ResourceHandler } from '../contracts/resource-handler.js';
import type { CallOptions, CreateOptions, DeleteOptions, KindInfo, WriteOptions } from '../contracts/store.js';
import type { JsonObject, MaybePromise } from '../model/json.js';
import type { GroupVersionKind, Resource, ResourceRef } from '../model/resource.js';

/** A handler that is asked to write only as long as a fence stands; to read and to watch is free. */
export class FencedHandler implements ResourceHandler {
  readonly name: string;
  readonly watch?: NonNullable<ResourceHandler['watch']>;
  readonly #handler: ResourceHandler;
  readonly #fence: WriteFence;

  constructor(handler: ResourceHandler, fence: WriteFence) {
    this.#handler = handler;
    this.#fence = fence;
    this.name = handler.name;
    if (handler.watch !== undefined) this.watch = handler.watch.bind(handler);
  }

  claims(gvk: GroupVersionKind): boolean {
    return this.#handler.claims(gvk);
  }

  kind(gvk: GroupVersionKind, options: CallOptions & Placement): MaybePromise<KindInfo | undefined> {
    return this.#handler.kind(gvk, options);
  }

  read(ref: ResourceRef, options: CallOptions & Placement): MaybePromise<Resource | undefined> {
    return this.#handler.read(ref, options);
  }

  async create(target: Resource, options: CreateOptions & Placement): Promise<Resource> {
    this.#fence.check();
    return this.#handler.create(target, options);
  }

  async apply(target: Resource, options: WriteOptions & Placement): Promise<Resource> {
    this.#fence.check();
    return this.#handler.apply(target, options);
  }

  async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions & Placement): Promise<Resource> {
    this.#fence.check();
    return this.#handler.patch(ref, patch, options);
  }

  async remove(ref: ResourceRef, options: DeleteOptions & Placement): Promise<void> {
    this.#fence.check();
    return this.#handler.remove(ref, options);
  }

  storeOf(gvk: GroupVersionKind, placement: Placement): string {
    return this.#handler.storeOf(gvk, placement);
  }
}
