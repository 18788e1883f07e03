import {
  errorMessage,
  ForbiddenError,
  InvalidResourceError,
  NotFoundError,
  StoreError,
  UnavailableError,
} from '../../kernel/index.js';

/** A file is not as it was when it was read, or its name is taken. Whoever computed a write from it reads again and redoes it. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** Whether it is an error of the operating system with one of the codes. */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/**
 * The store's error for one of the operating system: what permissions or a read-only disk refuse is Forbidden, names that
 * cannot be are Invalid, what vanished is NotFound, and all else (a full disk, too many open files, a broken one) is
 * Unavailable. Errors of ours stay as they are. `action` completes the sentence "cannot …".
 */
export function toStoreError(error: unknown, action: string): StoreError | FileChangedError {
  if (error instanceof StoreError || error instanceof FileChangedError) return error;
  const message = `cannot ${action}: ${reasonOf(error)}`;
  const options = { cause: error };
  if (hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS')) return new ForbiddenError(message, options);
  if (hasErrorCode(error, 'ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'ELOOP', 'ERR_INVALID_ARG_VALUE', 'EISDIR', 'ENOTDIR')) {
    return new InvalidResourceError(message, options);
  }
  if (hasErrorCode(error, 'ENOENT')) return new NotFoundError(message, options);
  return new UnavailableError(message, undefined, options);
}

/** Node's own messages hold absolute paths, which say nothing new and belong into no status. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return errorMessage(error);
  const code = String(error.code);
  return REASONS[code] ?? `the operating system says ${code}`;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; check who may write to the folder (EACCES)',
  EPERM: 'not permitted; check who may write to the folder (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
  ENOSPC: 'the disk is full; make room, nothing was lost (ENOSPC)',
  EDQUOT: 'the disk quota is used up; nothing was lost (EDQUOT)',
  EMFILE: 'too many open files; raise the limit of open files (EMFILE)',
  ENFILE: 'too many open files on this machine (ENFILE)',
  ENAMETOOLONG: 'the name is too long for a file (ENAMETOOLONG)',
  ENOTDIR: 'a part of its path is a file and not a folder (ENOTDIR)',
  EISDIR: 'it is a folder (EISDIR)',
  ELOOP: 'a link leads there (ELOOP)',
  ENOENT: 'it is not there any more (ENOENT)',
};
