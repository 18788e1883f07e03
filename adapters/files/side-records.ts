import {
  getKey,
  groupOf,
  isList,
  isObject,
  type Json,
  type JsonObject,
  mergePatch,
  type Resource,
  type ResourceRef,
  refKey,
  type StatusPatch,
} from '../../kernel/index.js';
import { mapBounded } from './bounded.js';
import { contentRevision } from './content-revision.js';
import { FileChangedError } from './file-errors.js';
import { type FileStamp, isUnchanged } from './file-stamp.js';
import type { Folder } from './folder.js';
import { frozen } from './frozen.js';
import { safeName, shortHash, slug } from './safe-name.js';

/** How many records are looked at at a time. */
const AT_A_TIME = 32;

/** What the kernel tells about a resource, kept beside what its author wrote. Frozen. */
export interface SideRecord {
  readonly status?: JsonObject;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Finalizers that are there (true), and those of the author's that are there no longer (false). */
  readonly finalizers?: Readonly<Record<string, boolean>>;
  /** The uid that the author gave, where finalizers hold the resource and he gave one. */
  readonly uid?: string;
  /** What is left of the author's part when it is gone. Means nothing while that is there. */
  readonly leaving?: Leaving;
  /** The same for the same content. */
  readonly revision: string;
}

/** A resource whose author's part has gone while finalizers hold it. */
export interface Leaving {
  /** When that was noticed; RFC 3339, UTC. */
  readonly since: string;
  /** What the author's part said last; absent where nobody looked while it was there, and of Secrets. */
  readonly last?: JsonObject;
}

/** A record as it lies on the disk. */
export interface KeptRecord {
  readonly ref: ResourceRef;
  readonly record: SideRecord;
  /** The author's file that it belongs to, as far as is known. */
  readonly file?: string;
  readonly stamp: FileStamp;
}

/** How a record is written. */
export interface RecordWrite {
  /** The author's file that the record belongs to. */
  readonly file?: string;
  /** Asked right before it takes effect; what it throws stops it. */
  readonly check?: () => Promise<void>;
  /** The record that the new one was made from. @throws FileChangedError when another one is there */
  readonly from?: SideRecord | 'none';
}

/** What counts of an author's part for what is kept beside it. */
export interface AuthorsPart {
  readonly finalizers?: readonly string[];
  readonly uid?: string;
}

/**
 * Keeps one small JSON file per resource, `status/NAMESPACE/KIND.GROUP/NAME~HASH.json` below its path. Callers
 * hold the lock of the resource while they write. What was read is kept in memory, and checked against the disk.
 */
export class SideRecords {
  readonly #folder: Folder;
  readonly #kept = new Map<string, KeptRecord>();

  /** @param path the path of the records in the folder; `.koreo/status` by default */
  constructor(
    folder: Folder,
    readonly path = '.koreo/status',
  ) {
    this.#folder = folder;
  }

  /** The record as it was when it was last looked at. */
  peek(ref: ResourceRef): SideRecord | undefined {
    return this.#kept.get(this.#pathOf(ref))?.record;
  }

  /** The record, and where it belongs, as it was when it was last looked at. */
  kept(ref: ResourceRef): KeptRecord | undefined {
    return this.#kept.get(this.#pathOf(ref));
  }

