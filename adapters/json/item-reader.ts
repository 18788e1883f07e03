import {
  equalJson,
  formatPath,
  getAt,
  gvkKey,
  isObject,
  type Json,
  type JsonObject,
  type Path,
  type Problem,
  type ResourceRef,
  refKey,
} from '../../kernel/index.js';
import type { Collection } from './collection.js';
import type { Container } from './container.js';
import type { DocumentContent } from './document-content.js';
import { type Entry, toEntry, toLeavingEntry } from './entry.js';
import { hiddenFields, nameText, type StoredItem } from './item-mapping.js';
import { isHolding, withoutLeaving } from './item-record.js';

/** What an {@link ItemReader} reads for. */
export interface ItemReaderOptions {
  readonly store: string;
  /** What tells the document from others. */
  readonly document: string;
  readonly content: DocumentContent;
  /** Entries that were there before, by `refKey`; those that are as they were are used again. */
  readonly before: ReadonlyMap<string, Entry> | undefined;
}

/** Finds the resources of a document, and what is wrong with items that are none. Of two items of one name the first counts. */
export class ItemReader {
  /** By `refKey`. */
  readonly entries = new Map<string, Entry>();
  readonly problems: Problem[] = [];
  readonly #options: ItemReaderOptions;

  constructor(options: ItemReaderOptions) {
    this.#options = options;
  }

  /** The collection's entries by their key or index in the container, in the document's order. */
  read(collection: Collection, container: Container): ReadonlyMap<string | number, Entry> {
    if (container.type === 'blocked') {
      this.#complain(
        'collection-shape',
        container.path,
        `"${collection.at}" leads to no collection: ${container.reason}`,
      );
    }
    if (container.type !== 'there') return new Map();
    const { value, path } = container;
    for (const key of this.#options.content.doubledKeys(path)) {
      this.#complain('item-duplicate', [...path, key], `the key "${key}" is there twice; the last counts`);
    }
    const members: readonly (readonly [string | number, Json])[] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value);
    return new Map(
      members.flatMap(([key, item]) => {
        const entry = this.#readItem(collection, [...path, key], item);
        return entry === undefined ? [] : [[key, entry] as const];
      }),
    );
  }

  #readItem(collection: Collection, path: Path, item: Json): Entry | undefined {
    if (!isObject(item)) return this.#complain('item-shape', path, 'this item is no mapping, and is ignored');
    const ref = this.#refOf(collection, path, item);
    if (ref === undefined) return undefined;
    const key = refKey(ref);
    if (this.entries.has(key)) {
      return this.#complain(
        'item-duplicate',
        path,
        `another ${ref.kind} before this one has its name; this one is ignored`,
      );
    }
    this.#remark(collection, path, item);
    const record = this.#options.content.records.get(key)?.record;
    const side = record && withoutLeaving(record);
    const entry = this.#entry(collection, ref, side === undefined ? { value: item } : { value: item, side });
    this.entries.set(key, entry);
    return entry;
  }

  /**
   * The resources of a collection that records hold without an item. What nobody has put on record as leaving is as it
   * was known; where it was not, it is not seen before that is done.
   */
  readHeld(collection: Collection): readonly Entry[] {
    const { content, before, document } = this.#options;
    const held: Entry[] = [];
    for (const [key, { ref, record }] of content.records) {
      if (gvkKey(ref) !== gvkKey(collection.info) || this.entries.has(key) || !isHolding(record)) continue;
      const known = before?.get(key);
      const isSame = known?.isLeaving === true && equalJson(known.stored.side, record);
      const entry = record.leaving === undefined || isSame ? known : toLeavingEntry(collection, ref, record, document);
      if (entry !== undefined) held.push(entry);
    }
    for (const entry of held) this.entries.set(refKey(entry.ref), entry);
    return held;
  }

  #refOf({ info, name, namespace }: Collection, path: Path, item: JsonObject): ResourceRef | undefined {
    const { apiVersion, kind } = info;
    const said = name === undefined ? String(path.at(-1)) : nameText(getAt(item, name));
    if (said === undefined || said === '') {
      const where = name === undefined ? 'its key' : formatPath(name);
      return this.#complain(
        'item-name',
        path,
        `this item has no name (${where}: a text, or a number of up to 15 digits), and is ignored`,
      );
    }
    const space = namespace && nameText(getAt(item, namespace));
    return { apiVersion, kind, name: said, ...(space !== undefined && { namespace: space }) };
  }

  /** What is wrong with an item that counts nonetheless. */
  #remark(collection: Collection, path: Path, item: JsonObject): void {
    const { inline, at } = collection;
    for (const field of hiddenFields(collection, item)) {
      this.#complainOnce(
        'item-field',
        [...path, field],
        `items at "${at}" have the field ${field}, which resources use otherwise: it is left alone and not shown; \`fields: spec\` shows it`,
      );
    }
    const status = inline === undefined ? undefined : getAt(item, [inline]);
    if (inline !== undefined && status !== undefined && status !== null && !isObject(status)) {
      this.#complainOnce(
        'item-field',
        [...path, inline],
        `items at "${at}" have something else than a status under "${inline}": choose another property for \`status.inline\``,
      );
    }
  }

  #entry(collection: Collection, ref: ResourceRef, stored: StoredItem): Entry {
    const { before, document } = this.#options;
    const known = before?.get(refKey(ref));
    const same = known?.collection === collection && equalJson(known.stored, stored);
    return same ? known : toEntry(collection, ref, stored, document);
  }

  #complain(code: string, path: Path, message: string): undefined {
    const { store, content } = this.#options;
    const { file } = content;
    const location = { path, ...(file !== undefined && { file }), ...content.locate(path) };
    this.problems.push({ code, message, store, location });
  }

  /** For what all items of a collection may have in common: the first says it. */
  #complainOnce(code: string, path: Path, message: string): void {
    if (!this.problems.some((problem) => problem.message === message)) this.#complain(code, path, message);
  }
}
