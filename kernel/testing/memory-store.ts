import { BehaviorSubject, Observable } from 'rxjs';
import type {
  CallOptions,
  CreateOptions,
  DeleteOptions,
  KindInfo,
  ResourceList,
  Selector,
  StatusPatch,
  Store,
  StoreEvent,
  StoreHealth,
  WriteOptions,
} from '../contracts/store.js';
import { AlreadyExistsError, InvalidResourceError, NotFoundError } from '../contracts/store-errors.js';
import { equalJson, freezeDeep, type JsonObject, type MaybePromise, withKeys } from '../model/json.js';
import { guessPlural } from '../model/plural.js';
import {
  asJson,
  asResource,
  formatRef,
  type GroupVersionKind,
  gvkKey,
  isBeingDeleted,
  isNamedBy,
  isResource,
  type Resource,
  type ResourceRef,
  refOf,
} from '../model/resource.js';
import { mergePatch } from '../resources/merge-patch.js';
import { selectorMatches, WatchQueue } from '../resources/watch-queue.js';
import { FieldOwners } from './field-owners.js';
import { frozenCopy } from './frozen-copy.js';
import type { MemoryStoreOptions, StoreCall, StoreInterceptor } from './memory-store-options.js';
import { ResourceIndex } from './resource-index.js';
import {
  checkGuards,
  checkShape,
  isHeld,
  isReleased,
  nextGeneration,
  withFinalizers,
  withIdentity,
} from './resource-rules.js';

type Change = StoreCall & { readonly ref: ResourceRef };

/**
 * A store that lives in memory and keeps the whole contract of {@link Store}: for tests, simulations and the embedding of
 * a kernel in a program. It counts what is asked of it. Uids and revisions are the same in each run of a program.
 */
export class MemoryStore implements Store {
  readonly name: string;
  readonly holdsDeletion: boolean;
  readonly health = new BehaviorSubject<StoreHealth>({ state: 'healthy', problems: [] });

  readonly #resources = new ResourceIndex();
  readonly #kinds = new Map<string, KindInfo>();
  /** What was said of each kind that was asked for, by its `apiVersion` and its kind. */
  readonly #told = new Map<string, Map<string, KindInfo>>();
  readonly #watches = new Set<WatchQueue>();
  readonly #interceptors = new Set<StoreInterceptor>();
  readonly #now: (() => number) | undefined;
  readonly #owners: FieldOwners | undefined;
  #revision = 0;
  #uids = 0;
  #reads = 0;
  #writes = 0;
  #changes = 0;

  constructor(options: MemoryStoreOptions = {}) {
    this.name = options.name ?? 'memory';
    this.holdsDeletion = options.holdsDeletion ?? true;
    this.#now = options.now;
    this.#owners = options.ownsFields === true ? new FieldOwners() : undefined;
    for (const kind of options.kinds ?? []) this.#kinds.set(gvkKey(kind), kind);
    for (const resource of options.resources ?? []) this.put(resource);
  }

  /** How many times something was asked for: `get` and `list`. */
  get reads(): number {
    return this.#reads;
  }

  /** How many times a write was asked for, whether or not it changed or was refused. */
  get writes(): number {
    return this.#writes;
  }

  /** How many times something changed; {@link put} and {@link drop} do not count. */
  get changes(): number {
    return this.#changes;
  }