  /** The record as it is on the disk now; a damaged one counts as none: whoever writes next writes it anew. */
  async read(ref: ResourceRef): Promise<SideRecord | undefined> {
    return (await this.#look(this.#pathOf(ref)))?.record;
  }

  /** Looks at records, at every one without paths, and gives those that came, changed or went since they were last looked at. */
  async refresh(paths?: readonly string[]): Promise<readonly ResourceRef[]> {
    const all = paths ?? new Set([...(await this.#paths(this.path)), ...this.#kept.keys()]);
    const changes = await mapBounded([...all], AT_A_TIME, async (path) => {
      const before = this.#kept.get(path);
      const now = await this.#look(path);
      return now?.record.revision === before?.record.revision ? undefined : (now ?? before)?.ref;
    });
    return changes.filter((ref) => ref !== undefined);
  }

  /** Every record, as it was when it was last looked at. */
  records(): Iterable<KeptRecord> {
    return this.#kept.values();
  }

  /** Writes a record; an empty one is removed. Gives what is kept now. */
  async write(ref: ResourceRef, record: SideRecord | undefined, options: RecordWrite = {}): Promise<void> {
    if (record === undefined) return this.remove(ref);
    const path = this.#pathOf(ref);
    const { apiVersion, kind, namespace, name } = ref;
    const { file, from } = options;
    const { revision: _revision, ...parts } = record;
    const text = `${JSON.stringify({ apiVersion, kind, namespace, name, file, ...parts }, undefined, 2)}\n`;
    const before = await this.#folder.read(path);
    const there = before && parseRecord(before.text)?.record.revision;
    if (from !== undefined && there !== (from === 'none' ? undefined : from.revision)) {
      throw new FileChangedError(`${path} has changed`);
    }
    const { stamp } =
      before === undefined
        ? await this.#folder.create(path, text, options.check)
        : await this.#folder.replace(path, text, before, options.check);
    this.#kept.set(path, { ref, record, stamp, ...(file !== undefined && { file }) });
  }

  /** Removes a record, and the folders that are empty without it; done when there is none. */
  async remove(ref: ResourceRef): Promise<void> {
    const path = this.#pathOf(ref);
    this.#kept.delete(path);
    const before = await this.#folder.read(path);
    if (before === undefined) return;
    await this.#folder.remove(path, before).catch((error: unknown) => {
      // Somebody else wrote or removed it; both are for them to decide.
      if (!(error instanceof FileChangedError)) throw error;
    });
  }

  #pathOf(ref: ResourceRef): string {
    const namespace = ref.namespace === undefined ? '_cluster' : safeName(ref.namespace);
    const kind = safeName(`${ref.kind}.${groupOf(ref.apiVersion) || 'core'}`);
    return `${this.path}/${namespace}/${kind}/${slug(ref.name)}~${shortHash(refKey(ref))}.json`;
  }

  async #look(path: string): Promise<KeptRecord | undefined> {
    const stat = await this.#folder.stat(path);
    const kept = this.#kept.get(path);
    if (kept !== undefined && stat !== undefined && isUnchanged(kept.stamp, stat)) return kept;
    const content = stat && (await this.#folder.read(path));
    const parsed = content && parseRecord(content.text);
    if (content === undefined || parsed === undefined || this.#pathOf(parsed.ref) !== path) {
      this.#kept.delete(path);
      return undefined;
    }
    // The same content keeps its identity, by which others know that nothing changed.
    const record = kept?.record.revision === parsed.record.revision ? kept.record : parsed.record;
    const now = { ...parsed, record, stamp: content.stamp };
    this.#kept.set(path, now);
    return now;
  }

  async #paths(folder: string): Promise<readonly string[]> {
    const entries = await this.#folder.list(folder);
    const found = await Promise.all(
      entries.map(({ name, type }) => {
        const path = `${folder}/${name}`;
        if (type === 'folder') return this.#paths(path);
        return type === 'file' && name.endsWith('.json') && !name.startsWith('.') ? [path] : [];
      }),
    );
    return found.flat();
  }
}

/** The resource as readers see it: the record lies over its status and annotations. */
export function withSideRecord(resource: Resource, record: SideRecord | undefined): Resource {
  if (record === undefined) return resource;
  const { status, annotations, finalizers } = record;
  const { metadata } = resource;
  return {
    ...resource,
    metadata: {
      ...metadata,
      ...(annotations && { annotations: merged(metadata.annotations, annotations) }),
      ...(finalizers && { finalizers: allFinalizers(metadata.finalizers, finalizers) }),
    },
    ...(status && { status: merged(resource.status, status) }),
  };
}

