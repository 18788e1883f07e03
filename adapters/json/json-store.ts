import type { Observable } from 'rxjs';
import {
  asJson,
  asResource,
  type CallOptions,
  type Clock,
  ConflictError,
  type DeleteOptions,
  finalizersAfter,
  formatRef,
  type GroupVersionKind,
  gvkKey,
  InvalidResourceError,
  isList,
  isObject,
  isResource,
  type JsonObject,
  type KindInfo,
  type MaybePromise,
  mergePatch,
  NotFoundError,
  type Resource,
  type ResourceList,
  type ResourceRef,
  refKey,
  refOf,
  type Selector,
  type StatusPatch,
  type Store,
  type StoreEvent,
  type StoreHealth,
  selectorMatches,
  UnknownKindError,
  type WriteOptions,
} from '../../kernel/index.js';
import type { Collection } from './collection.js';
import type { DocumentKeeper } from './document-keeper.js';
import type { Draft } from './draft.js';
import type { Entry } from './entry.js';
import { plainJson } from './plain-json.js';

/** What a {@link JsonStore} is made of. */
export interface JsonStoreParts {
  readonly name: string;
  readonly collections: readonly Collection[];
  readonly keeper: DocumentKeeper;
  readonly clock: Clock;
  readonly maxDepth: number;
}

/** A JSON document whose collections are seen as resources, and written back in the document's own shape. */
export class JsonStore implements Store {
  readonly name: string;
  readonly health: Observable<StoreHealth>;
  readonly holdsDeletion: boolean;
  readonly #collections: ReadonlyMap<string, Collection>;
  readonly #keeper: DocumentKeeper;
  readonly #clock: Clock;
  readonly #maxDepth: number;

  constructor({ name, collections, keeper, clock, maxDepth }: JsonStoreParts) {
    this.name = name;
    this.health = keeper.health;
    this.#collections = new Map(collections.map((collection) => [gvkKey(collection.info), collection]));
    this.#keeper = keeper;
    this.#clock = clock;
    // What is kept in an item goes with it.
    this.holdsDeletion = collections.every(({ inline }) => inline === undefined);
    this.#maxDepth = maxDepth;
  }

