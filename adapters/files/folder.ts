import { dirname, join, relative, sep } from 'node:path';
import { InvalidResourceError, UnavailableError } from '../../kernel/index.js';
import { writeAtomically } from './atomic-write.js';
import { containedPath } from './contained-path.js';
import { contentRevision } from './content-revision.js';
import { FileChangedError, hasErrorCode, toStoreError } from './file-errors.js';
import { type FileStamp, stampOf } from './file-stamp.js';
import { type FileStat, type FileSystem, type FolderEntry, nodeFileSystem } from './file-system.js';

/** What a file held when it was read. */
export interface FileContent {
  readonly text: string;
  /** The same for the same bytes, and for nothing else. */
  readonly revision: string;
  readonly stat: FileStat;
  readonly stamp: FileStamp;
}

/** How a {@link Folder} is made. */
export interface FolderOptions {
  readonly fileSystem?: FileSystem;
  /** Bytes; a larger file is refused unread. */
  readonly maximumFileBytes?: number;
}

const DEFAULT_MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;

/**
 * A folder that nothing gets out of. Every path is relative to it, with `/`, and is checked against links at the moment
 * of use. Rejects with StoreErrors, and with FileChangedError where a write was computed from what is no longer there.
 */
export class Folder {
  readonly fileSystem: FileSystem;
  readonly #maximumFileBytes: number;

  /** @param path absolute; need not be there: the first write makes it */
  constructor(
    readonly path: string,
    options: FolderOptions = {},
  ) {
    this.fileSystem = options.fileSystem ?? nodeFileSystem;
    this.#maximumFileBytes = options.maximumFileBytes ?? DEFAULT_MAXIMUM_FILE_BYTES;
  }

  /**
   * The file's content; undefined when there is none. @throws InvalidResourceError for what is no regular file of UTF-8
   * text, is too large, or lies outside
   */
  async read(path: string): Promise<FileContent | undefined> {
    return this.#attempt(`read ${path}`, () => this.#read(path)).catch(undefinedWhenGone);
  }

