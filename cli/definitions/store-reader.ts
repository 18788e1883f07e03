import {
  defer,
  distinctUntilChanged,
  firstValueFrom,
  map,
  merge,
  type Observable,
  Subject,
  skip,
  startWith,
  switchMap,
} from 'rxjs';
import { type LoadedConfig, toKernelOptions } from '../../config/index.js';
import {
  createKernel,
  DEFINITION_KINDS,
  formatProblem,
  type Kernel,
  KOREO_API_VERSION,
  type Origin,
  refKey,
  refOf,
  type Store,
  type StoreEvent,
} from '../../kernel/index.js';
import { type Folders, fromHere, pathFromHere } from '../problems.js';
import type { DefinitionReader, FoundResources } from './definition-reader.js';
import type { FoundResource } from './definition-set.js';

/** Reads definitions from the stores that the configuration names for them, and follows their changes from then on. */
export class StoreReader implements DefinitionReader {
  /** Never started: it makes and closes the stores. */
  readonly #kernel: Kernel;
  readonly #stores: readonly Store[];
  readonly #folders: Folders;
  readonly #found = new Map<string, FoundResource>();
  readonly #changes = new Subject<unknown>();
  readonly #synced: Promise<unknown>;
  readonly #stop: () => void;

  constructor(loaded: LoadedConfig, cwd: string) {
    const { config, baseDirectory } = loaded;
    this.#kernel = createKernel(toKernelOptions(loaded));
    const names = new Set(config.definitions.map(({ store }) => store));
    this.#stores = [...this.#kernel.stores.values()].filter(({ name }) => names.has(name));
    this.#folders = { baseDirectory, cwd };
    const subscriptions = this.#stores.flatMap((store) => DEFINITION_KINDS.map((kind) => this.#follow(store, kind)));
    this.#synced = Promise.all(subscriptions.map(({ synced }) => synced));
    this.#stop = () => {
      for (const { stop } of subscriptions) stop();
    };
  }

  /** What the stores tell at first is one beginning, and no change. */
  readonly changes: Observable<unknown> = defer(() => this.#synced).pipe(
    switchMap(() => merge(this.#changes, ...this.#stores.map(problemChanges)).pipe(startWith(undefined))),
  );

  async read(): Promise<FoundResources> {
    await this.#synced;
    const health = await Promise.all(this.#stores.map((store) => firstValueFrom(store.health)));
    return {
      resources: [...this.#found.values()],
      problems: health.flatMap(({ problems }) => problems.map((problem) => fromHere(problem, this.#folders))),
    };
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#kernel.stop();
  }

  #follow(store: Store, kind: string): { readonly synced: Promise<void>; stop(): void } {
    let stop = (): void => undefined;
    const synced = new Promise<void>((resolve) => {
      const subscription = store.watch({ apiVersion: KOREO_API_VERSION, kind }).subscribe((event) => {
        if (event.type === 'synced') resolve();
        else this.#take(store.name, event);
      });
      stop = () => {
        subscription.unsubscribe();
        resolve();
      };
    });
    return { synced, stop: () => stop() };
  }

  #take(store: string, event: Exclude<StoreEvent, { type: 'synced' }>): void {
    const key = `${store}\n${refKey(refOf(event.resource))}`;
    if (event.type === 'deleted') this.#found.delete(key);
    else
      this.#found.set(key, {
        resource: event.resource,
        store,
        ...(event.origin && { origin: this.#here(event.origin) }),
      });
    this.#changes.next(undefined);
  }

  /** The origin with its file as seen from the current folder. */
  #here(origin: Origin): Origin {
    return {
      ...(origin.file === undefined ? {} : { file: pathFromHere(origin.file, this.#folders) }),
      locate: (path, within) => origin.locate?.(path, within),
      locateKey: (path) => origin.locateKey?.(path),
    };
  }
}

function problemChanges({ health }: Store): Observable<unknown> {
  const texts = health.pipe(map(({ problems }) => problems.map(formatProblem).join('\n')));
  return texts.pipe(distinctUntilChanged(), skip(1));
}
