import { getKey, isObject, type Json, type JsonObject } from '../../kernel/index.js';

/** What is kept of a resource beside its item's own fields: what the kernel tells, and metadata that items have no place for. */
export type ItemRecord = {
  readonly status?: JsonObject;
  /** Labels, annotations, owner references, finalizers and what else metadata may hold; never name, namespace, uid and revision. */
  readonly metadata?: JsonObject;
};

/** The key of a record's metadata among the status' own, where both lie under one property. */
const INLINE_METADATA = '$metadata';

/** The record with these parts; parts without content are left out. */
export function itemRecord(status: Json | undefined, metadata: Json | undefined): ItemRecord {
  return {
    ...(hasContent(status) && { status }),
    ...(hasContent(metadata) && { metadata }),
  };
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