  async kinds({ signal }: CallOptions = {}): Promise<readonly KindInfo[]> {
    signal?.throwIfAborted();
    return [...this.#collections.values()].map(({ info }) => info);
  }

  kind(gvk: GroupVersionKind, { signal }: CallOptions = {}): MaybePromise<KindInfo | undefined> {
    return signal?.aborted === true ? Promise.reject(signal.reason) : this.#collections.get(gvkKey(gvk))?.info;
  }

  async get(ref: ResourceRef, { signal }: CallOptions = {}): Promise<Resource | undefined> {
    this.#collectionOf(ref);
    const key = refKey(ref);
    return this.#keeper.read((snapshot) => snapshot.entries.get(key)?.resource, signal);
  }

  async list(selector: Selector, { signal }: CallOptions = {}): Promise<ResourceList> {
    const collection = this.#collectionOf(selector);
    return this.#keeper.read((snapshot) => {
      const resources = snapshot.resources(collection).map(({ resource }) => resource);
      const items = resources.filter((resource) => selectorMatches(selector, resource));
      return { items, revision: snapshot.revision(collection) };
    }, signal);
  }

  async create(given: Resource, { signal }: CallOptions = {}): Promise<Resource> {
    const resource = this.#checked(given);
    const collection = this.#collectionOf(resource);
    if (resource.metadata.namespace !== undefined && !collection.info.namespaced) {
      throw new InvalidResourceError(
        `${formatRef(refOf(resource))} cannot be in a namespace: the collection at "${collection.at}" has none`,
      );
    }
    return this.#keeper.write((draft) => draft.create(collection, resource).resource, signal);
  }

  async apply(target: Resource, options: WriteOptions = {}): Promise<Resource> {
    const resource = this.#checked(target);
    return this.#change(refOf(resource), options, {
      patch: asJson(resource),
      // What is leaving, and is wanted once more, is there again.
      leaving: (draft, { collection }) => draft.create(collection, resource),
    });
  }

  async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions = {}): Promise<Resource> {
    return this.#change(ref, options, {
      patch: plainJson(patch, this.#maxDepth),
      leaving: () => {
        throw new ConflictError(`${formatRef(ref)} is being deleted: there is nothing left to patch`);
      },
    });
  }

  async patchStatus(ref: ResourceRef, patch: StatusPatch, options: WriteOptions = {}): Promise<Resource> {
    const { status, annotations, finalizers = {} } = plainJson(patch, this.#maxDepth);
    const parts = { ...(status && { status }), ...(annotations && { metadata: { annotations } }) };
    return this.#change(ref, options, { patch: parts, finalizers: this.holdsDeletion ? finalizers : {} });
  }

  async delete(ref: ResourceRef, options: DeleteOptions = {}): Promise<void> {
    this.#collectionOf(ref);
    const { signal, ...guards } = options;
    const own = { ...ref };
    return this.#keeper.write((draft) => {
      const entry = draft.find(own);
      if (entry === undefined) return;
      checkGuards(entry.resource, guards);
      draft.remove(entry, new Date(this.#clock.now()).toISOString());
    }, signal);
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return this.#keeper.watch({ ...selector });
  }

  /**
   * Looks at the document now, and tells watchers what has changed. Needed only after a change of a document in memory:
   * those of a file are noticed.
   */
  refresh(): Promise<void> {
    return this.#keeper.refresh();
  }

  close(): Promise<void> {
    return this.#keeper.close();
  }

  async #change(given: ResourceRef, { signal, ...guards }: WriteOptions, change: Change): Promise<Resource> {
    this.#collectionOf(given);
    const ref = { ...given };
    return this.#keeper.write((draft) => {
      const entry = draft.find(ref);
      if (entry === undefined) throw new NotFoundError(`${formatRef(ref)} does not exist`);
      checkGuards(entry.resource, guards);
      if (entry.isLeaving && change.leaving) return change.leaving(draft, entry).resource;
      const wanted = mergePatch(asJson(entry.resource), withFinalizers(entry.resource, change));
      if (!isResource(wanted) || refKey(refOf(asResource(wanted))) !== refKey(ref)) {
        throw new InvalidResourceError(
          `a patch cannot change apiVersion, kind, name or namespace of ${formatRef(ref)}`,
        );
      }
      return draft.replace(entry, asResource(wanted)).resource;
    }, signal);
  }

  /** A copy of what was given, before anybody else can change it. */
  #checked(given: Resource): Resource {
    const resource = plainJson(given, this.#maxDepth);
    if (isResource(asJson(resource))) return resource;
    throw new InvalidResourceError('a resource needs apiVersion, kind and metadata.name, all non-empty texts');
  }

  /** @throws UnknownKindError */
  #collectionOf(gvk: GroupVersionKind): Collection {
    const collection = this.#collections.get(gvkKey(gvk));
    if (collection !== undefined) return collection;
    throw new UnknownKindError(`the store ${this.name} has no collection for ${gvk.apiVersion} ${gvk.kind}`);
  }
}

/** What is to become of a resource. */
interface Change {
  readonly patch: JsonObject;
  /** Finalizers that are to be there, or not. */
  readonly finalizers?: Readonly<Record<string, boolean>>;
  /** What becomes of one that is leaving, if that is something else. */
  readonly leaving?: (draft: Draft, entry: Entry) => Entry;
}

function withFinalizers({ metadata }: Resource, { patch, finalizers = {} }: Change): JsonObject {
  if (Object.keys(finalizers).length === 0) return patch;
  const all = finalizersAfter(isList(metadata.finalizers) ? metadata.finalizers : [], finalizers);
  const sent = isObject(patch.metadata) ? patch.metadata : {};
  return { ...patch, metadata: { ...sent, finalizers: all.length === 0 ? null : all } };
}

function checkGuards(current: Resource, { uid, revision }: WriteOptions): void {
  const ref = formatRef(refOf(current));
  if (uid !== undefined && uid !== current.metadata.uid) {
    throw new ConflictError(`${ref} is another object than the one that was read: its uid differs`);
  }
  if (revision !== undefined && revision !== current.metadata.resourceVersion) {
    throw new ConflictError(`${ref} has changed since it was read`);
  }
}
