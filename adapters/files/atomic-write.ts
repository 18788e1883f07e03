import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { FileChangedError, hasErrorCode } from './file-errors.js';
import type { FileStat, FileSystem, OpenFile } from './file-system.js';

const TEMPORARY = /^\.koreo-[0-9a-f]{16}\.tmp$/;

/** Whether the name is one of a temporary file of ours: a leftover, once it is old. */
export function isTemporaryName(path: string): boolean {
  return TEMPORARY.test(basename(path));
}

/** How a file is to be written. */
export interface AtomicWrite {
  readonly fileSystem: FileSystem;
  /** Absolute and real; its folder is there. */
  readonly path: string;
  readonly content: Uint8Array;
  /** The file that is replaced: its mode and owner are kept. Absent: the name must be free. */
  readonly replaces?: FileStat;
  /** Whether the content must outlive a failure of the machine, and not only of the process. */
  readonly durable: boolean;
  /** Asked last, when all but the renaming is done; what it throws stops the write, and the old file stays. */
  readonly check?: () => Promise<void>;
}

/**
 * Writes a file so that whoever reads it, at any moment and after any crash, finds the old content or the new one, whole.
 * Rejects with Node's errors, or with FileChangedError when the name was to be free and is not; then nothing has changed.
 */
export async function writeAtomically(write: AtomicWrite): Promise<void> {
  const { fileSystem, path, replaces, durable } = write;
  const temporary = join(dirname(path), `.koreo-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeTemporary(write, temporary);
    await write.check?.();
    if (replaces === undefined) await publishNew(fileSystem, temporary, path);
    else await fileSystem.rename(temporary, path);
  } catch (error) {
    await fileSystem.removeFile(temporary).catch(() => undefined);
    throw error;
  }
  // The new content is in force; a disk that cannot promise to keep the name keeps the old one, which is whole too.
  if (durable) await fileSystem.syncFolder(dirname(path)).catch(() => undefined);
}

async function writeTemporary(
  { fileSystem, content, replaces, durable }: AtomicWrite,
  temporary: string,
): Promise<void> {
  const file = await fileSystem.openNew(temporary, replaces?.mode ?? 0o666);
  try {
    await file.write(content);
    if (replaces !== undefined) await keepAttributes(file, replaces);
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
}

/** Owners may be given away by the superuser alone; a file that cannot keep its owner is still the user's file. */
async function keepAttributes(file: OpenFile, { mode, uid, gid }: FileStat): Promise<void> {
  const { uid: ownUid, gid: ownGid } = await file.stat();
  if (uid !== ownUid || gid !== ownGid) await file.setOwner(uid, gid).catch(() => undefined);
  await file.setMode(mode);
}

/** A second name is the one step that makes a file and never replaces one; a file system without it must do with a look before. */
async function publishNew(fileSystem: FileSystem, temporary: string, path: string): Promise<void> {
  try {
    await fileSystem.link(temporary, path);
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) throw new FileChangedError(`${basename(path)} is there already`);
    if (!hasErrorCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV')) throw error;
    const taken = await fileSystem.stat(path).then(
      () => true,
      () => false,
    );
    if (taken) throw new FileChangedError(`${basename(path)} is there already`);
    await fileSystem.rename(temporary, path);
    return;
  }
  await fileSystem.removeFile(temporary).catch(() => undefined);
}
