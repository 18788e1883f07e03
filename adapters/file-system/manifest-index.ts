import { formatRef, type GroupVersionKind, gvkKey, type Problem, type ResourceRef } from '../../kernel/index.js';
import type { Manifest, ManifestDocument } from './manifest.js';

/** A document and the path of its file. */
export interface Located {
  readonly path: string;
  readonly document: ManifestDocument;
}

/**
 * Which resource stands where. Where several documents are of one resource, the one in the file whose path comes first
 * counts, and the first in that file: everyone who looks at the same files sees the same.
 */
export class ManifestIndex {
  readonly #shown: (path: string) => string;
  readonly #manifests = new Map<string, Manifest>();
  readonly #places = new Map<string, Located[]>();
  /** The keys of each kind. */
  readonly #kinds = new Map<string, Set<string>>();
  /** Paths of files with which something is the matter: few, and asked for after each look. */
  readonly #troubled = new Set<string>();
  /** Keys of which there are several documents. */
  readonly #doubled = new Set<string>();

  /** @param shown how the path of a file is shown to people */
  constructor(shown: (path: string) => string) {
    this.#shown = shown;
  }

  manifest(path: string): Manifest | undefined {
    return this.#manifests.get(path);
  }

  manifests(): Iterable<Manifest> {
    return this.#manifests.values();
  }

  /** The document that counts for a resource. */
  find(key: string): Located | undefined {
    return this.#places.get(key)?.[0];
  }

  /** The documents that count, of one kind or of all. */
  *documents(gvk?: GroupVersionKind): Iterable<Located> {
    const keys = gvk === undefined ? this.#places.keys() : (this.#kinds.get(gvkKey(gvk)) ?? []);
    for (const key of keys) {
      const located = this.find(key);
      if (located !== undefined) yield located;
    }
  }

  /** Takes what is in a file now; undefined when the file is gone. Gives the resources that may have changed, by key. */
  set(path: string, manifest: Manifest | undefined): ReadonlyMap<string, ResourceRef> {
    const before = this.#manifests.get(path);
    const documents = [...(before?.documents ?? []), ...(manifest?.documents ?? [])];
    const refs = new Map(documents.map(({ key, ref }) => [key, ref]));
    if (manifest === undefined) this.#manifests.delete(path);
    else this.#manifests.set(path, manifest);
    if (manifest !== undefined && isTroubled(manifest)) this.#troubled.add(path);
    else this.#troubled.delete(path);
    for (const [key, ref] of refs) {
      this.#replace(key, path, manifest);
      this.#noteKind(key, gvkKey(ref));
    }
    return refs;
  }

  /** The files that may only be half written. */
  unsettled(): readonly string[] {
    return this.#troubles().flatMap(({ path, unsettled }) => (unsettled ? [path] : []));
  }

  /** Whether every file could be read, so that what is not here is nowhere. */
  get isComplete(): boolean {
    return !this.#troubles().some(({ broken }) => broken);
  }

  /** What is wrong with the files; of what may only be half written, nothing. */
  problems(): readonly Problem[] {
    const settled = this.#troubles().filter(({ unsettled }) => !unsettled);
    return [
      ...settled.flatMap(({ problems }) => problems),
      ...[...this.#doubled].flatMap((key) => this.#doubling(key)),
    ];
  }

  #troubles(): readonly Manifest[] {
    return [...this.#troubled].flatMap((path) => this.#manifests.get(path) ?? []);
  }

  #replace(key: string, path: string, manifest: Manifest | undefined): void {
    const elsewhere = (this.#places.get(key) ?? []).filter((place) => place.path !== path);
    const here = (manifest?.documents ?? []).filter((document) => document.key === key);
    const places = [...elsewhere, ...here.map((document) => ({ path, document }))];
    // Stable: the documents of one file keep their order.
    places.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
    if (places.length === 0) this.#places.delete(key);
    else this.#places.set(key, places);
    if (places.length > 1) this.#doubled.add(key);
    else this.#doubled.delete(key);
  }

  #noteKind(key: string, kind: string): void {
    const keys = this.#kinds.get(kind) ?? new Set();
    this.#kinds.set(kind, keys);
    if (this.#places.has(key)) keys.add(key);
    else keys.delete(key);
    if (keys.size === 0) this.#kinds.delete(kind);
  }

  #doubling(key: string): readonly Problem[] {
    const [first, ...others] = this.#places.get(key) ?? [];
    if (first === undefined) return [];
    const used = `${this.#shown(first.path)}:${first.document.line}`;
    return others.map(({ path, document }) => ({
      code: 'resource-doubled',
      message: `The resource is defined in ${used} too, which counts; remove one of the two.`,
      subject: formatRef(document.ref),
      location: { path: [], file: this.#shown(path), line: document.line, column: 1 },
    }));
  }
}

function isTroubled({ problems, broken, unsettled }: Manifest): boolean {
  return problems.length > 0 || broken || unsettled;
}
