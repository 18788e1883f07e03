import { type FileHandle, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  ForbiddenError,
  isObject,
  type Json,
  type Resource,
  type ResourceRef,
  UnavailableError,
} from 'koreo-kernel/plugin';

/** One line of a journal: what a resource has become, or that it is gone. */
export type Entry =
  | { readonly type: 'put'; readonly at: string; readonly resource: Resource }
  | { readonly type: 'delete'; readonly at: string; readonly ref: ResourceRef };

/**
 * A file to which lines are added, and in which none is ever changed. One process writes to it at a time, and says so by a file
 * beside it; others can read. A line that a crash has cut off counts as not written.
 */
export class Journal {
  #offset = 0;
  #lines = 0;
  #writing: FileHandle | undefined;

  constructor(readonly path: string) {}

  /** What has been added since the last call. @throws UnavailableError that names the line which is no entry */
  async read(): Promise<readonly Entry[]> {
    const bytes = await guarded(this.#tail());
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    const lines = whole.toString('utf8').split('\n').slice(0, -1);
    const entries = lines.map((line, index) => this.#parse(line, this.#lines + index + 1));
    this.#offset += whole.length;
    this.#lines += lines.length;
    return entries;
  }

  /** Adds a line; it is on the disk when this resolves. To be called when all has been read. */
  async append(entry: Entry): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    await guarded(this.#write(line));
    this.#offset += line.length;
    this.#lines += 1;
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    const writing = this.#writing;
    this.#writing = undefined;
    await writing?.close();
    if (writing !== undefined) await rm(this.#lock, { force: true });
  }

  get #lock(): string {
    return `${this.path}.lock`;
  }

  async #tail(): Promise<Buffer> {
    const file = await open(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return Buffer.alloc(0);
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.max(0, size - this.#offset));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#offset);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async #write(line: Buffer): Promise<void> {
    this.#writing ??= await this.#begin();
    const { size } = await this.#writing.stat();
    const beyond = await this.#tail();
    if (size < this.#offset || beyond.includes('\n')) {
      throw new UnavailableError(`${this.path} was changed by somebody else at the same time`);
    }
    // A line that a crash has cut off: this process alone writes.
    if (beyond.length > 0) await this.#writing.truncate(this.#offset);
    await this.#writing.appendFile(line);
    await this.#writing.datasync();
  }

  async #begin(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    await this.#take();
    return open(this.path, 'a');
  }

  async #take(): Promise<void> {
    try {
      await writeFile(this.#lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(await readFile(this.#lock, 'utf8').catch(() => '0'));
      if (holder !== process.pid && isRunning(holder)) {
        throw new UnavailableError(
          `process ${holder} writes to ${this.path}: stop it first, or remove ${this.#lock} if it is none of koreo`,
        );
      }
      // Left behind by one that was killed.
      await writeFile(this.#lock, String(process.pid));
    }
  }

  #parse(line: string, number: number): Entry {
    try {
      const entry: Json = JSON.parse(line);
      if (isObject(entry) && (entry.type === 'put' || entry.type === 'delete')) return entry as unknown as Entry;
    } catch {
      // Told below, without what the line holds.
    }
    throw new UnavailableError(`${this.path}:${number} is no entry of a journal: mend the line, or take it out`);
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Every error is one of the kernel's, so that the runtime knows what to do about it. */
async function guarded<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: NodeJS.ErrnoException) => {
    const { code } = error;
    if (error instanceof UnavailableError) throw error;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new ForbiddenError('the journal cannot be read or written; who runs koreo needs the right to', {
        cause: error,
      });
    }
    throw new UnavailableError(`the journal cannot be used now: ${code ?? error.message}`, undefined, { cause: error });
  });
}
