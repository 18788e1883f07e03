import {
  asResource,
  getAt,
  getKey,
  isList,
  isObject,
  isResource,
  type Json,
  type JsonObject,
  refKey,
  refOf,
} from '../../kernel/index.js';
import type { SideRecord, SideRecords } from './document-content.js';
import { IDENTITY_FIELDS } from './item-mapping.js';
import { itemRecord } from './item-record.js';

/** The text of a side file: the records as the part of each resource that its item does not hold, one on a line. */
export class SideFileFormat {
  /** Most records stay as they are from one text to the next. */
  readonly #lines = new WeakMap<SideRecord, string>();

  print(records: SideRecords): string {
    const lines = [...records.values()].map((record) => this.#line(record));
    return lines.length === 0 ? '{"resources": []}\n' : `{"resources": [\n${lines.join(',\n')}\n]}\n`;
  }

  /** The records that a side file's document holds; what is no record is passed over. */
  parse(document: Json | undefined): SideRecords {
    const resources = getAt(document, ['resources']);
    const records = (isList(resources) ? resources : []).flatMap((one) => {
      const record = toRecord(one);
      return record === undefined ? [] : [[refKey(record.ref), record] as const];
    });
    return new Map(records);
  }

  #line(record: SideRecord): string {
    const known = this.#lines.get(record);
    if (known !== undefined) return known;
    const { ref, record: parts } = record;
    const { apiVersion, kind, ...names } = ref;
    const line = JSON.stringify({ apiVersion, kind, ...parts, metadata: { ...names, ...parts.metadata } });
    this.#lines.set(record, line);
    return line;
  }
}

function toRecord(json: Json): SideRecord | undefined {
  if (!isObject(json) || !isResource(json)) return undefined;
  const metadata = getKey(json, 'metadata') as JsonObject;
  const others = Object.entries(metadata).filter(([key]) => !IDENTITY_FIELDS.includes(key));
  return {
    ref: refOf(asResource(json)),
    record: itemRecord(getKey(json, 'status'), Object.fromEntries(others), getKey(json, 'leaving')),
  };
}
