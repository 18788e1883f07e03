import { Observable, type Unsubscribable } from 'rxjs';
import {
  type CallOptions,
  type Clock,
  type DeleteOptions,
  ForbiddenError,
  type GroupVersionKind,
  gvkKey,
  type JsonObject,
  type KindInfo,
  type MaybePromise,
  type Resource,
  type ResourceList,
  type ResourceRef,
  refOf,
  type Selector,
  type StatusPatch,
  type Store,
  type StoreContext,
  type StoreEvent,
  type StoreHealth,
  selectorMatches,
  UnavailableError,
  type WriteOptions,
} from '../../kernel/index.js';
import { contentRevision } from '../files/content-revision.js';
import type { FileSystem } from '../files/file-system.js';
import { frozenCopy } from '../files/frozen.js';
import type { ResourceFeed } from '../files/resource-feed.js';
import { assembleParts } from './file-system-parts.js';
import type { FolderNudges } from './folder-nudges.js';
import type { ManifestKeeper } from './manifest-keeper.js';
import type { ManifestLookup } from './manifest-lookup.js';
import type { ManifestWalk } from './manifest-walk.js';
import type { ManifestWriter } from './manifest-writer.js';
import { checkResource } from './new-manifest.js';
import type { FileSystemOptions } from './options.js';
import type { ResourceScope } from './resource-scope.js';

/** Temporary files of writers that died are removed when they are this old. */
const LEFTOVER_MS = 60_000;
/** The waits before a folder that cannot be read is tried again, from the first to the longest. */
const RETRY_MS = { first: 500, longest: 30_000 };

/** Resources in a folder of manifests. See {@link Store} for what each method promises. */
export class FileSystemStore implements Store {
  readonly name: string;
  readonly health: Observable<StoreHealth>;
  readonly holdsDeletion: boolean;

  readonly #clock: Clock;
  readonly #options: FileSystemOptions;
  readonly #scope: ResourceScope;
  readonly #walk: ManifestWalk;
  readonly #feed: ResourceFeed;
  readonly #keeper: ManifestKeeper;
  readonly #nudges: FolderNudges;
  readonly #lookup: ManifestLookup;
  readonly #writer: ManifestWriter;
  readonly #writing = new Set<Promise<unknown>>();
  readonly #watching = new Set<Unsubscribable>();
  #cleaned: Promise<void> | undefined;
  #closed = false;

  /** Does no I/O. @param fileSystem the disk; this machine's by default */
  constructor(context: StoreContext, options: FileSystemOptions, fileSystem?: FileSystem) {
    this.name = context.name;
    this.#clock = context.clock;
    this.#options = options;
    // What is kept in a manifest goes with it.
    this.holdsDeletion = options.status === 'side' && !options.readOnly;
    const parts = assembleParts(context, options, fileSystem);
    this.#scope = parts.scope;
    this.#walk = parts.walk;
    this.#feed = parts.feed;
    this.#keeper = parts.keeper;
    this.#nudges = parts.nudges;
    this.#lookup = parts.lookup;
    this.#writer = parts.writer;
    this.health = parts.keeper.health.asObservable();
  }