  /** What it holds now, in the order in which it came. */
  get resources(): readonly Resource[] {
    return [...this.#resources];
  }

  /** What is watched now, once for each watch. */
  get watched(): readonly Selector[] {
    return [...this.#watches].map(({ selector }) => selector);
  }

  /** The resource as it is now, without its being counted or intercepted. */
  peek(ref: ResourceRef): Resource | undefined {
    return this.#resources.get(ref);
  }

  /** Puts a resource as someone else would: uncounted, replacing what was there; watches are told. */
  put(resource: Resource): Resource {
    const ref = refOf(resource);
    return this.#store(ref, frozenCopy(resource), this.peek(ref));
  }

  /** Takes a resource away as someone else would. */
  drop(ref: ResourceRef): void {
    this.#remove(ref);
  }

  /** Shows every later call to the interceptor first, until the function that it gives is called. */
  intercept(interceptor: StoreInterceptor): () => void {
    this.#interceptors.add(interceptor);
    return () => this.#interceptors.delete(interceptor);
  }

  async kinds(options: CallOptions = {}): Promise<readonly KindInfo[]> {
    options.signal?.throwIfAborted();
    const known = new Map(this.#kinds);
    for (const resource of this.#resources) {
      const key = gvkKey(resource);
      if (!known.has(key)) known.set(key, this.#kindOf(resource));
    }
    return [...known.values()];
  }

  kind(gvk: GroupVersionKind, { signal }: CallOptions = {}): MaybePromise<KindInfo> {
    return signal?.aborted === true ? Promise.reject(signal.reason) : this.#kindOf(gvk);
  }

  async get(ref: ResourceRef, options: CallOptions = {}): Promise<Resource | undefined> {
    this.#reads += 1;
    await this.#admit({ verb: 'get', ref, options });
    return this.peek(ref);
  }

  async list(selector: Selector, options: CallOptions = {}): Promise<ResourceList> {
    this.#reads += 1;
    await this.#admit({ verb: 'list', ref: selector, options });
    return { items: this.#select(selector), revision: String(this.#revision) };
  }

  async create(resource: Resource, options: CreateOptions = {}): Promise<Resource> {
    this.#writes += 1;
    checkShape(resource);
    // Copied before the first await: what the caller does to it afterwards is not ours.
    const { lasting = resource } = options;
    const kept = this.#owners && frozenCopy(lasting);
    const body = frozenCopy(this.#owners?.created(resource, options.lasting) ?? resource);
    const ref = refOf(body);
    await this.#admit({ verb: 'create', ref, body: asJson(body), options });
    if (this.peek(ref) !== undefined) throw new AlreadyExistsError(`${formatRef(ref)} exists already`);
    this.#changes += 1;
    const created = this.#store(ref, body, undefined);
    if (kept !== undefined) this.#owners?.remember(created.metadata.uid, kept);
    return created;
  }

  async apply(target: Resource, options: WriteOptions = {}): Promise<Resource> {
    checkShape(target);
    const body = frozenCopy(asJson(target));
    const call: Change = { verb: 'apply', ref: refOf(target), body, options };
    await this.#admitWrite(call);
    const applied = this.#change(call, (current) => this.#owners?.patchFor(current, body) ?? body);
    this.#owners?.remember(applied.metadata.uid, asResource(body));
    return applied;
  }

  async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions = {}): Promise<Resource> {
    const body = frozenCopy(patch);
    const call: Change = { verb: 'patch', ref, body, options };
    await this.#admitWrite(call);
    return this.#change(call, () => body);
  }

  async patchStatus(ref: ResourceRef, patch: StatusPatch, options: WriteOptions = {}): Promise<Resource> {
    const { status, annotations, finalizers = {} } = patch;
    const body = frozenCopy<JsonObject>({
      ...(status === undefined ? {} : { status }),
      ...(annotations === undefined ? {} : { metadata: { annotations } }),
    });
    const call: Change = { verb: 'patchStatus', ref, body, options };
    await this.#admitWrite(call);
    const held = this.holdsDeletion ? finalizers : {};
    return this.#change(call, (current) => withFinalizers(body, current, held));
  }

  async delete(ref: ResourceRef, options: DeleteOptions = {}): Promise<void> {
    this.#writes += 1;
    await this.#admit({ verb: 'delete', ref, options });
    const current = this.peek(ref);
    if (current === undefined) return;
    checkGuards(current, options);
    const held = this.holdsDeletion && isHeld(current);
    if (held && isBeingDeleted(current)) return;
    this.#changes += 1;
    if (held) this.#mark(current);
    else this.#remove(ref);
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      const queue = new WatchQueue(selector, (event) => subscriber.next(event));
      this.#watches.add(queue);
      queue.push([
        ...this.#select(selector).map((resource): StoreEvent => ({ type: 'added', resource })),
        { type: 'synced' },
      ]);
      return () => {
        queue.close();
        this.#watches.delete(queue);
      };
    });
  }

  async close(): Promise<void> {
    for (const queue of this.#watches) queue.close();
    this.#watches.clear();
  }

  /** Makes of the resource what it is once the patch is merged into it. */
  #change({ ref, options }: Change, patchFor: (current: Resource) => JsonObject): Resource {
    const current = this.peek(ref);
    if (current === undefined) throw new NotFoundError(`${formatRef(ref)} does not exist`);
    checkGuards(current, options);
    const wanted = asResource(mergePatch(asJson(current), patchFor(current)));
    if (!isResource(asJson(wanted)) || !isNamedBy(wanted, ref)) {
      throw new InvalidResourceError(`a patch cannot change apiVersion, kind, name or namespace of ${formatRef(ref)}`);
    }
    if (wanted === current) return current;
    const next = withIdentity(wanted, current);
    // All that it was to change may have been what the store alone decides.
    if (next !== wanted && equalJson(asJson(next), asJson(current))) return current;
    this.#changes += 1;
    const stored = this.#store(ref, next, current);
    if (isReleased(stored)) this.#remove(ref);
    return stored;
  }

  #admitWrite(call: StoreCall): MaybePromise<void> {
    this.#writes += 1;
    return this.#admit(call);
  }

  /** Nothing is awaited between here and the end of a call, so that guards are checked in the same step as the write. */
  #admit(call: StoreCall): MaybePromise<void> {
    call.options.signal?.throwIfAborted();
    if (this.#interceptors.size > 0) return this.#ask(call);
  }

  async #ask(call: StoreCall): Promise<void> {
    for (const interceptor of this.#interceptors) await interceptor(call);
    call.options.signal?.throwIfAborted();
  }

  /** @param resource what is not frozen of it nobody else holds: it is frozen as it is, and kept */
  #store(ref: ResourceRef, resource: Resource, before: Resource | undefined): Resource {
    this.#revision += 1;
    const identity = {
      uid: before?.metadata.uid ?? resource.metadata.uid ?? this.#nextUid(),
      resourceVersion: String(this.#revision),
      generation: nextGeneration(resource, before),
    };
    const creationTimestamp = this.#creation(resource, before);
    const known = creationTimestamp === undefined ? identity : { ...identity, creationTimestamp };
    const metadata = withKeys(resource.metadata, known);
    const stored = asResource(freezeDeep(asJson({ ...resource, metadata })));
    this.#resources.set(ref, stored);
    this.#tell({ type: before === undefined ? 'added' : 'modified', resource: stored });
    return stored;
  }

  #mark(resource: Resource): void {
    const deletionTimestamp = new Date(this.#now?.() ?? 0).toISOString();
    this.#store(refOf(resource), { ...resource, metadata: { ...resource.metadata, deletionTimestamp } }, resource);
  }

  #creation(resource: Resource, before: Resource | undefined): string | undefined {
    const known = before?.metadata.creationTimestamp ?? resource.metadata.creationTimestamp;
    return known ?? (this.#now === undefined ? undefined : new Date(this.#now()).toISOString());
  }

  #remove(ref: ResourceRef): void {
    const resource = this.#resources.delete(ref);
    if (resource === undefined) return;
    this.#revision += 1;
    this.#owners?.forget(resource.metadata.uid);
    this.#tell({ type: 'deleted', resource });
  }

  #tell(event: Exclude<StoreEvent, { type: 'synced' }>): void {
    for (const queue of [...this.#watches]) queue.push([event]);
  }

  #select(selector: Selector): readonly Resource[] {
    return this.resources.filter((resource) => selectorMatches(selector, resource));
  }

  #nextUid(): string {
    this.#uids += 1;
    return `${this.name}-${this.#uids}`;
  }

  #kindOf({ apiVersion, kind }: GroupVersionKind): KindInfo {
    const told = this.#told.get(apiVersion)?.get(kind);
    if (told !== undefined) return told;
    const guessed = { apiVersion, kind, plural: guessPlural(kind), namespaced: true };
    const known = this.#kinds.get(gvkKey({ apiVersion, kind })) ?? guessed;
    const info = this.#owners === undefined ? known : { ...known, ownsFields: true };
    this.#told.set(apiVersion, (this.#told.get(apiVersion) ?? new Map()).set(kind, info));
    return info;
  }
}
