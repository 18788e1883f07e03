import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InvalidResourceError } from '../../kernel/index.js';
import { hasErrorCode } from './file-errors.js';
import type { FileSystem } from './file-system.js';

/**
 * The real absolute path, free of links, of a path below a root; what is not there yet may be its tail. To be asked at the
 * moment of use. Links are followed as long as they stay inside. @throws InvalidResourceError for a path that leads out of
 * the root, by its text or by a link
 */
export async function containedPath(fileSystem: FileSystem, root: string, path: string): Promise<string> {
  checkPathText(path);
  const realRoot = await realPathSoFar(fileSystem, resolve(root), path);
  const real = await realPathSoFar(fileSystem, join(realRoot, path), path);
  if (!isInside(realRoot, real))
    throw new InvalidResourceError(`${shown(path)} leads out of the store's folder by a link`);
  return real;
}

/** Whether an absolute path is the root or below it; a matter of text, so give real paths. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** @throws InvalidResourceError for a path that leads out by its text, or is none */
export function checkPathText(path: string): void {
  const segments = path.split(/[/\\]/);
  if (path.includes('\0') || isAbsolute(path) || segments.includes('..') || (sep === '\\' && path.includes(':'))) {
    throw new InvalidResourceError(`${shown(path)} is no path inside the store's folder`);
  }
}

async function realPathSoFar(fileSystem: FileSystem, path: string, asked: string): Promise<string> {
  try {
    return await fileSystem.realPath(path);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
  // Not there: either nothing is, and the parent decides, or a link leads nowhere, and where to is not ours to make.
  const entry = await fileSystem.stat(path).catch(() => undefined);
  if (entry?.type === 'link') throw new InvalidResourceError(`${shown(asked)} is a link that leads nowhere`);
  const parent = dirname(path);
  if (parent === path) return path;
  return join(await realPathSoFar(fileSystem, parent, asked), path.slice(parent.length));
}

function shown(path: string): string {
  return JSON.stringify(path);
}
