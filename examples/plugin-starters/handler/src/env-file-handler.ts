import { mergePatch } from 'koreo-kernel';
import {
  asJson,
  asResource,
  type CallOptions,
  ConflictError,
  type CreateOptions,
  type DeleteOptions,
  type GroupVersionKind,
  gvkKey,
  type JsonObject,
  type KindInfo,
  NotFoundError,
  type Resource,
  type ResourceHandler,
  type ResourceRef,
  type StoreEvent,
  type WriteOptions,
} from 'koreo-kernel/plugin';
import type { Observable } from 'rxjs';
import { ENV_FILE, ENV_FILE_INFO, toResource, wantedVariables } from './env-file.js';
import { type WatchedFiles, watchFiles } from './env-file-watch.js';
import type { EnvFolder } from './env-folder.js';
import { withVariables } from './env-text.js';

/** When a handler looks at its files again. */
export type Polling = Omit<WatchedFiles, 'list'>;

/** Resources of kind EnvFile, each of which is a file in a folder. */
export class EnvFileHandler implements ResourceHandler {
  readonly name = 'env-files';
  readonly kinds = [ENV_FILE];
  readonly #folder: EnvFolder;
  readonly #polling: Polling;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: EnvFolder, polling: Polling) {
    this.#folder = folder;
    this.#polling = polling;
  }

  claims(gvk: GroupVersionKind): boolean {
    return gvkKey(gvk) === gvkKey(ENV_FILE);
  }

  kind(): KindInfo {
    return ENV_FILE_INFO;
  }

  async read({ name }: ResourceRef, { signal }: CallOptions): Promise<Resource | undefined> {
    signal?.throwIfAborted();
    const text = await this.#folder.read(name);
    return text === undefined ? undefined : toResource(name, text);
  }

  async create(target: Resource, { signal }: CreateOptions): Promise<Resource> {
    const { metadata } = target;
    const text = withVariables('', wantedVariables(target));
    return this.#inTurn(signal, async () => {
      await this.#folder.create(metadata.name, text);
      return toResource(metadata.name, text);
    });
  }

  /** Makes the fields of the target so; what it does not speak of stays. */
  async apply(target: Resource, options: WriteOptions): Promise<Resource> {
    return this.patch({ ...ENV_FILE, name: target.metadata.name }, asJson(target), options);
  }

  async patch({ name }: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
    // Copied before anything is awaited: what the caller does to it afterwards is not ours.
    const change = structuredClone(patch);
    return this.#inTurn(options.signal, async () => {
      const text = await this.#folder.read(name);
      if (text === undefined) throw new NotFoundError(`there is no file ${name}.env`);
      const current = toResource(name, text);
      checkGuards(current, options);
      const wanted = wantedVariables(asResource(mergePatch(asJson(current), change)));
      const next = withVariables(text, wanted);
      if (next !== text) await this.#folder.replace(name, next);
      return toResource(name, next);
    });
  }

  async remove({ name }: ResourceRef, options: DeleteOptions): Promise<void> {
    await this.#inTurn(options.signal, async () => {
      const text = await this.#folder.read(name);
      if (text === undefined) return;
      // A file that cannot be read as variables can still be taken away, unless somebody asks for a revision of it.
      if (options.revision !== undefined || options.uid !== undefined) checkGuards(toResource(name, text), options);
      await this.#folder.remove(name);
    });
  }

  watch(): Observable<StoreEvent> {
    return watchFiles({ ...this.#polling, list: () => this.#list() });
  }

  /** No store of the deployment: owner references make no sense here, and koreo keeps account of the files itself. */
  storeOf(): string {
    return this.name;
  }

  /** A file that cannot be read as variables is no resource until it is mended. */
  async #list(): Promise<readonly Resource[]> {
    const names = await this.#folder.names();
    const found = await Promise.all(names.map((name) => this.#readable(name)));
    return found.flatMap((one) => (one === undefined ? [] : [one]));
  }

  async #readable(name: string): Promise<Resource | undefined> {
    try {
      return await this.read({ ...ENV_FILE, name }, {});
    } catch (error) {
      this.#polling.incident(error);
      return undefined;
    }
  }

  /** One write after the other, so that none comes between what another has read and what it writes. */
  async #inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      signal?.throwIfAborted();
      return work();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function checkGuards({ metadata }: Resource, { uid, revision }: WriteOptions): void {
  const { name, resourceVersion } = metadata;
  if (uid !== undefined && uid !== metadata.uid) throw new ConflictError(`${name}.env is another file than was read`);
  if (revision !== undefined && revision !== resourceVersion) {
    throw new ConflictError(`${name}.env has changed since it was read`);
  }
}
