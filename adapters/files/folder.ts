import { dirname, join, relative, sep } from 'node:path';
import { InvalidResourceError, UnavailableError } from '../../kernel/index.js';
import { writeAtomically } from './atomic-write.js';
import { checkPathText, containedPath } from './contained-path.js';
import { contentRevision } from './content-revision.js';
import { FileChangedError, hasErrorCode, toStoreError } from './file-errors.js';
import { type FileStamp, stampOf } from './file-stamp.js';
import { type FileStat, type FileSystem, type FolderEntry, nodeFileSystem, type OpenFile } from './file-system.js';

/** How often what others spoiled is tried again. */
const ATTEMPTS = 10;
/** Milliseconds in which an editor that is saving goes on. */
const QUIET_MS = 20;

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

interface OpenedFile {
  readonly file: OpenFile;
  readonly content: FileContent;
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

  /**
   * What the file looks like from outside, a link to it followed; undefined when there is none. Only for telling whether
   * it changed: where it lies is for {@link read} to check.
   */
  async stat(path: string): Promise<FileStat | undefined> {
    return this.#attempt(`look at ${path}`, async () => {
      checkPathText(path);
      const stat = await this.fileSystem.stat(join(this.path, path));
      return stat.type === 'link' ? this.fileSystem.stat(await this.#real(path)) : stat;
    }).catch(undefinedWhenGone);
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
    return this.#attempt(`write ${path}`, () => this.#create(path, text, { durable: true, ...(check && { check }) }));
  }

  /**
   * Makes a file, if the name is free; undefined when it is not. It is of no use after a failure of the machine, and costs
   * less for it.
   */
  async claim(path: string, text: string): Promise<FileContent | undefined> {
    return this.#attempt(`write ${path}`, () => this.#create(path, text, { durable: false })).catch(
      (error: unknown) => {
        if (error instanceof FileChangedError) return undefined;
        throw error;
      },
    );
  }

  /**
   * Replaces a file, keeping its mode. `check` is asked right before.
   * @throws FileChangedError when the file is no longer as it was read
   */
  async replace(path: string, text: string, before: FileContent, check?: () => Promise<void>): Promise<FileContent> {
    return this.#attempt(`write ${path}`, async () => {
      const real = await this.#real(path);
      const content = Buffer.from(text);
      let replaced: OpenedFile | undefined;
      try {
        await writeAtomically({
          fileSystem: this.fileSystem,
          path: real,
          content,
          replaces: before.stat,
          durable: true,
          check: async () => {
            await check?.();
            replaced = await this.#openUnchanged(path, before);
          },
        });
        if (replaced !== undefined) await this.#rescue(path, replaced, contentRevision(content));
      } finally {
        await replaced?.file.close();
      }
      return this.#written(real, content, text);
    });
  }

  /** Removes a file, then the folders above it that are left empty. @throws FileChangedError as {@link replace} does */
  async remove(path: string, before: FileContent, check?: () => Promise<void>): Promise<void> {
    await this.#attempt(`remove ${path}`, async () => {
      await check?.();
      await (await this.#openUnchanged(path, before)).file.close();
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

  async #create(
    path: string,
    text: string,
    options: { readonly durable: boolean; readonly check?: () => Promise<void> },
  ): Promise<FileContent> {
    const content = Buffer.from(text);
    for (let attempt = 1; ; attempt += 1) {
      const real = await this.#real(path);
      try {
        await writeAtomically({ fileSystem: this.fileSystem, path: real, content, ...options });
        return await this.#written(real, content, text);
      } catch (error) {
        if (!hasErrorCode(error, 'ENOENT')) throw error;
        // Whoever hears that something is not found takes it for gone, and what was to be written is not.
        if (attempt === ATTEMPTS)
          throw new UnavailableError(`cannot write ${path}: its folder is taken away all the time`);
        // There is no folder yet, or whoever removed its last file took it away. The path is asked for again then: a link
        // may have been put where the folder was missing.
        await this.#makeFolders(dirname(real));
      }
    }
  }

  /** Makes a folder and those above it, as far as they are not there. */
  async #makeFolders(real: string): Promise<void> {
    const isMade = await this.fileSystem.makeFolder(real).then(
      () => true,
      (error: unknown) => {
        if (hasErrorCode(error, 'EEXIST')) return true;
        if (hasErrorCode(error, 'ENOENT') && dirname(real) !== real) return false;
        throw error;
      },
    );
    if (isMade) return;
    await this.#makeFolders(dirname(real));
    await this.fileSystem.makeFolder(real).catch(undefinedWhenThere);
  }

  async #read(path: string): Promise<FileContent> {
    const { file, content } = await this.#open(path);
    await file.close();
    return content;
  }

  /** Opens a file and reads it; whoever asked closes it. */
  async #open(path: string): Promise<OpenedFile> {
    const real = await this.#real(path);
    const file = await this.fileSystem.openToRead(real);
    try {
      const content = await this.#contentOf(file, path);
      // A folder on the way may have become a link meanwhile: what was read then is not ours to show.
      const stillReal = await this.fileSystem.realPath(join(this.path, path));
      if (stillReal !== real) throw new UnavailableError(`${path} was moved while it was read`);
      return { file, content };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Reads again what was written while it was read, so that no half of an old and a new content comes out. */
  async #contentOf(file: OpenFile, path: string): Promise<FileContent> {
    for (let attempt = 1; ; attempt += 1) {
      const stat = await file.stat();
      if (stat.type !== 'file') throw new InvalidResourceError(`${path} is no regular file`);
      if (stat.size > this.#maximumFileBytes) {
        throw new InvalidResourceError(`${path} is larger than the limit of ${this.#maximumFileBytes} bytes`);
      }
      const now = this.fileSystem.now();
      const stamp = stampOf(stat, now);
      if (stat.size === 0 && attempt < ATTEMPTS && isWithin(now - stat.changedAt, QUIET_MS)) {
        // Many editors make a file empty first, and fill it then.
        await this.fileSystem.pause(QUIET_MS);
        continue;
      }
      const bytes = await file.read(stat.size);
      const { written } = await file.stat();
      if (written === stat.written && bytes.length === stat.size) {
        return { text: decode(bytes, path), revision: contentRevision(bytes), stat, stamp };
      }
      if (attempt === ATTEMPTS) throw new UnavailableError(`${path} is being written all the time`);
      await this.fileSystem.pause(attempt);
    }
  }

  async #openUnchanged(path: string, before: FileContent): Promise<OpenedFile> {
    const now = await this.#open(path).catch(undefinedWhenNoEntry);
    try {
      const isSame = now?.content.revision === before.revision && (await this.#isStillNamed(path, now.content));
      if (now !== undefined && isSame) return now;
      throw new FileChangedError(`${path} has changed meanwhile`);
    } catch (error) {
      await now?.file.close();
      throw error;
    }
  }

  /** The last look before a write: whether the name is still that of the file that was compared. */
  async #isStillNamed(path: string, content: FileContent): Promise<boolean> {
    const stat = await this.fileSystem.stat(await this.#real(path)).catch(undefinedWhenNoEntry);
    return stat?.node === content.stat.node;
  }

  /**
   * Gives a file back to an editor that wrote into the old one, in place, in the instant before it was replaced: what it
   * saved is put where it belongs, and the replacement has to be computed anew.
   */
  async #rescue(path: string, { file, content }: OpenedFile, replacement: string): Promise<void> {
    if ((await file.stat()).written === content.stat.written) return;
    const saved = await this.#quietContent(file);
    const ours = await this.#read(path).catch(() => undefined);
    // Whoever changed the file since then has read, or saved, without what the editor wrote; it is the last word.
    if (ours?.revision === replacement) {
      const real = await this.#real(path);
      const write = { fileSystem: this.fileSystem, path: real, content: saved, replaces: ours.stat, durable: true };
      await writeAtomically(write);
    }
    throw new FileChangedError(`${path} was saved by an editor meanwhile`);
  }

  async #quietContent(file: OpenFile): Promise<Buffer> {
    for (let attempt = 1; ; attempt += 1) {
      const before = await file.stat();
      await this.fileSystem.pause(QUIET_MS);
      const bytes = await file.read(before.size);
      const after = await file.stat();
      if ((before.written === after.written && after.size > 0) || attempt === ATTEMPTS) return bytes;
    }
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

/** Whether a time ago is in the last so many milliseconds; what lies in the future is a wrong clock. */
function isWithin(agoMs: number, milliseconds: number): boolean {
  return agoMs >= 0 && agoMs < milliseconds;
}

function undefinedWhenThere(error: unknown): undefined {
  if (!hasErrorCode(error, 'EEXIST')) throw error;
  return undefined;
}

function undefinedWhenNoEntry(error: unknown): undefined {
  if (!hasErrorCode(error, 'ENOENT')) throw error;
  return undefined;
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
