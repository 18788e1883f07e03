import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { Observable } from 'rxjs';

/** What to watch. */
export interface FolderWatchOptions {
  /** Absolute; need not be there yet. */
  readonly path: string;
  /** Whether nothing in a folder is of interest; told its path relative to the watched one, with `/`. */
  readonly ignores?: (folder: string) => boolean;
  /** How many folders deep to look: 0 for only what lies directly in it. Without a limit by default. */
  readonly depth?: number;
}

/**
 * Tells the paths, relative and with `/`, of files and folders that something happened to; what happened is for the
 * listener to find out. `""` means that anything may have: at first, when watching has begun, and when the operating
 * system lost count. One event may be told several times. Never completes, never errors.
 */
export function watchFolder({ path, ignores, depth }: FolderWatchOptions): Observable<string> {
  return new Observable((subscriber) => {
    const relativePath = (absolute: string): string => relative(path, absolute).split(sep).join('/');
    const watcher = watch(path, {
      ignoreInitial: true,
      followSymlinks: false,
      ...(depth === undefined ? {} : { depth }),
      // Only folders are watched: what happens to their files shows there, at the cost of one handle a folder.
      ignored: (one, stat) => (stat === undefined ? false : stat.isFile() || (ignores?.(relativePath(one)) ?? false)),
    });
    watcher.on('raw', (_event, name, details) => {
      const folder = relativePath((details as { watchedPath: string }).watchedPath);
      subscriber.next([folder, typeof name === 'string' ? name : ''].filter((part) => part !== '').join('/'));
    });
    watcher.on('addDir', (folder) => subscriber.next(relativePath(folder)));
    watcher.on('unlinkDir', (folder) => subscriber.next(relativePath(folder)));
    watcher.on('ready', () => subscriber.next(''));
    watcher.on('error', () => subscriber.next(''));
    return () => void watcher.close();
  });
}
