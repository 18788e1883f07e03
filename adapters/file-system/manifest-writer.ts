import {
  AlreadyExistsError,
  asJson,
  asResource,
  type CallOptions,
  ConflictError,
  equalJson,
  formatRef,
  getAt,
  InvalidResourceError,
  isObject,
  isResource,
  type JsonObject,
  mergePatch,
  NotFoundError,
  type Resource,
  type ResourceRef,
  refKey,
  type StatusPatch,
  UnavailableError,
  type WriteOptions,
} from '../../kernel/index.js';
import { FileChangedError } from '../files/file-errors.js';
import type { FileLocks, StillHeld } from '../files/file-lock.js';
import type { FileContent, Folder } from '../files/folder.js';
import { isHolding, patchedRecord, type SideRecord, type SideRecords, withLeaving } from '../files/side-records.js';
import type { LocatedDocument, ParsedManifest } from './manifest.js';
import type { ManifestFiles } from './manifest-files.js';
import type { ManifestKeeper } from './manifest-keeper.js';
import type { ManifestLookup } from './manifest-lookup.js';
import { withDocument, withNewDocument, withoutDocument } from './manifest-text.js';
import { changingPart } from './merge-change.js';
import { newManifest } from './new-manifest.js';
import { authorsPart, STORE_FIELDS, viewOf } from './resource-identity.js';

/** What a {@link ManifestWriter} works with. */
export interface WriterParts {
  readonly folder: Folder;
  readonly locks: FileLocks;
  readonly files: ManifestFiles;
  readonly keeper: ManifestKeeper;
  readonly lookup: ManifestLookup;
  /** Absent when status is kept in the manifests. */
  readonly side?: SideRecords;
  /** The path of a new resource's file. @throws InvalidResourceError when it would not be read again */
  readonly pathOf: (ref: ResourceRef) => string;
}

/** A document, read under its file's lock, on which a change is computed. */
interface OpenDocument {
  readonly path: string;
  readonly content: FileContent;
  readonly parsed: ParsedManifest;
  readonly at: LocatedDocument;
  /** As it lies on the disk. */
  readonly kept: SideRecord | undefined;
  /** As it counts while the document is there. */
  readonly record: SideRecord | undefined;
  /** The resource as readers see it now. */
  readonly current: Resource;
  /** To be asked right before a write takes effect. */
  readonly check: () => Promise<void>;
}

/** A resource whose document is gone while finalizers hold it, and its record, read under its file's lock. */
interface HeldDocument extends Pick<OpenDocument, 'current' | 'check'> {
  /** Where its document was. */
  readonly file: string;
  readonly record: SideRecord;
}

/** What is to be done with a resource that has a document, and with one that has none any more. */
interface Work<T> {
  open(document: OpenDocument): Promise<T>;
  held(document: HeldDocument): Promise<T>;
}

/** How often a change is computed anew because the file changed meanwhile. */
const ATTEMPTS = 20;
/** Milliseconds for which somebody else's save may not be over. */
const SAVING_MS = 20;

