import type { Observable } from 'rxjs';
import type { WriteFence } from '../contracts/leadership.js';
import type {
  CallOptions,
  CreateOptions,
  DeleteOptions,
  KindInfo,
  ListOptions,
  Notice,
  ResourceList,
  Selector,
  StatusOptions,
  StatusPatch,
  Store,
  StoreEvent,
  StoreHealth,
  WriteOptions,
} from '../contracts/store.js';
import type { JsonObject, MaybePromise } from '../model/json.js';
import type { GroupVersionKind, Resource, ResourceRef } from '../model/resource.js';

/** A store that takes writes only as long as a fence stands; reads and watches are free. */
export class FencedStore implements Store {
  readonly name: string;
  readonly health: Observable<StoreHealth>;
  readonly holdsDeletion: boolean;
  readonly activity?: NonNullable<Store['activity']>;
  readonly announce?: NonNullable<Store['announce']>;
  readonly preview?: NonNullable<Store['preview']>;
  readonly defaultNamespace?: NonNullable<Store['defaultNamespace']>;
  readonly election?: NonNullable<Store['election']>;
  readonly #store: Store;
  readonly #fence: WriteFence;

  constructor(store: Store, fence: WriteFence) {
    this.#store = store;
    this.#fence = fence;
    this.name = store.name;
    this.health = store.health;
    this.holdsDeletion = store.holdsDeletion === true;
    // What a store cannot do is told by the absence of the method, here too.
    if (store.activity !== undefined) this.activity = store.activity;
    if (store.announce !== undefined) this.announce = (about, notice) => this.#announce(about, notice);
    if (store.preview !== undefined) this.preview = store.preview.bind(store);
    if (store.defaultNamespace !== undefined) this.defaultNamespace = store.defaultNamespace.bind(store);
    if (store.election !== undefined) this.election = store.election.bind(store);
  }

  kinds(options?: CallOptions): Promise<readonly KindInfo[]> {
    return this.#store.kinds(options);
  }

  kind(gvk: GroupVersionKind, options?: CallOptions): MaybePromise<KindInfo | undefined> {
    return this.#store.kind(gvk, options);
  }

  get(ref: ResourceRef, options?: CallOptions): Promise<Resource | undefined> {
    return this.#store.get(ref, options);
  }

  list(selector: Selector, options?: ListOptions): Promise<ResourceList> {
    return this.#store.list(selector, options);
  }

  async create(resource: Resource, options?: CreateOptions): Promise<Resource> {
    this.#fence.check();
    return this.#store.create(resource, options);
  }

  async apply(target: Resource, options?: WriteOptions): Promise<Resource> {
    this.#fence.check();
    return this.#store.apply(target, options);
  }

  async patch(ref: ResourceRef, patch: JsonObject, options?: WriteOptions): Promise<Resource> {
    this.#fence.check();
    return this.#store.patch(ref, patch, options);
  }

  async patchStatus(ref: ResourceRef, patch: StatusPatch, options?: StatusOptions): Promise<Resource> {
    this.#fence.check();
    return this.#store.patchStatus(ref, patch, options);
  }

  async delete(ref: ResourceRef, options?: DeleteOptions): Promise<void> {
    this.#fence.check();
    return this.#store.delete(ref, options);
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return this.#store.watch(selector);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** To announce never throws; a word that comes too late is left to the process that acts now. */
  #announce(about: Resource, notice: Notice): void {
    try {
      this.#fence.check();
    } catch {
      return;
    }
    this.#store.announce?.(about, notice);
  }
}
