import {
  getKey,
  groupOf,
  isObject,
  type Json,
  type JsonObject,
  mergePatch,
  type Resource,
  type ResourceRef,
  refKey,
  type StatusPatch,
} from '../../kernel/index.js';
import { FileChangedError } from './file-errors.js';
import { type FileStamp, isUnchanged } from './file-stamp.js';
import type { Folder } from './folder.js';
import { safeName, shortHash, slug } from './safe-name.js';

/** What the kernel tells about a resource, kept beside what its author wrote. */
export interface SideRecord {
  readonly status?: JsonObject;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Kept {
  readonly record: SideRecord;
  readonly stamp: FileStamp;
}

/**
 * Keeps one small JSON file per resource, `status/NAMESPACE/KIND.GROUP/NAME~HASH.json` below its path. Callers
 * hold the lock of the resource while they write. What is read is kept in memory, and checked against the disk.
 */
export class SideRecords {
  readonly #folder: Folder;
  readonly #path: string;
  readonly #kept = new Map<string, Kept>();

  /** @param path the path of the records in the folder; `.koreo/status` by default */
  constructor(folder: Folder, path = '.koreo/status') {
    this.#folder = folder;
    this.#path = path;
  }

  /** The path of the folder that holds the records, to be watched. */
  get path(): string {
    return this.#path;
  }

  /** The path of a resource's record, whether or not it is there. */
  pathOf(ref: ResourceRef): string {
    const namespace = ref.namespace === undefined ? '_cluster' : safeName(ref.namespace);
    const kind = safeName(`${ref.kind}.${groupOf(ref.apiVersion) || 'core'}`);
    return `${this.#path}/${namespace}/${kind}/${slug(ref.name)}~${shortHash(refKey(ref))}.json`;
  }

  /** The record as it is on the disk now; a damaged one counts as none: the next run writes it anew. */
  async read(ref: ResourceRef): Promise<SideRecord | undefined> {
    const path = this.pathOf(ref);
    const stat = await this.#folder.stat(path);
    if (stat === undefined) {
      this.#kept.delete(path);
      return undefined;
    }
    const kept = this.#kept.get(path);
    if (kept !== undefined && isUnchanged(kept.stamp, stat)) return kept.record;
    const content = await this.#folder.read(path);
    const record = content && parseRecord(content.text, ref);
    if (content === undefined || record === undefined) return undefined;
    this.#kept.set(path, { record, stamp: content.stamp });
    return record;
  }

  /** Writes a record; an empty one is removed. `check` is asked right before it takes effect. */
  async write(ref: ResourceRef, record: SideRecord, check?: () => Promise<void>): Promise<void> {
    const path = this.pathOf(ref);
    if (isEmpty(record)) return this.remove(ref);
    const { apiVersion, kind, namespace, name } = ref;
    const text = `${JSON.stringify({ apiVersion, kind, namespace, name, ...record }, undefined, 2)}\n`;
    const before = await this.#folder.read(path);
    if (before?.text === text) return;
    const content =
      before === undefined
        ? await this.#folder.create(path, text, check)
        : await this.#folder.replace(path, text, before, check);
    this.#kept.set(path, { record, stamp: content.stamp });
  }

  /** Removes a record, and the folders that are empty without it; done when there is none. */
  async remove(ref: ResourceRef): Promise<void> {
    await this.#removePath(this.pathOf(ref));
  }

  /** Removes the records of resources that are no more: all but those of the references given. */
  async keepOnly(refs: Iterable<ResourceRef>): Promise<void> {
    const wanted = new Set([...refs].map((ref) => this.pathOf(ref)));
    for (const path of await this.#paths(this.#path)) {
      if (!wanted.has(path)) await this.#removePath(path);
    }
  }

  async #removePath(path: string): Promise<void> {
    this.#kept.delete(path);
    const before = await this.#folder.read(path);
    if (before === undefined) return;
    await this.#folder.remove(path, before).catch((error: unknown) => {
      // Somebody else wrote or removed it; both are for them to decide.
      if (!(error instanceof FileChangedError)) throw error;
    });
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
  const { status, annotations } = record;
  return {
    ...resource,
    ...(annotations && {
      metadata: { ...resource.metadata, annotations: merged(resource.metadata.annotations, annotations) },
    }),
    ...(status && { status: merged(resource.status, status) }),
  };
}

/** The record that a patch makes of one, or of none. */
export function patchedRecord(record: SideRecord | undefined, patch: StatusPatch): SideRecord {
  const patched = mergePatch({ ...record }, { ...patch });
  return recordOf(patched);
}

function merged<T extends JsonObject>(base: T | undefined, over: T): T {
  return mergePatch(base, over) as T;
}

function parseRecord(text: string, ref: ResourceRef): SideRecord | undefined {
  try {
    const json = JSON.parse(text) as Json;
    if (!isObject(json) || getKey(json, 'name') !== ref.name || getKey(json, 'kind') !== ref.kind) return undefined;
    return recordOf(json);
  } catch {
    return undefined;
  }
}

function recordOf(json: JsonObject): SideRecord {
  const [status, annotations] = [getKey(json, 'status'), getKey(json, 'annotations')];
  return {
    ...(isObject(status) && { status }),
    ...(isObject(annotations) && { annotations: annotations as Readonly<Record<string, string>> }),
  };
}

function isEmpty({ status, annotations }: SideRecord): boolean {
  return [status, annotations].every((part) => part === undefined || Object.keys(part).length === 0);
}
