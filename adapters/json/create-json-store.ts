import { posix } from 'node:path';
import { type Clock, SystemClock } from '../../kernel/index.js';
import type { FileSystem } from '../files/file-system.js';
import { toCollections } from './collection.js';
import type { DocumentPlace } from './document-content.js';
import { DocumentKeeper } from './document-keeper.js';
import { defaultSideFile, FilePlace } from './file-place.js';
import {
  DEFAULT_MAX_BYTES,
  DEFAULT_MAX_DEPTH,
  DEFAULT_SETTLE_MS,
  type DocumentOptions,
  type FileOptions,
} from './json-options.js';
import { JsonStore } from './json-store.js';
import { MemoryPlace } from './memory-place.js';

/** What every JSON store that a program makes may be given. */
interface CommonOptions {
  /** By which routing speaks of it; `json` by default. */
  readonly name?: string;
  /** The system's by default. */
  readonly clock?: Clock;
}

/** A store on a file. */
export interface JsonFileStoreOptions extends CommonOptions, FileOptions {
  /** What paths are relative to; the current folder by default. */
  readonly baseDirectory?: string;
  /** The disk; this machine's by default. */
  readonly fileSystem?: FileSystem;
}

/** A store on an object or list in memory, which is changed in place. */
export interface JsonMemoryStoreOptions extends CommonOptions, DocumentOptions {
  readonly document: object;
  /** The records of an object in memory lie in memory too, or in its items. */
  readonly status?: { readonly inline: string };
}

/** A store on a JSON document. Does no I/O until it is first used. @throws JsonStoreOptionsError for options that contradict themselves */
export function createJsonStore(options: JsonFileStoreOptions | JsonMemoryStoreOptions): JsonStore {
  const { name = 'json', clock = new SystemClock(), maxDepth = DEFAULT_MAX_DEPTH } = options;
  const collections = toCollections(options.collections, options.status);
  const { place, document } =
    'document' in options ? memoryPlace(options, name, maxDepth) : filePlace(options, clock, maxDepth);
  const keeper = new DocumentKeeper({ place, source: { store: name, document, collections }, clock, maxDepth });
  return new JsonStore({ name, collections, keeper, clock, maxDepth });
}

interface OpenPlace {
  readonly place: DocumentPlace;
  /** What tells the document from others, in every process. */
  readonly document: string;
}

function memoryPlace({ document }: JsonMemoryStoreOptions, name: string, maxDepth: number): OpenPlace {
  return { place: new MemoryPlace(document, maxDepth), document: `memory:${name}` };
}

function filePlace(options: JsonFileStoreOptions, clock: Clock, maxDepth: number): OpenPlace {
  const { file, status, fileSystem } = options;
  const { baseDirectory = '.', maxBytes = DEFAULT_MAX_BYTES, settleMs = DEFAULT_SETTLE_MS } = options;
  const side = status === undefined ? defaultSideFile(file) : 'side' in status ? status.side : undefined;
  const place = new FilePlace({
    baseDirectory,
    file,
    ...(side !== undefined && { side }),
    clock,
    maxBytes,
    maxDepth,
    settleMs,
    ...(fileSystem && { fileSystem }),
  });
  return { place, document: `file:${posix.normalize(file.replaceAll('\\', '/'))}` };
}
