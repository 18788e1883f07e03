import picomatch from 'picomatch';
import { type Problem, StoreError } from '../../kernel/index.js';
import { isTemporaryName } from '../files/atomic-write.js';
import type { FolderEntry } from '../files/file-system.js';
import type { Folder } from '../files/folder.js';
import { EXTENSIONS } from './options.js';

/** What a walk through the folder met. */
export interface WalkResult {
  /** Of the files that may hold manifests. */
  readonly paths: ReadonlySet<string>;
  /** Folders that could not be listed: what is below them is unknown. */
  readonly unreadable: readonly string[];
  readonly problems: readonly Problem[];
}

const MANIFEST_NAME = new RegExp(`\\.(?:${EXTENSIONS.join('|')})$`, 'i');

/** Finds the files of a folder that may hold manifests. Links to folders are not followed; links to files are, inside. */
export class ManifestWalk {
  readonly #folder: Folder;
  readonly #isIgnored: (path: string) => boolean;

  readonly #shown: (path: string) => string;

  /**
   * @param ignore globs, relative to the folder
   * @param shown how a path is shown to people
   */
  constructor(folder: Folder, ignore: readonly string[], shown: (path: string) => string) {
    this.#folder = folder;
    this.#shown = shown;
    const isMatch = ignore.length === 0 ? () => false : picomatch([...ignore], { dot: true });
    this.#isIgnored = (path) => isMatch(path) || isMatch(`${path}/`);
  }

  /** Whether a file of that path would be read: by its own name and those of all folders above it. */
  isManifestPath(path: string): boolean {
    return MANIFEST_NAME.test(path) && !this.isHidden(path);
  }

  /** Whether nothing at a path, or below it, is read. */
  isHidden(path: string): boolean {
    const segments = path.split('/');
    return segments.some(
      (segment, index) =>
        segment.startsWith('.') ||
        segment === 'node_modules' ||
        this.#isIgnored(segments.slice(0, index + 1).join('/')),
    );
  }

  /** Looks through a folder and all below it; `""` is the whole. @throws StoreError when that folder itself cannot be listed */
  async walk(path = ''): Promise<WalkResult> {
    const paths = new Set<string>();
    const unreadable: string[] = [];
    const problems: Problem[] = [];
    const visit = async (folder: string): Promise<void> => {
      const entries = await this.#list(folder, (error) => {
        if (folder === path) throw error;
        unreadable.push(folder);
        problems.push(unreadableProblem(this.#shown(folder), error));
      });
      await Promise.all(
        entries.map(async ({ name, type }) => {
          const entry = folder === '' ? name : `${folder}/${name}`;
          if (type === 'folder' && !this.isHidden(entry)) await visit(entry);
          if (type === 'file' && this.isManifestPath(entry)) paths.add(entry);
          if (type === 'link' && this.isManifestPath(entry) && (await this.#isOwnFile(entry))) paths.add(entry);
        }),
      );
    };
    if (path === '' || !this.isHidden(path)) await visit(path);
    return { paths, unreadable, problems };
  }

  /** Removes the temporary files that a crash left behind, once no writer can still be at work on them. */
  async removeLeftovers(olderThanMs: number): Promise<void> {
    const { fileSystem } = this.#folder;
    const visit = async (folder: string): Promise<void> => {
      for (const { name, type } of await this.#list(folder, () => undefined)) {
        const entry = folder === '' ? name : `${folder}/${name}`;
        if (type === 'folder' && (entry.split('/')[0] === '.koreo' || !this.isHidden(entry))) await visit(entry);
        if (type !== 'file' || !isTemporaryName(name)) continue;
        const stat = await this.#folder.stat(entry).catch(() => undefined);
        if (stat !== undefined && fileSystem.now() - stat.changedAt > olderThanMs) await this.#folder.discard(entry);
      }
    };
    await visit('');
  }

  /** A link is read unless the file that it leads to is read anyway; one that leads out is read, which then says so. */
  async #isOwnFile(path: string): Promise<boolean> {
    const target = await this.#folder.canonicalPath(path).catch(() => undefined);
    return target === undefined || !this.isManifestPath(target);
  }

  async #list(folder: string, fail: (error: StoreError) => void): Promise<readonly FolderEntry[]> {
    try {
      return await this.#folder.list(folder);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      fail(error);
      return [];
    }
  }
}

function unreadableProblem(path: string, error: StoreError): Problem {
  return { code: 'file-unreadable', message: `${error.message}.`, location: { path: [], file: path } };
}
