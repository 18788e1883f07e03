import { resolve } from 'node:path';
import { InvalidResourceError, type ResourceRef, type StoreContext } from '../../kernel/index.js';
import { FileLocks } from '../files/file-lock.js';
import type { FileSystem } from '../files/file-system.js';
import { Folder } from '../files/folder.js';
import { ResourceFeed } from '../files/resource-feed.js';
import { SideRecords } from '../files/side-records.js';
import { FolderNudges } from './folder-nudges.js';
import { HeldResources } from './held-resources.js';
import { ManifestFiles } from './manifest-files.js';
import { ManifestKeeper } from './manifest-keeper.js';
import { ManifestLookup } from './manifest-lookup.js';
import { ManifestWalk } from './manifest-walk.js';
import { ManifestWriter } from './manifest-writer.js';
import type { FileSystemOptions } from './options.js';
import { fillPattern } from './path-pattern.js';
import { ResourceScope } from './resource-scope.js';

/** What a file-system store is made of. */
export interface FileSystemParts {
  readonly scope: ResourceScope;
  readonly walk: ManifestWalk;
  readonly feed: ResourceFeed;
  readonly keeper: ManifestKeeper;
  readonly nudges: FolderNudges;
  readonly lookup: ManifestLookup;
  readonly writer: ManifestWriter;
}

/** Puts the parts of a store together; does no I/O. */
export function assembleParts(
  context: StoreContext,
  options: FileSystemOptions,
  fileSystem?: FileSystem,
): FileSystemParts {
  const { clock, limits } = context;
  const { settleMs, readOnly, rescanSeconds, pattern } = options;
  const root = resolve(context.baseDirectory, options.root);
  const folder = new Folder(root, fileSystem && { fileSystem });
  const side = options.status === 'side' ? { side: new SideRecords(folder) } : {};
  const scope = new ResourceScope(options);
  const files = new ManifestFiles({ folder, scope, settleMs, shownRoot: options.root, limits });
  const walk = new ManifestWalk(folder, options.ignore, (path) => files.shown(path));
  const feed = new ResourceFeed();
  const held = new HeldResources({ walk, clock, ...side });
  const pause = (ms: number): Promise<void> => folder.fileSystem.pause(ms);
  const keeper = new ManifestKeeper({ walk, files, held, feed, clock, settleMs, readOnly, pause, ...side });
  const records = side.side && { records: side.side.path };
  const nudges = new FolderNudges({ root, walk, keeper, clock, quietMs: settleMs / 4, rescanSeconds, ...records });
  const lookup = new ManifestLookup(keeper, nudges, pattern);
  const locks = new FileLocks({ folder, clock });
  const pathOf = (ref: ResourceRef): string => newPath(pattern, ref, walk);
  const writer = new ManifestWriter({ folder, locks, files, keeper, lookup, pathOf, ...side });
  return { scope, walk, feed, keeper, nudges, lookup, writer };
}

function newPath(pattern: string, ref: ResourceRef, walk: ManifestWalk): string {
  const path = fillPattern(pattern, ref);
  if (walk.isManifestPath(path)) return path;
  throw new InvalidResourceError(`${path} would never be read: the store's option ignore leaves it out`);
}
