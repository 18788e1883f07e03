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
import type { SideRecord, SideRecords } from '../files/side-records.js';
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
  readonly feed: ResourceFeed;
  readonly clock: Clock;
  readonly settleMs: number;
  /** Whether records of resources that are no more may be removed. */
  readonly readOnly: boolean;
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
  /** Resources that were told and are not there now: perhaps they are only being moved or saved. */
  readonly #departing = new Map<string, ResourceRef>();
  #waitingRefresh: Promise<void> | undefined;
  #cancelTimer: CancelTimer | undefined;
  #walkProblems: readonly Problem[] = [];
  #complete = false;
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
      await this.#lookAt([...new Set(expanded.flat())], new Map());
    });
  }

  /** Looks at a file from which we took a resource, and tells at once that it is gone: it is not only on its way. */
  refreshAfterDelete(path: string, ref: ResourceRef): Promise<void> {
    return this.#turns.run('', async () => {
      await this.#lookAt([path], new Map());
      if (this.index.find(refKey(ref)) === undefined) await this.#depart(refKey(ref), ref);
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
    await this.#lookAt([...new Set([...paths, ...visible])], changedRecords);
    if (isFirst && unreadable.length === 0) await this.#removeOrphans();
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

  async #lookAt(paths: readonly string[], more: ReadonlyMap<string, ResourceRef>): Promise<void> {
    const looks = await mapBounded(paths, AT_A_TIME, async (path): Promise<[string, Look]> => {
      return [path, await this.#parts.files.look(path, this.index.manifest(path))];
    });
    const touched = new Map(more);
    const origins = new Map<string, Origin>();
    for (const [path, look] of looks) {
      if (look.type === 'same') continue;
      for (const [key, ref] of this.index.set(path, look.type === 'gone' ? undefined : look.manifest))
        touched.set(key, ref);
      if (look.type === 'read') for (const [key, origin] of look.origins) origins.set(key, origin);
    }
    await this.#publish(touched, origins);
  }

  /** Told after all files of a look are taken in, so that a resource that moved from one to another did not go. */
  async #publish(touched: ReadonlyMap<string, ResourceRef>, origins: ReadonlyMap<string, Origin>): Promise<void> {
    const { feed } = this.#parts;
    for (const [key, ref] of touched) {
      const located = this.index.find(key);
      if (located === undefined) {
        if (feed.get(ref) !== undefined) this.#departing.set(key, ref);
        continue;
      }
      this.#departing.delete(key);
      const resource = this.view(located);
      if (feed.get(ref)?.metadata.resourceVersion === resource.metadata.resourceVersion) continue;
      const origin =
        origins.get(key) ?? (await laterOrigin(this.#parts.files, located, this.index.manifest(located.path)));
      feed.put({ resource, ...(origin && { origin }) });
    }
    this.#tellHealth();
    this.#settleLater();
  }

  async #depart(key: string, ref: ResourceRef): Promise<void> {
    const { feed, side, readOnly } = this.#parts;
    this.#departing.delete(key);
    feed.remove(ref);
    // A file that cannot be read may be where it moved to.
    if (!readOnly && this.index.isComplete) await side?.remove(ref).catch(() => undefined);
  }

  /** Looks again at what may only be half written or on its way, once it has had the time. */
  #settleLater(): void {
    if (this.#closed || this.#cancelTimer !== undefined) return;
    if (this.#departing.size === 0 && this.index.unsettled().length === 0) return;
    const departing = new Map(this.#departing);
    this.#cancelTimer = this.#parts.clock.schedule(this.#parts.settleMs, () => {
      this.#cancelTimer = undefined;
      void this.#turns.run('', () => this.#settle(departing));
    });
  }

  async #settle(departing: ReadonlyMap<string, ResourceRef>): Promise<void> {
    for (const [key, ref] of departing) if (this.#departing.has(key)) await this.#depart(key, ref);
    await this.#lookAt(this.index.unsettled(), new Map());
  }

  /** Removes records whose resources went away while nobody looked; not those of files that another store reads. */
  async #removeOrphans(): Promise<void> {
    const { side, readOnly, files } = this.#parts;
    if (side === undefined || readOnly || !this.index.isComplete) return;
    for (const { ref, file } of [...side.records()]) {
      if (this.index.find(refKey(ref)) !== undefined) continue;
      const isOurs = file === undefined || this.index.manifest(file) !== undefined || !(await files.exists(file));
      if (isOurs) await side.remove(ref).catch(() => undefined);
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