  async kinds({ signal }: CallOptions = {}): Promise<readonly KindInfo[]> {
    this.#begin(signal);
    await this.#lookup.catchUp();
    signal?.throwIfAborted();
    const refs = new Map<string, ResourceRef[]>();
    for (const ref of this.#present()) refs.set(gvkKey(ref), [...(refs.get(gvkKey(ref)) ?? []), ref]);
    return [...refs.values()].flatMap((present) => (present[0] ? [this.#scope.kindOf(present[0], present)] : []));
  }

  kind(gvk: GroupVersionKind, { signal }: CallOptions = {}): MaybePromise<KindInfo> {
    const isKnown = this.#keeper.isComplete && !this.#closed && signal?.aborted !== true;
    return isKnown ? this.#scope.kindOf(gvk, this.#present(gvk)) : this.#kindOnceComplete(gvk, signal);
  }

  async get(ref: ResourceRef, { signal }: CallOptions = {}): Promise<Resource | undefined> {
    this.#begin(signal);
    const actual = this.#refOf(ref);
    const located = await this.#lookup.find(actual);
    await this.#keeper.refreshRecord(actual);
    signal?.throwIfAborted();
    return located === undefined ? this.#keeper.held(actual) : this.#keeper.view(located);
  }

  async list(selector: Selector, { signal }: CallOptions = {}): Promise<ResourceList> {
    this.#begin(signal);
    await this.#keeper.refreshAll();
    signal?.throwIfAborted();
    const present = [...this.#keeper.index.documents(selector)].map((located) => this.#keeper.view(located));
    const items = [...present, ...this.#keeper.allHeld()].filter((resource) => selectorMatches(selector, resource));
    const revisions = items.map(({ metadata }) => `${metadata.uid}=${metadata.resourceVersion}`).sort();
    return { items, revision: contentRevision(...revisions) };
  }

  async create(resource: Resource, options: CallOptions = {}): Promise<Resource> {
    // Copied before the first await: what the caller does to it afterwards is not ours.
    const given = frozenCopy(resource);
    return this.#write(options.signal, () => this.#writer.create(this.#refOfResource(given), given, options));
  }

  async apply(target: Resource, options: WriteOptions = {}): Promise<Resource> {
    const given = frozenCopy(target);
    return this.#write(options.signal, () => this.#writer.apply(this.#refOfResource(given), given, options));
  }

  async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions = {}): Promise<Resource> {
    const given = frozenCopy(patch);
    return this.#write(options.signal, () => this.#writer.patch(this.#refOf(ref), given, options));
  }

  async patchStatus(ref: ResourceRef, patch: StatusPatch, options: WriteOptions = {}): Promise<Resource> {
    const given = frozenCopy(patch);
    return this.#write(options.signal, () => this.#writer.patchStatus(this.#refOf(ref), given, options));
  }

  async delete(ref: ResourceRef, options: DeleteOptions = {}): Promise<void> {
    return this.#write(options.signal, () => this.#writer.delete(this.#refOf(ref), options));
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      if (this.#closed) return undefined;
      const looking = this.#nudges.looking.subscribe();
      this.#watching.add(looking);
      const source = {
        ready: () => this.#ready(),
        withOrigins: (resources: readonly Resource[]) => this.#keeper.withOrigins(resources),
      };
      const events = this.#feed.watch(selector, source).subscribe(subscriber);
      return () => {
        events.unsubscribe();
        looking.unsubscribe();
        this.#watching.delete(looking);
      };
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#feed.close();
    for (const looking of this.#watching) looking.unsubscribe();
    await Promise.allSettled([...this.#writing, this.#cleaned]);
    await this.#keeper.close();
  }

  async #kindOnceComplete(gvk: GroupVersionKind, signal: AbortSignal | undefined): Promise<KindInfo> {
    this.#begin(signal);
    if (!this.#keeper.isComplete) await this.#keeper.refreshAll();
    signal?.throwIfAborted();
    return this.#scope.kindOf(gvk, this.#present(gvk));
  }

  /** What is there, of one kind or of all, that finalizers hold included. Found as it is asked for: often the first is enough. */
  *#present(gvk?: GroupVersionKind): Iterable<ResourceRef> {
    const wanted = gvk && gvkKey(gvk);
    for (const { document } of this.#keeper.index.documents(gvk)) yield document.ref;
    for (const resource of this.#keeper.allHeld()) {
      if (wanted === undefined || gvkKey(resource) === wanted) yield refOf(resource);
    }
  }

  #begin(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#closed) throw new UnavailableError(`the store ${this.name} is closed`);
    if (!this.#options.readOnly) this.#cleaned ??= this.#walk.removeLeftovers(LEFTOVER_MS);
  }

  async #write<T>(signal: AbortSignal | undefined, write: () => Promise<T>): Promise<T> {
    this.#begin(signal);
    if (this.#options.readOnly) throw new ForbiddenError(`the store ${this.name} is read-only (its option readOnly)`);
    const writing = write();
    this.#writing.add(writing);
    try {
      return await writing;
    } finally {
      this.#writing.delete(writing);
    }
  }

  /** Resolves when the index knows what is there; tries for as long as it takes. */
  async #ready(): Promise<void> {
    for (let wait = RETRY_MS.first; !this.#closed; wait = Math.min(wait * 2, RETRY_MS.longest)) {
      try {
        this.#begin(undefined);
        return await this.#lookup.catchUp();
      } catch {
        // Told by the store's health.
        await new Promise<void>((resolve) => this.#clock.schedule(wait, resolve));
      }
    }
  }

  #refOf({ apiVersion, kind, name, namespace }: ResourceRef): ResourceRef {
    return this.#scope.refOf({ apiVersion, kind }, name, namespace);
  }

  #refOfResource(resource: Resource): ResourceRef {
    checkResource(resource);
    const { name, namespace } = resource.metadata;
    return this.#scope.refOf(resource, name, namespace ?? undefined);
  }
}
