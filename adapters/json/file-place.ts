import { basename, dirname, join, resolve } from 'node:path';
import { filter, map, merge, type Observable } from 'rxjs';
import { type Clock, equalJson, isList, type Json } from '../../kernel/index.js';
import { FileLocks, type StillHeld } from '../files/file-lock.js';
import type { FileSystem } from '../files/file-system.js';
import { Folder } from '../files/folder.js';
import { watchFolder } from '../files/folder-watch.js';
import { printJson } from '../files/json-printer.js';
import { JsonText } from '../files/json-text.js';
import type { ListPlans } from '../files/member-plan.js';
import type { DocumentChange, DocumentContent, DocumentPlace, SideRecords } from './document-content.js';
import { FileContent } from './file-content.js';
import { JsonFile, type JsonFileState } from './json-file.js';
import { SideFileFormat } from './side-file.js';

/** How a {@link FilePlace} is made. Paths are relative to the base directory. */
export interface FilePlaceOptions {
  readonly baseDirectory: string;
  readonly file: string;
  /** The file of the records; absent where they lie in the items. */
  readonly side?: string;
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly settleMs: number;
  readonly fileSystem?: FileSystem;
}

/** Side files are nested a little deeper than what they hold. */
const SIDE_DEPTH = 4;

/** Where records are kept unless the configuration says: beside the document, in the folder `.koreo`. */
export function defaultSideFile(file: string): string {
  return join(dirname(file), '.koreo', `${basename(file, '.json')}.status.json`);
}

/** A document in a file, and its records in another. */
export class FilePlace implements DocumentPlace {
  readonly changes: Observable<void>;
  readonly #shownPath: string;
  readonly #maxDepth: number;
  readonly #file: JsonFile;
  readonly #side: JsonFile | undefined;
  readonly #sideFormat = new SideFileFormat();
  readonly #locks: FileLocks;
  #stillHeld: StillHeld | undefined;
  #content: FileContent | undefined;

  constructor(options: FilePlaceOptions) {
    const { file, side, clock, maxDepth } = options;
    this.#shownPath = file;
    this.#maxDepth = maxDepth;
    this.#file = openFile(options, file, maxDepth);
    this.#side = side === undefined ? undefined : openFile(options, side, maxDepth + SIDE_DEPTH);
    this.#locks = new FileLocks({ folder: folderOf(options, file), clock });
    this.changes = merge(...[file, ...(side === undefined ? [] : [side])].map((path) => watchFile(options, path)));
  }

  async read(): Promise<DocumentContent> {
    const file = await this.#file.read();
    const side = await this.#side?.read();
    const known = this.#content;
    if (known !== undefined && known.state === file && known.side === side) return known;
    const records = known?.side === side ? known?.records : this.#sideFormat.parse(side?.document?.value);
    return this.#keep(file, side, records ?? new Map());
  }

  async write({ value, plans, records }: DocumentChange): Promise<DocumentContent> {
    const known = this.#content;
    if (known === undefined) throw new Error('unreachable: a change is made of what was read');
    let { state: file, side } = known;
    // A record without its item is passed over; an item without its record would have lost what it is known by.
    if ([...records].some(([key, record]) => known.records.get(key) !== record)) {
      side = await this.#writeRecords(new Map([...known.records, ...records]));
    }
    if (value !== known.value)
      file = await this.#file.write(reprint(file, value, plans, this.#maxDepth), this.#stillHeld);
    if ([...known.records.keys()].some((key) => !records.has(key))) side = await this.#writeRecords(records);
    return this.#keep(file, side, records);
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    // By its name in the folder, however the configurations of several processes lead there.
    return this.#locks.run(basename(this.#shownPath), async (stillHeld) => {
      this.#stillHeld = stillHeld;
      return work();
    });
  }

  async #writeRecords(records: SideRecords): Promise<JsonFileState | undefined> {
    const text = JsonText.parse(this.#sideFormat.print(records), this.#maxDepth + SIDE_DEPTH);
    return this.#side?.write(text, this.#stillHeld);
  }

  #keep(file: JsonFileState, side: JsonFileState | undefined, records: SideRecords): DocumentContent {
    this.#content = new FileContent(this.#shownPath, file, side, records);
    return this.#content;
  }
}

/** @throws Error when the text would not say what is meant: then nothing is written, and no user's data is lost to a defect */
function reprint({ document }: JsonFileState, value: Json, plans: ListPlans, maxDepth: number): JsonText {
  const before = document ?? JsonText.parse(isList(value) ? '[]\n' : '{}\n', 1);
  const after = JsonText.parse(printJson(before, value, plans), maxDepth);
  if (equalJson(after.value, value)) return after;
  throw new Error('a defect of the JSON store: the text that it was about to write does not say what it should');
}

function openFile(options: FilePlaceOptions, path: string, maxDepth: number): JsonFile {
  const { clock, maxBytes, settleMs } = options;
  const folder = folderOf(options, path);
  return new JsonFile({ folder, path: basename(path), shownPath: path, clock, maxBytes, maxDepth, settleMs });
}

function folderOf({ baseDirectory, maxBytes, fileSystem }: FilePlaceOptions, path: string): Folder {
  const options = { maximumFileBytes: maxBytes, ...(fileSystem && { fileSystem }) };
  return new Folder(dirname(resolve(baseDirectory, path)), options);
}

function watchFile({ baseDirectory }: FilePlaceOptions, path: string): Observable<void> {
  return watchFolder({
    path: dirname(resolve(baseDirectory, path)),
    depth: 0,
    ignores: (folder) => folder !== '',
  }).pipe(
    filter((changed) => changed === '' || changed === basename(path)),
    map(() => undefined),
  );
}
