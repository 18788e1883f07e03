import { basename, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { Observable } from 'rxjs';
import type { DefinitionReader, FoundResources } from './definition-reader.js';
import { isLookedAt, type ReadRequest, readFiles } from './read-files.js';

/** Reads definitions from the files and folders that the command line names. */
export class FileReader implements DefinitionReader {
  readonly #request: ReadRequest;
  readonly #watchers = new Set<FSWatcher>();

  constructor(request: ReadRequest) {
    this.#request = request;
  }

  /** @throws UsageError for a path that is not there */
  read(): Promise<FoundResources> {
    return readFiles(this.#request);
  }

  readonly changes = new Observable<unknown>((subscriber) => {
    const { cwd, paths } = this.#request;
    const roots = paths.map((path) => resolve(cwd, path));
    const watcher = watch(roots, {
      ignoreInitial: true,
      ignored: (path, stats) =>
        stats !== undefined && !roots.includes(path) && !isLookedAt(basename(path), stats.isFile() ? 'file' : 'folder'),
    });
    const tell = (): void => subscriber.next(undefined);
    this.#watchers.add(watcher.on('ready', tell).on('all', tell));
    return () => void watcher.close();
  });

  async close(): Promise<void> {
    await Promise.all([...this.#watchers].map((watcher) => watcher.close()));
  }
}
