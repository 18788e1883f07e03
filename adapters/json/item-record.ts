import { getKey, isList, isObject, type Json, type JsonObject } from '../../kernel/index.js';

/** What is kept of a resource beside its item's own fields: what the kernel tells, and metadata that items have no place for. */
export type ItemRecord = {
  readonly status?: JsonObject;
  /** Labels, annotations, owner references, finalizers and what else metadata may hold; never name, namespace, uid and revision. */
  readonly metadata?: JsonObject;
  /** What is left of the item when somebody has taken it away while finalizers hold it. Means nothing while it is there. */
  readonly leaving?: Leaving;
};

export type Leaving = {
  /** When that was noticed; RFC 3339, UTC. */
  readonly since: string;
  /** What the item said last; absent where nobody looked while it was there, and of Secrets. */
  readonly item?: JsonObject;
};

/** The key of a record's metadata among the status' own, where both lie under one property. */
const INLINE_METADATA = '$metadata';

/** The record with these parts; parts without content are left out. */
export function itemRecord(status: Json | undefined, metadata: Json | undefined, leaving?: Json): ItemRecord {
  const [since, item] = isObject(leaving) ? [getKey(leaving, 'since'), getKey(leaving, 'item')] : [];
  return {
    ...(hasContent(status) && { status }),
    ...(hasContent(metadata) && { metadata }),
    ...(typeof since === 'string' && { leaving: { since, ...(isObject(item) && { item }) } }),
  };
}

/** The record of an item that is there (again). */
export function withoutLeaving(record: ItemRecord): ItemRecord {
  const { leaving, ...others } = record;
  return leaving === undefined ? record : others;
}

/** Whether a record has finalizers, which hold its resource when its item goes. */
export function isHolding(record: ItemRecord | undefined): record is ItemRecord {
  const finalizers = getKey(record?.metadata ?? {}, 'finalizers');
  return isList(finalizers) && finalizers.length > 0;
}

function hasContent(part: Json | undefined): part is JsonObject {
  return isObject(part) && Object.keys(part).length > 0;
}

/** The record as an item holds it under one property: the status, and the metadata under `$metadata` in it. */
export function toInline({ status, metadata }: ItemRecord): JsonObject | undefined {
  if (metadata === undefined) return status;
  return { ...status, [INLINE_METADATA]: metadata };
}

/** The record that an item holds under one property. */
export function fromInline(inline: Json | undefined): ItemRecord {
  if (!isObject(inline)) return {};
  const metadata = getKey(inline, INLINE_METADATA);
  if (metadata === undefined) return itemRecord(inline, undefined);
  const entries = Object.entries(inline).filter(([key]) => key !== INLINE_METADATA);
  return itemRecord(Object.fromEntries(entries), metadata);
}

/** Whether a status can be kept inline: it must not use the key that the metadata has. */
export function fitsInline({ status }: ItemRecord): boolean {
  return status === undefined || getKey(status, INLINE_METADATA) === undefined;
}

/** Whether there is nothing to keep. */
export function isEmptyRecord({ status, metadata }: ItemRecord): boolean {
  return status === undefined && metadata === undefined;
}