/** Changes manifests: reads, computes and writes under the file's lock, and again on whatever an editor saved in between. */
export class ManifestWriter {
  readonly #parts: WriterParts;
  /** The revisions of our own last writes, by path: these are whole. */
  readonly #written = new Map<string, string>();

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  async create(ref: ResourceRef, resource: Resource, { signal }: CallOptions): Promise<Resource> {
    const authored = newManifest(resource);
    return this.#repeat(ref, async () => {
      const { lookup, locks } = this.#parts;
      if ((await lookup.find(ref)) !== undefined) throw alreadyExists(ref);
      const path = await this.#newPath(ref);
      return locks.run(path, (stillHeld) => this.#createAt(path, ref, authored, checkOf(stillHeld, signal)), signal);
    });
  }

  /** What is leaving, and is wanted once more, is written anew. */
  async apply(ref: ResourceRef, target: Resource, options: WriteOptions): Promise<Resource> {
    return this.#change(ref, options, {
      open: (open) => this.#patch(ref, asJson(target), open),
      held: async ({ check }) => this.#createAt(await this.#newPath(ref), ref, newManifest(target), check),
    });
  }

  async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
    return this.#change(ref, options, {
      open: (open) => this.#patch(ref, patch, open),
      held: async () => {
        throw new ConflictError(`${formatRef(ref)} is being deleted: there is nothing left to patch`);
      },
    });
  }

  async patchStatus(ref: ResourceRef, patch: StatusPatch, options: WriteOptions): Promise<Resource> {
    const { side, keeper } = this.#parts;
    const { status, annotations } = patch;
    if (side === undefined) {
      return this.patch(ref, { ...(status && { status }), ...(annotations && { metadata: { annotations } }) }, options);
    }
    return this.#change(ref, options, {
      open: async ({ path, at: { document }, kept, record, current, check }) => {
        const next = patchedRecord(record, patch, authorsPart(document.authored));
        const view = viewOf(document.authored, ref, next);
        if (equalJson(bare(view), bare(current)) && isHolding(next) === isHolding(record)) return current;
        await side.write(ref, next, { file: path, check, from: kept ?? 'none' });
        await keeper.refreshRecord(ref);
        return this.#told(ref, view);
      },
      held: async ({ record, current, file, check }) => {
        const next = patchedRecord(record, patch);
        if (next?.revision === record.revision) return current;
        const isOver = record.leaving !== undefined && !isHolding(next);
        await side.write(ref, isOver ? undefined : next, { file, check, from: record });
        await keeper.refreshRecord(ref);
        return keeper.held(ref) ?? withoutFinalizers(current);
      },
    });
  }

  async delete(ref: ResourceRef, options: WriteOptions): Promise<void> {
    const { folder, keeper, side } = this.#parts;
    const open = async ({ path, content, at, parsed, check }: OpenDocument): Promise<void> => {
      const text = withoutDocument(content.text, at, parsed);
      if (text === undefined) await folder.remove(path, content, check);
      else this.#written.set(path, (await folder.replace(path, text, content, check)).revision);
      await keeper.refreshAfterDelete([path], ref);
      // Another document of the same resource may have taken its place, or finalizers hold it.
      if (keeper.index.find(refKey(ref)) === undefined && keeper.held(ref) === undefined) await side?.remove(ref);
    };
    const held = (): Promise<void> => keeper.refreshAfterDelete([], ref);
    await this.#change(ref, options, { open, held }).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
  }

  async #createAt(path: string, ref: ResourceRef, authored: JsonObject, check: () => Promise<void>): Promise<Resource> {
    const { folder, files, keeper, side } = this.#parts;
    const content = await folder.read(path);
    const parsed = files.parse(path, content?.text ?? '');
    if (parsed.documents.some(({ document }) => document.key === refKey(ref))) throw alreadyExists(ref);
    if (parsed.broken) throw brokenFile(files.shown(path));
    const text = withNewDocument(path, content?.text ?? '', parsed, authored);
    // What was told about a resource of this name that went away unseen is not about this one, unless it may not go yet.
    if (!isHolding(await side?.read(ref))) await side?.remove(ref);
    const written =
      content === undefined ? await folder.create(path, text, check) : await folder.replace(path, text, content, check);
    this.#written.set(path, written.revision);
    await keeper.refresh([path]);
    return this.#told(ref, viewOf(authored, ref, undefined));
  }

  async #patch(ref: ResourceRef, patch: JsonObject, open: OpenDocument): Promise<Resource> {
    const { path, content, at, current, check } = open;
    const authored = patchedAuthored(at.document.authored, current, withoutStoreFields(patch), ref);
    if (equalJson(authored, at.document.authored)) return current;
    await this.#replace(path, content, withDocument(path, content.text, at, authored), check);
    return this.#told(ref, viewOf(authored, ref, open.record));
  }

  /** Where the file system itself says that the new file is: letters may be of another case than asked for. */
  async #newPath(ref: ResourceRef): Promise<string> {
    const { pathOf, folder, keeper } = this.#parts;
    const path = pathOf(ref);
    const canonical = await folder.canonicalPath(path);
    return keeper.index.manifest(canonical) === undefined ? path : canonical;
  }

  /** Does the work on the resource as it is on the disk, under its file's lock. @throws NotFoundError, ConflictError */
  async #change<T>(ref: ResourceRef, options: WriteOptions, work: Work<T>): Promise<T> {
    const { lookup, locks } = this.#parts;
    return this.#repeat(ref, async () => {
      const located = await lookup.find(ref);
      if (located === undefined) return this.#changeHeld(ref, options, work.held);
      const { signal } = options;
      const open = async (stillHeld: StillHeld): Promise<T> => {
        const document = await this.#open(ref, located.path, checkOf(stillHeld, signal));
        checkGuards(ref, document.current, options);
        return work.open(document);
      };
      return locks.run(located.path, open, signal);
    });
  }

  async #changeHeld<T>(ref: ResourceRef, options: WriteOptions, work: Work<T>['held']): Promise<T> {
    const { locks, keeper, side, pathOf } = this.#parts;
    const file = side?.kept(ref)?.file ?? pathOf(ref);
    const { signal } = options;
    const run = async (stillHeld: StillHeld): Promise<T> => {
      await keeper.refreshRecord(ref);
      if (keeper.index.find(refKey(ref)) !== undefined) throw new FileChangedError(`${formatRef(ref)} is there again`);
      const record = side?.peek(ref);
      const current = keeper.held(ref);
      if (current === undefined || record === undefined) throw notFound(ref);
      checkGuards(ref, current, options);
      return work({ file, record, current, check: checkOf(stillHeld, signal) });
    };
    // Locks are files too: none is made for what is not there.
    if (keeper.held(ref) === undefined) throw notFound(ref);
    return locks.run(file, run, signal);
  }

  async #open(ref: ResourceRef, path: string, check: () => Promise<void>): Promise<OpenDocument> {
    const { folder, files, side, keeper } = this.#parts;
    const content = await folder.read(path);
    if (content === undefined) throw new FileChangedError(`${path} is gone`);
    await this.#waitForSave(path, content);
    const parsed = files.parse(path, content.text);
    const at = parsed.documents.find(({ document }) => document.key === refKey(ref));
    if (at === undefined) {
      if (parsed.broken || parsed.count === 0) throw brokenFile(files.shown(path));
      await keeper.refresh([path]);
      throw new FileChangedError(`${formatRef(ref)} is no longer in ${path}`);
    }
    const kept = await side?.read(ref);
    const record = kept?.leaving === undefined ? kept : withLeaving(kept);
    const current = viewOf(at.document.authored, ref, record);
    return { path, content, parsed, at, kept, record, current, check };
  }

  /** Somebody who is saving right now may not have written all; he is given the time. */
  async #waitForSave(path: string, { revision, stat }: FileContent): Promise<void> {
    const { fileSystem } = this.#parts.folder;
    if (this.#written.get(path) === revision) return;
    const age = fileSystem.now() - stat.changedAt;
    if (age < 0 || age >= SAVING_MS) return;
    await fileSystem.pause(SAVING_MS - age);
    const now = await this.#parts.folder.read(path);
    if (now?.revision !== revision) throw new FileChangedError(`${path} is being saved`);
  }

  async #replace(path: string, content: FileContent, text: string, check: () => Promise<void>): Promise<void> {
    const { folder, keeper } = this.#parts;
    const written = await folder.replace(path, text, content, check);
    this.#written.set(path, written.revision);
    await keeper.refresh([path]);
  }

  /** What readers were told, so that all are given the same. */
  #told(ref: ResourceRef, made: Resource): Resource {
    const { keeper } = this.#parts;
    const located = keeper.index.find(refKey(ref));
    return located === undefined ? made : keeper.view(located);
  }

  async #repeat<T>(ref: ResourceRef, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof FileChangedError)) throw error;
        if (attempt === ATTEMPTS) {
          throw new UnavailableError(`the file of ${formatRef(ref)} changes all the time: ${error.message}`, 1, {
            cause: error,
          });
        }
      }
    }
  }
}

