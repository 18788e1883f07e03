import { BehaviorSubject } from 'rxjs';
import {
  byPlace,
  type CancelTimer,
  type Clock,
  equalJson,
  errorMessage,
  type Json,
  type Origin,
  type Problem,
  type Resource,
  type ResourceRef,
  refKey,
  refOf,
  type StoreHealth,
} from '../../kernel/index.js';
import { mapBounded } from '../files/bounded.js';
import { KeyedMutex } from '../files/keyed-mutex.js';
import type { FeedEntry, ResourceFeed } from '../files/resource-feed.js';
import { isHolding, type SideRecord, type SideRecords } from '../files/side-records.js';
import type { HeldResources } from './held-resources.js';
import { laterOrigin } from './later-origin.js';
import type { ManifestDocument } from './manifest.js';
import type { Look, ManifestFiles } from './manifest-files.js';
import { type Located, ManifestIndex } from './manifest-index.js';
import type { ManifestWalk } from './manifest-walk.js';
import { viewOf } from './resource-identity.js';

/** What a {@link ManifestKeeper} works with. */
export interface KeeperParts {
  readonly walk: ManifestWalk;
  readonly files: ManifestFiles;
  /** Absent when status is kept in the manifests. */
  readonly side?: SideRecords;
  readonly held: HeldResources;
  readonly feed: ResourceFeed;
  readonly clock: Clock;
  readonly settleMs: number;
  /** Whether records of resources that are no more may be removed. */
  readonly readOnly: boolean;
  /** Resolves after milliseconds of real time, which those who save a file need. */
  readonly pause: (ms: number) => Promise<void>;
}

/** A resource that was told and is not there now: perhaps it is only being moved or saved. */
interface Departing {
  readonly ref: ResourceRef;
  /** What stood in its file last. */
  readonly document: ManifestDocument | undefined;
  /** It cannot be told, or not be put on record, before there has been another look. */
  readonly delayed?: true;
}

/** How many files are looked at at a time. */
const AT_A_TIME = 32;

/** Keeps the index true to the disk, and tells the feed what is new. All looks are taken one after the other. */
export class ManifestKeeper {
  readonly index: ManifestIndex;
  readonly health = new BehaviorSubject<StoreHealth>({ state: 'starting', problems: [] });

