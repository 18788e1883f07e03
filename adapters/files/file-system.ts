import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

/** What is known of an entry without following it, when it is a link. */
export interface FileStat {
  readonly type: 'file' | 'folder' | 'link' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Differs whenever the entry is another one, or it was changed, as finely as the file system keeps time. */
  readonly identity: string;
  /** The same as long as the entry is the same, however often it is written in place. */
  readonly node: string;
  /** Differs whenever the content was written; renaming and removing leave it. */
  readonly written: string;
  /** Milliseconds since the epoch of the last change of content or attributes, in the file system's own time. */
  readonly changedAt: number;
}

/** One name in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly type: FileStat['type'];
}

/** A file that is open; whoever opened it closes it. */
export interface OpenFile {
  stat(): Promise<FileStat>;
  /** The whole content, from the beginning, each time. */
  read(expectedSize: number): Promise<Buffer>;
  /** Writes all of it. */
  write(content: Uint8Array): Promise<void>;
  setOwner(uid: number, gid: number): Promise<void>;
  setMode(mode: number): Promise<void>;
  /** Returns when the content is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * All that file stores ask of a disk: each call is one step that can fail or be the last before a crash, so that tests can
 * make either happen. Paths are absolute. Errors are Node's, with their `code`.
 */
export interface FileSystem {
  /** Does not follow a link. */
  stat(path: string): Promise<FileStat>;
  /** The absolute path without links; fails for what is not there. */
  realPath(path: string): Promise<string>;
  list(path: string): Promise<readonly FolderEntry[]>;
  /** Makes a folder in one that is there; fails with EEXIST when there is an entry of that name. */
  makeFolder(path: string): Promise<void>;
  /** Does not follow a link in the last place, and does not wait for a pipe's other end. */
  openToRead(path: string): Promise<OpenFile>;
  /** Makes a file; fails with EEXIST when there is an entry of that name, a link too. */
  openNew(path: string, mode: number): Promise<OpenFile>;
  /** Gives the file a second name; fails with EEXIST when the name is taken. */
  link(path: string, secondPath: string): Promise<void>;
  /** Replaces what has the new name in one step. */
  rename(path: string, newPath: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** Fails with ENOTEMPTY unless the folder is empty. */
  removeFolder(path: string): Promise<void>;
  /** Returns when the names in the folder are on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Milliseconds since the epoch, by the clock that file times are taken from; not a kernel's, which may be virtual. */
  now(): number;
  /** Waits in that time: for another process, or an editor, to come to an end. */
  pause(ms: number): Promise<void>;
}

// Where a platform lacks a flag, it has no such danger or no such protection; the checks of real paths stay.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** The disk of this machine. */
export const nodeFileSystem: FileSystem = {
  stat: async (path) => toStat(await fs.lstat(path, { bigint: true })),
  realPath: (path) => fs.realpath(path),
  list: async (path) => {
    const entries = await fs.readdir(path, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, type: typeOf(entry) }));
  },
  // Not with its parents in one call: where the disk is read-only, Node then says that there is no such folder.
  makeFolder: (path) => fs.mkdir(path),
  openToRead: async (path) => openFile(await fs.open(path, READ)),
  openNew: async (path, mode) => openFile(await fs.open(path, NEW, mode)),
  link: (path, secondPath) => fs.link(path, secondPath),
  rename: (path, newPath) => fs.rename(path, newPath),
  removeFile: (path) => fs.unlink(path),
  removeFolder: (path) => fs.rmdir(path),
  syncFolder: async (path) => {
    // Windows cannot open folders; its file systems keep names without being asked.
    if (process.platform === 'win32') return;
    const handle = await fs.open(path, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  now: () => Date.now(),
  pause: (ms) => setTimeout(ms),
};

function openFile(handle: fs.FileHandle): OpenFile {
  return {
    stat: async () => toStat(await handle.stat({ bigint: true })),
    read: (expectedSize) => readWhole(handle, expectedSize),
    write: (content) => handle.writeFile(content),
    setOwner: (uid, gid) => handle.chown(uid, gid),
    setMode: (mode) => handle.chmod(mode),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

async function readWhole(handle: fs.FileHandle, expectedSize: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let position = 0; ; ) {
    // One byte more than expected: when it does not come, that was all.
    const wanted = Math.max(expectedSize - position, 0) + 1;
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, position);
    chunks.push(buffer.subarray(0, bytesRead));
    if (bytesRead < wanted) return chunks.length === 1 ? (chunks[0] ?? buffer) : Buffer.concat(chunks);
    position += bytesRead;
  }
}

interface Typed {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

function typeOf(entry: Typed): FileStat['type'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function toStat(stat: Awaited<ReturnType<fs.FileHandle['stat']>> | import('node:fs').BigIntStats): FileStat {
  const { dev, ino, size, mtimeMs, ctimeMs } = stat;
  const written = `${size}:${'mtimeNs' in stat ? stat.mtimeNs : mtimeMs}`;
  const changed = 'ctimeNs' in stat ? stat.ctimeNs : ctimeMs;
  return {
    type: typeOf(stat),
    size: Number(size),
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    identity: `${dev}:${ino}:${written}:${changed}`,
    node: `${dev}:${ino}`,
    written,
    changedAt: Math.max(Number(mtimeMs), Number(ctimeMs)),
  };
}