/** The record that a patch makes of one, or of none; undefined when nothing is left in it. */
export function patchedRecord(
  record: SideRecord | undefined,
  { finalizers, ...patch }: StatusPatch,
  author: AuthorsPart = {},
): SideRecord | undefined {
  const { status, annotations, leaving } = record ?? {};
  const { finalizers: authored = [], uid = leaving && record?.uid } = author;
  const wanted = Object.entries({ ...record?.finalizers, ...finalizers });
  const kept = wanted.filter(([name, isThere]) => isThere || authored.includes(name));
  const isHeld = kept.some(([, isThere]) => isThere);
  return makeRecord({
    ...mergePatch({ ...(status && { status }), ...(annotations && { annotations }) }, { ...patch }),
    finalizers: Object.fromEntries(kept),
    ...(isHeld && uid !== undefined && { uid }),
    ...(isHeld && leaving && { leaving: { ...leaving } }),
  });
}

/** Whether a record has finalizers that hold its resource when the author's part goes. */
export function isHolding(record: SideRecord | undefined): record is SideRecord {
  return Object.values(record?.finalizers ?? {}).includes(true);
}

/** The record of a resource whose author's part is gone (or, without `leaving`, there again). */
export function withLeaving({ leaving: _before, ...record }: SideRecord, leaving?: Leaving): SideRecord | undefined {
  return makeRecord({ ...record, ...(leaving && { leaving: { ...leaving } }) });
}

function allFinalizers(
  authored: readonly string[] | undefined,
  recorded: Readonly<Record<string, boolean>>,
): readonly string[] {
  const kept = (isList(authored) ? authored : []).filter((name) => recorded[name] !== false);
  const added = Object.keys(recorded).filter((name) => recorded[name] === true && !kept.includes(name));
  return [...kept, ...added];
}

function merged<T extends JsonObject>(base: T | undefined, over: T): T {
  return mergePatch(base, over) as T;
}

function parseRecord(text: string): Omit<KeptRecord, 'stamp'> | undefined {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const [apiVersion, kind, namespace, name, file] = ['apiVersion', 'kind', 'namespace', 'name', 'file'].map((key) => {
    const value = getKey(json, key);
    return typeof value === 'string' ? value : undefined;
  });
  const record = makeRecord(json);
  if (apiVersion === undefined || kind === undefined || name === undefined || record === undefined) return undefined;
  const ref = { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
  return { ref, record, ...(file !== undefined && { file }) };
}

function makeRecord(json: JsonObject): SideRecord | undefined {
  const status = filled(getKey(json, 'status'));
  const annotations = filled(getKey(json, 'annotations')) as Readonly<Record<string, string>> | undefined;
  const finalizers = filled(getKey(json, 'finalizers'), (value) => typeof value === 'boolean');
  const uid = getKey(json, 'uid');
  const leaving = leavingOf(getKey(json, 'leaving'));
  const parts = {
    ...(typeof uid === 'string' && { uid }),
    ...(finalizers && { finalizers: finalizers as Readonly<Record<string, boolean>> }),
    ...(leaving && { leaving }),
    ...(annotations && { annotations }),
    ...(status && { status }),
  };
  return Object.keys(parts).length === 0
    ? undefined
    : frozen({ ...parts, revision: contentRevision(JSON.stringify(parts)) });
}

function leavingOf(value: Json | undefined): Leaving | undefined {
  const [since, last] = isObject(value) ? [getKey(value, 'since'), getKey(value, 'last')] : [];
  return typeof since === 'string' ? { since, ...(isObject(last) && { last }) } : undefined;
}

function filled(value: Json | undefined, isValid: (item: Json) => boolean = () => true): JsonObject | undefined {
  return isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isValid) ? value : undefined;
}