  readonly #parts: KeeperParts;
  readonly #turns = new KeyedMutex();
  readonly #views = new WeakMap<
    ManifestDocument,
    { readonly record: SideRecord | undefined; readonly resource: Resource }
  >();
  readonly #departing = new Map<string, Departing>();
  #waitingRefresh: Promise<void> | undefined;
  #cancelTimer: CancelTimer | undefined;
  #walkProblems: readonly Problem[] = [];
  #complete = false;
  #orphansSought = false;
  #closed = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.index = new ManifestIndex((path) => parts.files.shown(path));
  }

  /** Whether the whole folder has been looked at. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** The resource as it was when its files were last looked at. */
  view({ document }: Located): Resource {
    const record = this.#parts.side?.peek(document.ref);
    const kept = this.#views.get(document);
    if (kept !== undefined && kept.record === record) return kept.resource;
    const resource = viewOf(document.authored, document.ref, record);
    this.#views.set(document, { record, resource });
    return resource;
  }

  /**
   * A resource that has no document and that finalizers hold: marked as being deleted, or as it was last told, as long as
   * it may only be on its way.
   */
  held(ref: ResourceRef): Resource | undefined {
    const key = refKey(ref);
    if (this.index.find(key) !== undefined) return undefined;
    const leaving = this.#parts.held.find(ref);
    if (leaving !== undefined) return leaving;
    const document = this.#departing.get(key)?.document;
    return document !== undefined && this.#parts.held.isHeld(ref) ? this.view({ path: '', document }) : undefined;
  }

  /** All such resources. */
  *allHeld(): Iterable<Resource> {
    const refs = [...this.#parts.held.resources()].map((resource) => refOf(resource));
    for (const ref of [...refs, ...[...this.#departing.values()].map((departing) => departing.ref)]) {
      const resource = this.held(ref);
      if (resource !== undefined) yield resource;
    }
  }

  /** Looks at everything. Who asks while another waits for its turn shares its look. @throws StoreError when the root cannot be listed */
  refreshAll(): Promise<void> {
    this.#waitingRefresh ??= this.#turns.run('', async () => {
      this.#waitingRefresh = undefined;
      try {
        await this.#refreshAll();
      } catch (error) {
        this.#tellHealth(errorMessage(error));
        throw error;
      }
    });
    return this.#waitingRefresh;
  }

  /** Looks at some files, and at what is below some folders. */
  refresh(paths: readonly string[]): Promise<void> {
    return this.#turns.run('', async () => {
      const expanded = await Promise.all(paths.map((path) => this.#expand(path)));
      this.#undelay();
      await this.#lookAt([...new Set(expanded.flat())], new Map());
    });
  }

  /**
   * Looks at files from which we took a resource, and tells at once that it is gone: it is not only on its way.
   * @throws StoreError, FileChangedError when it is held, and that cannot be put on record
   */
  refreshAfterDelete(paths: readonly string[], ref: ResourceRef): Promise<void> {
    return this.#turns.run('', async () => {
      const key = refKey(ref);
      await this.#lookAt(paths, new Map());
      if (this.index.find(key) !== undefined || this.#parts.held.find(ref) !== undefined) return;
      const error = await this.#depart(key, this.#departing.get(key) ?? { ref, document: undefined }, { isSure: true });
      if (error !== undefined) throw error;
    });
  }

  /** Looks at a resource's record, and tells what is new of it. */
  refreshRecord(ref: ResourceRef): Promise<void> {
    return this.#turns.run('', async () => {
      await this.#parts.side?.read(ref);
      await this.#publish(new Map([[refKey(ref), ref]]), new Map());
    });
  }

  /** Looks at the records at some paths; without paths at all of them. */
  refreshRecords(paths?: readonly string[]): Promise<void> {
    return this.#turns.run('', async () => {
      await this.#publish(await this.#changedRecords(paths), new Map());
    });
  }

  /** Resources with their places; those that are no more are left out. Texts are read for it, and let go of with the origins. */
  async withOrigins(resources: readonly Resource[]): Promise<readonly FeedEntry[]> {
    return mapBounded(resources, AT_A_TIME, async (resource) => {
      const located = this.index.find(refKey(refOf(resource)));
      const origin = located && (await laterOrigin(this.#parts.files, located, this.index.manifest(located.path)));
      return { resource, ...(origin && { origin }) };
    });
  }

  /** Ends looking; what has begun is done. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer?.();
    await this.#turns.idle();
  }

  async #refreshAll(): Promise<void> {
    const { paths, unreadable, problems } = await this.#parts.walk.walk();
    this.#walkProblems = problems;
    const known = [...this.index.manifests()].map(({ path }) => path);
    const visible = known.filter((path) => !unreadable.some((folder) => path.startsWith(`${folder}/`)));
    const changedRecords = await this.#changedRecords();
    const isFirst = !this.#complete;
    this.#complete = true;
    this.#undelay();
    await this.#lookAt([...new Set([...paths, ...visible])], changedRecords, { isFirst });
    if (!this.#orphansSought && unreadable.length === 0 && this.index.isComplete) await this.#findOrphans();
  }

  async #changedRecords(paths?: readonly string[]): Promise<ReadonlyMap<string, ResourceRef>> {
    const refs = (await this.#parts.side?.refresh(paths)) ?? [];
    return new Map(refs.map((ref) => [refKey(ref), ref]));
  }

  async #expand(path: string): Promise<readonly string[]> {
    const { walk } = this.#parts;
    if (walk.isManifestPath(path)) return [path];
    const below = [...this.index.manifests()].map((one) => one.path).filter((one) => one.startsWith(`${path}/`));
    // A file that is no manifest cannot be listed, and neither can a folder that is gone.
    const { paths } = await walk.walk(path).catch(() => ({ paths: [] }));
    return [...paths, ...below];
  }

  async #lookAt(
    paths: readonly string[],
    more: ReadonlyMap<string, ResourceRef>,
    options?: { readonly isFirst: boolean },
  ): Promise<void> {
    const looks = await mapBounded(paths, AT_A_TIME, async (path): Promise<[string, Look]> => {
      return [path, await this.#parts.files.look(path, this.index.manifest(path), options)];
    });
    const touched = new Map(more);
    const origins = new Map<string, Origin>();
    const before = new Map<string, ManifestDocument>();
    for (const [path, look] of looks) {
      if (look.type === 'same') continue;
      for (const { key } of this.index.manifest(path)?.documents ?? []) {
        const located = this.index.find(key);
        if (located !== undefined) before.set(key, located.document);
      }
      for (const [key, ref] of this.index.set(path, look.type === 'gone' ? undefined : look.manifest))
        touched.set(key, ref);
      if (look.type === 'read') for (const [key, origin] of look.origins) origins.set(key, origin);
    }
    await this.#publish(touched, origins, before);
  }

  /** Told after all files of a look are taken in, so that a resource that moved from one to another did not go. */
  async #publish(
    touched: ReadonlyMap<string, ResourceRef>,
    origins: ReadonlyMap<string, Origin>,
    before: ReadonlyMap<string, ManifestDocument> = new Map(),
  ): Promise<void> {
    const { feed, held, readOnly } = this.#parts;
    for (const [key, ref] of touched) {
      const located = this.index.find(key);
      if (located === undefined) {
        this.#miss(key, ref, before.get(key));
        continue;
      }
      this.#departing.delete(key);
      if (!readOnly) await held.restore(ref, located.path);
      const resource = this.view(located);
      if (feed.get(ref)?.metadata.resourceVersion === resource.metadata.resourceVersion) continue;
      const origin =
        origins.get(key) ?? (await laterOrigin(this.#parts.files, located, this.index.manifest(located.path)));
      feed.put({ resource, ...(origin && { origin }) });
    }
    this.#tellHealth();
    this.#settleLater();
  }

  /** What has no document: it is leaving, has left, or may only be on its way. */
  #miss(key: string, ref: ResourceRef, document: ManifestDocument | undefined): void {
    const { feed, held } = this.#parts;
    const told = feed.get(ref);
    const leaving = held.find(ref);
    if (leaving !== undefined) feed.put({ resource: leaving });
    else if (told?.metadata.deletionTimestamp !== undefined) feed.remove(ref);
    else if (told !== undefined && !this.#departing.has(key)) this.#departing.set(key, { ref, document });
    if (leaving !== undefined) this.#departing.delete(key);
  }

  /** Gives what kept it from being put on record. */
  async #depart(key: string, departing: Departing, { isSure = false } = {}): Promise<unknown> {
    const { feed, side, held, readOnly } = this.#parts;
    const { ref, document } = departing;
    // A file that cannot be read may be where it moved to.
    const isCertain = isSure || this.index.isComplete;
    if (!readOnly && held.isHeld(ref)) {
      this.#departing.set(key, { ...departing, delayed: true });
      if (!isCertain) return undefined;
      try {
        await held.mark(ref, document);
      } catch (error) {
        return error;
      }
    }
    this.#departing.delete(key);
    const leaving = held.find(ref);
    if (leaving !== undefined) feed.put({ resource: leaving });
    else feed.remove(ref);
    if (leaving === undefined && !readOnly && this.index.isComplete) await side?.remove(ref).catch(() => undefined);
    return undefined;
  }

  #undelay(): void {
    for (const [key, { ref, document }] of this.#departing) this.#departing.set(key, { ref, document });
  }

  /** Looks again at what may only be half written or on its way, once it has had the time. */
  #settleLater(): void {
    if (this.#closed || this.#cancelTimer !== undefined) return;
    const departing = new Map([...this.#departing].filter(([, { delayed }]) => delayed === undefined));
    if (departing.size === 0 && this.index.unsettled().length === 0) return;
    this.#cancelTimer = this.#parts.clock.schedule(this.#parts.settleMs, () => {
      this.#cancelTimer = undefined;
      void this.#turns.run('', () => this.#settle(departing));
    });
  }

  async #settle(departing: ReadonlyMap<string, Departing>): Promise<void> {
    for (const [key, one] of departing) if (this.#departing.get(key) === one) await this.#depart(key, one);
    await this.#lookAt(this.index.unsettled(), new Map());
  }

  /** Sees to the records of resources that went away while nobody looked; not those of files that another store reads. */
  async #findOrphans(): Promise<void> {
    const { side, held, readOnly, files, settleMs, pause } = this.#parts;
    this.#orphansSought = true;
    if (side === undefined || readOnly) return;
    const gone: Departing[] = [];
    for (const kept of [...side.records()]) {
      const { ref, file, record } = kept;
      if (this.index.find(refKey(ref)) !== undefined || held.find(ref) !== undefined) continue;
      const isOurs = file === undefined || this.index.manifest(file) !== undefined || !(await files.exists(file));
      if (!isOurs) continue;
      if (!isHolding(record)) await side.remove(ref).catch(() => undefined);
      else if (held.isOurs(kept)) gone.push({ ref, document: undefined });
    }
    if (gone.length === 0) return;
    // Much hangs on these, and an editor may be saving one just now.
    await pause(settleMs);
    await this.#lookAt(
      gone.flatMap(({ ref }) => side.kept(ref)?.file ?? []),
      new Map(),
    );
    for (const one of gone) {
      const key = refKey(one.ref);
      if (this.index.find(key) === undefined) await this.#depart(key, one);
    }
  }

  #tellHealth(failure?: string): void {
    if (this.#closed || (!this.#complete && failure === undefined)) return;
    const problems = [...this.#walkProblems, ...this.index.problems()].sort(byPlace);
    const state = problems.length === 0 && failure === undefined ? 'healthy' : 'degraded';
    const health: StoreHealth = { state, problems, ...(failure !== undefined && { message: failure }) };
    if (!equalJson(this.health.value as unknown as Json, health as unknown as Json)) this.health.next(health);
  }
}
