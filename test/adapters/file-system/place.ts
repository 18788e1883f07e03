import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Clock, type JsonObject, type StoreHealth, SystemClock } from 'koreo-kernel';
import { filter, firstValueFrom, timeout } from 'rxjs';
import { FileSystemStore } from '../../../adapters/file-system/file-system-store.js';
import { completeOptions } from '../../../adapters/file-system/options.js';
import type { FileSystem } from '../../../adapters/files/file-system.js';

/** A real folder, and the stores that a test opens on it. */
export class Place {
  readonly #stores: FileSystemStore[] = [];

  private constructor(
    /** The folder above the root: what appears here beside `root` has escaped. */
    readonly base: string,
  ) {}

  static async make(t?: ExecutionContext): Promise<Place> {
    const base = await realpath(await mkdtemp(join(tmpdir(), 'koreo-files-')));
    const place = new Place(base);
    await mkdir(place.root);
    t?.teardown(() => place.dispose());
    return place;
  }

  get root(): string {
    return join(this.base, 'root');
  }

  open(
    options: JsonObject = {},
    { fileSystem, clock = new SystemClock() }: { fileSystem?: FileSystem; clock?: Clock } = {},
  ): FileSystemStore {
    const context = { name: 'files', baseDirectory: this.base, clock };
    const store = new FileSystemStore(context, completeOptions({ root: 'root', ...options }), fileSystem);
    this.#stores.push(store);
    return store;
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  remove(path: string): Promise<void> {
    return rm(join(this.root, path));
  }

  /** Every file below the root, hidden ones too, in order. */
  async files(): Promise<readonly string[]> {
    const entries = await readdir(this.root, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1))
      .sort();
  }

  /** What the author's files are called: none of the store's own. */
  async manifests(): Promise<readonly string[]> {
    return (await this.files()).filter((path) => !path.startsWith('.koreo/'));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#stores.map((store) => store.close()));
    await rm(this.base, { recursive: true, force: true });
  }
}

/** The next health of a store that fulfils the wish; fails after ten seconds. */
export function healthOf(store: FileSystemStore, wish: (health: StoreHealth) => boolean): Promise<StoreHealth> {
  return firstValueFrom(store.health.pipe(filter(wish), timeout(10_000)));
}

/** A manifest of a kind that nobody declared. */
export function thing(name: string, spec: string, namespace = 'default'): string {
  return `apiVersion: example.org/v1\nkind: Thing\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec: ${spec}\n`;
}

export const THING = { apiVersion: 'example.org/v1', kind: 'Thing' } as const;

/** The reference to what {@link thing} makes. */
export function thingRef(name: string, namespace = 'default') {
  return { ...THING, name, namespace };
}
