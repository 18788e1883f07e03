import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mergePatch } from 'koreo-kernel';
import {
  AlreadyExistsError,
  asJson,
  asResource,
  type CallOptions,
  ConflictError,
  type CreateOptions,
  type DeleteOptions,
  equalJson,
  type GroupVersionKind,
  gvkKey,
  type JsonObject,
  type KindInfo,
  NotFoundError,
  type Resource,
  type ResourceHandler,
  type ResourceRef,
  UnavailableError,
  type WriteOptions,
} from 'koreo-kernel/plugin';
import { checkHostName, HOST_ENTRY, HOST_ENTRY_INFO, toResource, wantedEntry } from './host-entry.js';
import { entryOf, withEntry } from './hosts-text.js';

/** Resources of kind HostEntry: lines of one hosts file. It has no watch, so that others' changes are seen by the next run. */
export class HostEntryHandler implements ResourceHandler {
  readonly name = 'host-entries';
  readonly kinds = [HOST_ENTRY];
  readonly #path: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  claims(gvk: GroupVersionKind): boolean {
    return gvkKey(gvk) === gvkKey(HOST_ENTRY);
  }

  kind(): KindInfo {
    return HOST_ENTRY_INFO;
  }

  async read({ name }: ResourceRef, { signal }: CallOptions): Promise<Resource | undefined> {
    signal?.throwIfAborted();
    return find(await this.#text(), name);
  }

  async create(target: Resource, { signal }: CreateOptions): Promise<Resource> {
    const { name } = target.metadata;
    checkHostName(name);
    const entry = wantedEntry(target);
    return this.#inTurn(signal, async () => {
      const text = await this.#text();
      if (find(text, name) !== undefined) throw new AlreadyExistsError(`${name} is in the hosts file already`);
      await this.#write(withEntry(text, name, entry));
      return toResource(name, entry);
    });
  }

  async apply(target: Resource, options: WriteOptions): Promise<Resource> {
    return this.patch({ ...HOST_ENTRY, name: target.metadata.name }, asJson(target), options);
  }

  async patch({ name }: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
    // Copied before anything is awaited: what the caller does to it afterwards is not ours.
    const change = structuredClone(patch);
    return this.#inTurn(options.signal, async () => {
      const text = await this.#text();
      const current = find(text, name);
      if (current === undefined) throw new NotFoundError(`${name} is not in the hosts file`);
      checkGuards(current, options);
      const wanted = asResource(mergePatch(asJson(current), change));
      const entry = wantedEntry(wanted);
      if (equalJson(wanted.spec, current.spec)) return current;
      await this.#write(withEntry(text, name, entry));
      return toResource(name, entry);
    });
  }

  async remove({ name }: ResourceRef, options: DeleteOptions): Promise<void> {
    await this.#inTurn(options.signal, async () => {
      const text = await this.#text();
      const current = find(text, name);
      if (current === undefined) return;
      checkGuards(current, options);
      await this.#write(withEntry(text, name, undefined));
    });
  }

  storeOf(): string {
    return this.name;
  }

  async #text(): Promise<string> {
    return readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw unavailable(error);
    });
  }

  async #write(text: string): Promise<void> {
    const draft = `${this.#path}.draft`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(draft, text);
      await rename(draft, this.#path);
    } catch (error) {
      throw unavailable(error as NodeJS.ErrnoException);
    }
  }

  /** All entries share a file: one write after the other. */
  async #inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      signal?.throwIfAborted();
      return work();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function find(text: string, name: string): Resource | undefined {
  const entry = entryOf(text, name);
  return entry === undefined ? undefined : toResource(name, entry);
}

function checkGuards({ metadata }: Resource, { uid, revision }: WriteOptions): void {
  if (uid !== undefined && uid !== metadata.uid)
    throw new ConflictError(`${metadata.name} is another entry than was read`);
  if (revision !== undefined && revision !== metadata.resourceVersion) {
    throw new ConflictError(`the entry of ${metadata.name} has changed since it was read`);
  }
}

function unavailable(error: NodeJS.ErrnoException): UnavailableError {
  return new UnavailableError(`the hosts file cannot be used: ${error.code ?? error.message}`, undefined, {
    cause: error,
  });
}