/** The author's document with a patch made to it. @throws InvalidResourceError when it would be another resource */
function patchedAuthored(authored: JsonObject, current: Resource, patch: JsonObject, ref: ResourceRef): JsonObject {
  const wanted = mergePatch(asJson(current), patch);
  const { metadata } = asResource(wanted);
  const isSame =
    isResource(wanted) &&
    wanted.apiVersion === ref.apiVersion &&
    wanted.kind === ref.kind &&
    metadata.name === ref.name &&
    metadata.namespace === ref.namespace;
  if (isSame) return mergePatch(authored, changingPart(patch, asJson(current)));
  throw new InvalidResourceError(`a patch cannot change apiVersion, kind, name or namespace of ${formatRef(ref)}`);
}

function withoutStoreFields(patch: JsonObject): JsonObject {
  const metadata = getAt(patch, ['metadata']);
  if (!isObject(metadata)) return patch;
  const kept = Object.entries(metadata).filter(([key]) => !STORE_FIELDS.some((field) => field === key));
  return { ...patch, metadata: Object.fromEntries(kept) };
}

/** The resource without its revision. */
function bare({ metadata: { resourceVersion: _revision, ...metadata }, ...rest }: Resource): JsonObject {
  return asJson({ ...rest, metadata } as Resource);
}

function checkOf(stillHeld: StillHeld, signal: AbortSignal | undefined): () => Promise<void> {
  return async () => {
    await stillHeld();
    signal?.throwIfAborted();
  };
}

function checkGuards(ref: ResourceRef, { metadata }: Resource, { uid, revision }: WriteOptions): void {
  if (uid !== undefined && uid !== metadata.uid) {
    throw new ConflictError(`${formatRef(ref)} is another object than the one that was read: its uid differs`);
  }
  if (revision !== undefined && revision !== metadata.resourceVersion) {
    throw new ConflictError(`${formatRef(ref)} has changed since it was read`);
  }
}

/** What is answered when nothing holds a resource any more. */
function withoutFinalizers(resource: Resource): Resource {
  const { finalizers: _finalizers, ...metadata } = resource.metadata;
  return { ...resource, metadata };
}

function notFound(ref: ResourceRef): NotFoundError {
  return new NotFoundError(`${formatRef(ref)} does not exist`);
}

function alreadyExists(ref: ResourceRef): AlreadyExistsError {
  return new AlreadyExistsError(`${formatRef(ref)} exists already`);
}

function brokenFile(path: string): UnavailableError {
  return new UnavailableError(
    `${path} cannot be read as it is now, so nothing is written to it: mend it, or let it be saved`,
  );
}
