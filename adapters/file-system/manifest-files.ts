import { join } from 'node:path/posix';
import { type Origin, type Problem, type ReadLimits, StoreError } from '../../kernel/index.js';
import { isUnchanged } from '../files/file-stamp.js';
import type { FileContent, Folder } from '../files/folder.js';
import { type Manifest, type ParsedManifest, parseManifest } from './manifest.js';
import type { ResourceScope } from './resource-scope.js';

/** What a look at a file found. */
export type Look =
  | { readonly type: 'same' }
  | { readonly type: 'gone' }
  | { readonly type: 'read'; readonly manifest: Manifest; readonly origins: ReadonlyMap<string, Origin> };

/** What {@link ManifestFiles} are made with. */
export interface ManifestFilesOptions {
  readonly folder: Folder;
  readonly scope: ResourceScope;
  readonly settleMs: number;
  /** The folder's path as the configuration gives it, for showing paths to people. */
  readonly shownRoot: string;
  /** What a document may hold; the defaults when absent. */
  readonly limits?: ReadLimits | undefined;
}

/** Reads files of manifests, and tells half-written ones from whole ones as far as can be. */
export class ManifestFiles {
  readonly #folder: Folder;
  readonly #scope: ResourceScope;
  readonly #settleMs: number;

  readonly #shownRoot: string;
  readonly #limits: ReadLimits | undefined;

  constructor({ folder, scope, settleMs, shownRoot, limits }: ManifestFilesOptions) {
    this.#folder = folder;
    this.#scope = scope;
    this.#settleMs = settleMs;
    this.#shownRoot = shownRoot;
    this.#limits = limits;
  }

  /** The path of a file as a person would open it. */
  shown(path: string): string {
    return join(this.#shownRoot, path);
  }

  /** What a text says. */
  parse(path: string, text: string): ParsedManifest {
    return parseManifest(this.shown(path), text, { scope: this.#scope, limits: this.#limits });
  }

  /** The text of a file, as long as it is the one of that revision. */
  async textOf(path: string, revision: string): Promise<string | undefined> {
    const content = await this.#folder.read(path).catch(() => undefined);
    return content?.revision === revision ? content.text : undefined;
  }

  /** Whether there is a file, as far as that can be told. */
  async exists(path: string): Promise<boolean> {
    return this.#folder.stat(path).then(
      (stat) => stat !== undefined,
      () => true,
    );
  }

  /**
   * Looks at a file that was `before` when it was last looked at, and reads it if it may have changed. In the first look at the
   * folder a file is taken at its word, since whoever asks may ask only once; later it may be that somebody is in the middle of
   * saving it. Never rejects with StoreErrors.
   */
  async look(path: string, before: Manifest | undefined, { isFirst = false } = {}): Promise<Look> {
    try {
      if (before !== undefined && !before.unsettled) {
        const stat = await this.#folder.stat(path);
        if (stat !== undefined && isUnchanged(before.stamp, stat)) return { type: 'same' };
      }
      const content = await this.#folder.read(path);
      return content === undefined ? { type: 'gone' } : this.#judge(path, content, before, isFirst);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return this.#unreadable(path, error, before);
    }
  }

  #judge(path: string, content: FileContent, before: Manifest | undefined, isFirst: boolean): Look {
    if (before?.revision === content.revision) return this.#again(content, before);
    const { stamp, revision, stat, text } = content;
    const parsed = this.parse(path, text);
    const { broken, count, problems } = parsed;
    const isFresh = this.#folder.fileSystem.now() - stat.changedAt < this.#settleMs;
    const unsettled = isFresh && !isFirst && (broken || (count === 0 && before !== undefined));
    const documents = parsed.documents.map(({ document }) => document);
    const present = new Set(documents.map(({ key }) => key));
    // What it held when it could last be read stays in force as long as something in it cannot.
    const kept = broken || unsettled ? (before?.documents ?? []).filter(({ key }) => !present.has(key)) : [];
    const manifest = { path, stamp, revision, documents: [...documents, ...kept], problems, broken, unsettled };
    return {
      type: 'read',
      manifest,
      origins: new Map(parsed.documents.map(({ document, origin }) => [document.key, origin])),
    };
  }

  /** The same content: what was strange about it is so on purpose, and an empty file is empty. */
  #again({ stamp }: FileContent, before: Manifest): Look {
    const documents = before.unsettled && !before.broken ? [] : before.documents;
    return { type: 'read', manifest: { ...before, stamp, documents, unsettled: false }, origins: new Map() };
  }

  #unreadable(path: string, error: StoreError, before: Manifest | undefined): Look {
    const problem: Problem = {
      code: 'file-unreadable',
      message: `${error.message}.`,
      location: { path: [], file: this.shown(path) },
    };
    const manifest: Manifest = {
      path,
      stamp: { identity: '', settled: false },
      revision: '',
      documents: before?.documents ?? [],
      problems: [problem],
      broken: true,
      unsettled: false,
    };
    return { type: 'read', manifest, origins: new Map() };
  }
}
