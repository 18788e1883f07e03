import type {
  CallOptions,
  CreateOptions,
  DeleteOptions,
  GroupVersionKind,
  JsonObject,
  KindInfo,
  ListOptions,
  MaybePromise,
  Resource,
  ResourceList,
  ResourceRef,
  Selector,
  StatusPatch,
  Store,
  StoreEvent,
  StoreHealth,
  WriteOptions,
} from 'koreo-kernel/plugin';
import { asJson, isResource, refOf } from 'koreo-kernel/plugin';
import type { Observable } from 'rxjs';
import type { AuditLog } from './audit-log.js';

/** Another store, with an account of every write that it is asked for: it is noted first, and then done. */
export class AuditedStore implements Store {
  readonly name: string;
  readonly holdsDeletion: boolean;
  readonly health: Observable<StoreHealth>;
  readonly #store: Store;
  readonly #log: AuditLog;

  constructor(store: Store, log: AuditLog) {
    this.#store = store;
    this.#log = log;
    this.name = store.name;
    this.holdsDeletion = store.holdsDeletion === true;
    this.health = store.health;
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

  watch(selector: Selector): Observable<StoreEvent> {
    return this.#store.watch(selector);
  }

  create(resource: Resource, options?: CreateOptions): Promise<Resource> {
    // What the caller does to its arguments afterwards is not meant: they are copied before anything is awaited.
    const sent = structuredClone(resource);
    return this.#notedResource('create', sent, options, () => this.#store.create(sent, options));
  }

  apply(target: Resource, options?: WriteOptions): Promise<Resource> {
    const sent = structuredClone(target);
    return this.#notedResource('apply', sent, options, () => this.#store.apply(sent, options));
  }

  patch(ref: ResourceRef, patch: JsonObject, options?: WriteOptions): Promise<Resource> {
    const sent = structuredClone(patch);
    return this.#noted('patch', ref, options, () => this.#store.patch(ref, sent, options));
  }

  patchStatus(ref: ResourceRef, patch: StatusPatch, options?: WriteOptions): Promise<Resource> {
    const sent = structuredClone(patch);
    return this.#noted('patchStatus', ref, options, () => this.#store.patchStatus(ref, sent, options));
  }

  delete(ref: ResourceRef, options?: DeleteOptions): Promise<void> {
    return this.#noted('delete', ref, options, () => this.#store.delete(ref, options));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** What is no resource has no name to note; the store refuses it. */
  async #notedResource<T>(
    what: string,
    sent: Resource,
    options: CallOptions | undefined,
    write: () => Promise<T>,
  ): Promise<T> {
    return isResource(asJson(sent)) ? this.#noted(what, refOf(sent), options, write) : write();
  }

  async #noted<T>(what: string, ref: ResourceRef, options: CallOptions = {}, write: () => Promise<T>): Promise<T> {
    options.signal?.throwIfAborted();
    await this.#log.note(what, ref);
    return write();
  }
}