  /** What the file looks like from outside, its link followed; undefined when there is none. */
  async stat(path: string): Promise<FileStat | undefined> {
    return this.#attempt(`look at ${path}`, async () => this.fileSystem.stat(await this.#real(path))).catch(
      undefinedWhenGone,
    );
  }

  /** The entries of a folder; none when it is not there. */
  async list(path: string): Promise<readonly FolderEntry[]> {
    const list = await this.#attempt(`list ${path}`, async () => this.fileSystem.list(await this.#real(path))).catch(
      undefinedWhenGone,
    );
    return list ?? [];
  }

  /** The path by which the file system itself calls the file: links resolved, letters in the case that is on the disk. */
  async canonicalPath(path: string): Promise<string> {
    return this.#attempt(`find ${path}`, async () => {
      const root = await containedPath(this.fileSystem, this.path, '');
      return relative(root, await this.#real(path))
        .split(sep)
        .join('/');
    });
  }

  /**
   * Makes a file and the folders above it. `check` is asked right before the file comes into force.
   * @throws FileChangedError when the name is taken
   */
  async create(path: string, text: string, check?: () => Promise<void>): Promise<FileContent> {
    return this.#attempt(`write ${path}`, async () => {
      await this.fileSystem.makeFolder(dirname(await this.#real(path)));
      // Asked again: somebody may have put a link where a folder was missing.
      const real = await this.#real(path);
      const content = Buffer.from(text);
      await writeAtomically({ fileSystem: this.fileSystem, path: real, content, ...(check && { check }) });
      return this.#written(real, content, text);
    });
  }

  /**
   * Replaces a file, keeping its mode. `check` is asked right before.
   * @throws FileChangedError when the file is no longer as it was read
   */
  async replace(path: string, text: string, before: FileContent, check?: () => Promise<void>): Promise<FileContent> {
    return this.#attempt(`write ${path}`, async () => {
      const real = await this.#real(path);
      const content = Buffer.from(text);
      await writeAtomically({
        fileSystem: this.fileSystem,
        path: real,
        content,
        replaces: before.stat,
        check: async () => {
          await check?.();
          await this.#checkUnchanged(path, before);
        },
      });
      return this.#written(real, content, text);
    });
  }

  /** Removes a file, then the folders above it that are left empty. @throws FileChangedError as {@link replace} does */
  async remove(path: string, before: FileContent, check?: () => Promise<void>): Promise<void> {
    await this.#attempt(`remove ${path}`, async () => {
      await check?.();
      await this.#checkUnchanged(path, before);
      const real = await this.#real(path);
      await this.fileSystem.removeFile(real);
      await this.fileSystem.syncFolder(dirname(real)).catch(() => undefined);
    });
    await this.#removeEmptyAbove(path);
  }

  /** Gives a file another name, replacing what has it; false when there is no such file. */
  async move(path: string, newPath: string): Promise<boolean> {
    const moved = await this.#attempt(`move ${path}`, async () => {
      await this.fileSystem.rename(await this.#real(path), await this.#real(newPath));
      return true;
    }).catch(undefinedWhenGone);
    return moved ?? false;
  }

  /** Removes a file that is of no more use, if it is there and can be removed. */
  async discard(path: string): Promise<void> {
    await this.#real(path)
      .then((real) => this.fileSystem.removeFile(real))
      .catch(() => undefined);
  }

  #real(path: string): Promise<string> {
    return containedPath(this.fileSystem, this.path, path);
  }

  async #read(path: string): Promise<FileContent> {
    const real = await this.#real(path);
    const file = await this.fileSystem.openToRead(real);
    try {
      const stat = await file.stat();
      if (stat.type !== 'file') throw new InvalidResourceError(`${path} is no regular file`);
      if (stat.size > this.#maximumFileBytes) {
        throw new InvalidResourceError(`${path} is larger than the limit of ${this.#maximumFileBytes} bytes`);
      }
      const stamp = stampOf(stat);
      const bytes = await file.read();
      // A folder on the way may have become a link meanwhile: what was read then is not ours to show.
      if ((await this.#real(path)) !== real) throw new UnavailableError(`${path} was moved while it was read`);
      return { text: decode(bytes, path), revision: contentRevision(bytes), stat, stamp };
    } finally {
      await file.close();
    }
  }

  async #checkUnchanged(path: string, before: FileContent): Promise<void> {
    const now = await this.#read(path).catch((error: unknown) => {
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (now?.revision !== before.revision) throw new FileChangedError(`${path} has changed meanwhile`);
  }

  async #written(real: string, bytes: Uint8Array, text: string): Promise<FileContent> {
    const stat = await this.fileSystem.stat(real);
    return { text, revision: contentRevision(bytes), stat, stamp: { identity: stat.identity, settled: false } };
  }

  async #removeEmptyAbove(path: string): Promise<void> {
    for (let parent = dirname(path); parent !== '.' && parent !== ''; parent = dirname(parent)) {
      const removed = await this.#real(parent)
        .then((real) => this.fileSystem.removeFolder(real))
        .then(
          () => true,
          () => false,
        );
      if (!removed) return;
    }
  }

  async #attempt<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toStoreError(error, action);
    }
  }
}

/** The absolute path of a file in a folder, for messages to people and for watching; never for opening. */
export function absolutePath(folder: Folder, path: string): string {
  return join(folder.path, path);
}

function undefinedWhenGone(error: unknown): undefined {
  if (error instanceof Error && hasErrorCode(error.cause, 'ENOENT', 'ENOTDIR')) return undefined;
  throw error;
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    // The byte order mark is kept: what is written back must begin as it did.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new InvalidResourceError(`${path} is not UTF-8 text`, { cause: error });
  }
}
