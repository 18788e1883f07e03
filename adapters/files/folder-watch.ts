import { type Stats, statSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { Observable } from 'rxjs';

/** What to watch. */
export interface FolderWatchOptions {
  /** Absolute; need not be there yet, nor stay. */
  readonly path: string;
  /** Whether nothing in a folder is of interest; told its path relative to the watched one, with `/`. */
  readonly ignores?: (folder: string) => boolean;
  /** How many folders deep to look: 0 for only what lies directly in it. Without a limit by default. */
  readonly depth?: number;
}

/** Milliseconds between two looks whether the watched folder is still the one of that name. */
const FOLDER_LOOK_MS = 1000;

/**
 * Tells the paths, relative and with `/`, of files and folders that something happened to; what happened is for the
 * listener to find out. `""` means that anything may have: at first, when watching has begun, and when the operating
 * system lost count. One event may be told several times. Never completes, never errors.
 */
export function watchFolder(options: FolderWatchOptions): Observable<string> {
  return new Observable((subscriber) => {
    let stop = (): void => undefined;
    const begin = (): void => {
      stop();
      stop = watchWhatIsThere(options, (path) => subscriber.next(path), begin);
    };
    begin();
    return () => stop();
  });
}

/**
 * Watches the folder, or, while it is not there, the nearest one above it. Calls `again` when that is no longer the one
 * to watch: a watch of a folder that is removed and made anew stays silent. Gives what stops it.
 */
function watchWhatIsThere(options: FolderWatchOptions, tell: (path: string) => void, again: () => void): () => void {
  const folder = nearestFolder(options.path);
  const isThere = folder === options.path;
  const node = nodeOf(folder);
  const isAnother = (): boolean => nearestFolder(options.path) !== folder || nodeOf(folder) !== node;
  const watcher = isThere ? watchInside(options, tell) : watchAbove(folder);
  watcher.on('raw', (event, name, details) => {
    const isItself = event === 'rename' && name === basename(folder) && watchedPath(details) === folder;
    if (isItself || (!isThere && nearestFolder(options.path) !== folder)) again();
  });
  watcher.on('ready', () => {
    tell('');
    // It may have come or gone while the watch began.
    if (isAnother()) again();
  });
  // Notices of a folder's own end get lost when it ends while the watch begins.
  const timer = setInterval(() => (isAnother() ? again() : undefined), FOLDER_LOOK_MS);
  return () => {
    clearInterval(timer);
    void watcher.close();
  };
}

function watchInside({ path, ignores, depth }: FolderWatchOptions, tell: (path: string) => void): FSWatcher {
  const relativePath = (absolute: string): string => relative(path, absolute).split(sep).join('/');
  const watcher = watch(path, {
    ignoreInitial: true,
    followSymlinks: false,
    ...(depth === undefined ? {} : { depth }),
    // Only folders are watched: what happens to their files shows there, at the cost of one handle a folder.
    ignored: (one, stat) => (stat === undefined ? false : stat.isFile() || (ignores?.(relativePath(one)) ?? false)),
  });
  watcher.on('raw', (_event, name, details) => {
    const parts = [relativePath(watchedPath(details)), typeof name === 'string' ? name : ''];
    tell(parts.filter((part) => part !== '').join('/'));
  });
  watcher.on('addDir', (folder) => tell(relativePath(folder)));
  watcher.on('unlinkDir', (folder) => tell(relativePath(folder)));
  watcher.on('error', () => tell(''));
  return watcher;
}

function watchAbove(folder: string): FSWatcher {
  return watch(folder, { ignoreInitial: true, followSymlinks: false, depth: 0, ignored: (one) => one !== folder });
}

function watchedPath(details: unknown): string {
  return (details as { watchedPath: string }).watchedPath;
}

function nearestFolder(path: string): string {
  return dirname(path) === path || isFolder(path) ? path : nearestFolder(dirname(path));
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

/** Which folder has the name now. */
function nodeOf(path: string): string | undefined {
  const stat = statOf(path);
  return stat && `${stat.dev}:${stat.ino}`;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
