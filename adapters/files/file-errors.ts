import { ForbiddenError, InvalidResourceError, NotFoundError, UnavailableError } from '../../kernel/index.js';

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
 * Unavailable. Every other error stays as it is. `action` completes the sentence "cannot …".
 */
export function toStoreError(error: unknown, action: string): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  // Node's own message holds absolute paths, which say nothing new and belong into no status.
  const message = `cannot ${action}: ${REASONS[code] ?? `the operating system says ${code}`}`;
  const options = { cause: error };
  if (FORBIDDEN.has(code)) return new ForbiddenError(message, options);
  if (INVALID.has(code)) return new InvalidResourceError(message, options);
  return code === 'ENOENT' ? new NotFoundError(message, options) : new UnavailableError(message, undefined, options);
}

/** `ENOSPC` and the like; our own codes are in lower case. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^E[A-Z0-9_]+$/.test(error.code) ? error.code : undefined;
}

const FORBIDDEN: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);
const INVALID: ReadonlySet<string> = new Set([
  'EINVAL',
  'EILSEQ',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOTDIR',
  'ERR_INVALID_ARG_VALUE',
]);

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
