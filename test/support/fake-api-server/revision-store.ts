import { ApiError } from './api-error.js';
import type { ApiObject } from './api-object.js';

/** One change of one object. `before` is absent when it is new. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly revision: number;
  readonly object: ApiObject;
  readonly before?: ApiObject;
}

interface Version {
  readonly revision: number;
  /** Undefined: deleted. */
  readonly object: ApiObject | undefined;
}

/** What etcd is to a real server: every version of every object, in one order, until it is compacted. */
export class RevisionStore {
  readonly #objects = new Map<string, Map<string, Version[]>>();
  readonly #listeners = new Set<(change: Change) => void>();
  #log: Change[] = [];
  #revision = 1;
  #compacted = 0;

  get revision(): number {
    return this.#revision;
  }

  get(resource: string, key: string): ApiObject | undefined {
    return this.#objects.get(resource)?.get(key)?.at(-1)?.object;
  }

  /** All objects of a kind as they were at a revision, by key. @throws ApiError 410 when that is compacted */
  at(resource: string, revision: number): readonly (readonly [string, ApiObject])[] {
    this.#refuseCompacted(revision);
    const found: (readonly [string, ApiObject])[] = [];
    for (const [key, versions] of this.#objects.get(resource) ?? []) {
      const object = versions.findLast((version) => version.revision <= revision)?.object;
      if (object !== undefined) found.push([key, object]);
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Keeps a new version, under the next revision. */
  put(resource: string, key: string, object: ApiObject): ApiObject {
    const before = this.get(resource, key);
    const kept = this.#next(object);
    this.#keep(resource, key, kept);
    this.#tell({
      type: before ? 'MODIFIED' : 'ADDED',
      resource,
      revision: this.#revision,
      object: kept,
      ...(before && { before }),
    });
    return kept;
  }

  /** Takes an object away, whose last version carries the revision of its end. */
  remove(resource: string, key: string): ApiObject | undefined {
    const before = this.get(resource, key);
    if (before === undefined) return undefined;
    const last = this.#next(before);
    this.#keep(resource, key, undefined);
    this.#tell({ type: 'DELETED', resource, revision: this.#revision, object: last, before });
    return last;
  }

  /** What happened to a kind after a revision. @throws ApiError 410 when that is compacted */
  since(resource: string, revision: number): readonly Change[] {
    this.#refuseCompacted(revision);
    return this.#log.filter((change) => change.resource === resource && change.revision > revision);
  }

  /** Forgets all that was before now: who comes back with an older revision has to begin anew. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#log = [];
    for (const objects of this.#objects.values()) {
      for (const [key, versions] of [...objects]) {
        const last = versions.at(-1);
        if (last?.object === undefined) objects.delete(key);
        else objects.set(key, [last]);
      }
    }
  }

  /** Tells of each change as it happens, until the function that it gives is called. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #next(object: ApiObject): ApiObject {
    this.#revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } };
  }

  #keep(resource: string, key: string, object: ApiObject | undefined): void {
    const objects = this.#objects.get(resource) ?? new Map<string, Version[]>();
    this.#objects.set(resource, objects);
    const versions = objects.get(key) ?? [];
    objects.set(key, versions);
    versions.push({ revision: this.#revision, object });
  }

  #tell(change: Change): void {
    this.#log.push(change);
    for (const listener of [...this.#listeners]) listener(change);
  }

  #refuseCompacted(revision: number): void {
    if (revision >= this.#compacted) return;
    throw new ApiError(410, `too old resource version: ${revision} (${this.#compacted})`);
  }
}
