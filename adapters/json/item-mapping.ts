import {
  asJson,
  asResource,
  equalJson,
  formatPath,
  formatRef,
  getAt,
  getKey,
  hasKey,
  InvalidResourceError,
  isObject,
  type Json,
  type JsonObject,
  type Path,
  type Resource,
  refOf,
} from '../../kernel/index.js';
import type { Collection } from './collection.js';
import { fitsInline, fromInline, type ItemRecord, isEmptyRecord, itemRecord, toInline } from './item-record.js';

/** An item as it is kept: its value in the document, and its record in the side file where there is one. */
export type StoredItem = {
  readonly value: JsonObject;
  readonly side?: ItemRecord;
};

/** What a store says of a resource beside what its item holds. */
export interface ItemIdentity {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly deletionTimestamp?: string;
}

/** Fields of a resource that are never an item's own. */
const RESOURCE_FIELDS = ['apiVersion', 'kind', 'metadata', 'status'];
/** Metadata that the store says itself. */
export const IDENTITY_FIELDS: readonly string[] = ['name', 'namespace', 'uid', 'resourceVersion', 'deletionTimestamp'];

/**
 * The name that a property's value says: a text, or a number; undefined when it says none. An integer too large to be
 * held exactly says none: the name of one item would be that of its neighbour.
 */
export function nameText(value: Json | undefined): string | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The fields of an item that no resource can show, since it has others of that name. */
export function hiddenFields({ fields, inline }: Collection, item: JsonObject): readonly string[] {
  return fields === 'spec' ? [] : RESOURCE_FIELDS.filter((field) => field !== inline && hasKey(item, field));
}

/** The resource that an item is. */
export function toResource(collection: Collection, { value, side }: StoredItem, identity: ItemIdentity): Resource {
  const { info, fields, inline } = collection;
  const record = inline === undefined ? (side ?? {}) : fromInline(getKey(value, inline));
  const notFields = inline === undefined ? [] : [inline];
  return asResource({
    apiVersion: info.apiVersion,
    kind: info.kind,
    // Twice: it comes first to be read, and last so that a record that says otherwise changes no identity.
    metadata: { ...identity, ...record.metadata, ...identity },
    ...(fields === 'spec' ? { spec: copyOf(value, notFields) } : copyOf(value, [...RESOURCE_FIELDS, ...notFields])),
    ...(record.status && { status: record.status }),
  });
}

/** The resource whose item is gone while finalizers hold it: its record says all that is still known. */
export function toLeavingResource(collection: Collection, record: ItemRecord, identity: ItemIdentity): Resource {
  const { item, since } = record.leaving ?? {};
  const known = { ...identity, ...(since !== undefined && { deletionTimestamp: since }) };
  const resource = toResource(collection, { value: item ?? {}, side: record }, known);
  if (item !== undefined) return resource;
  const { spec: _unknown, ...others } = resource;
  return others;
}

/** What {@link toStored} makes an item from. */
export interface ItemDraft {
  readonly collection: Collection;
  readonly resource: Resource;
  /** The item as it is now; absent for a new one. */
  readonly before?: StoredItem;
  /** How a new item says its name. */
  readonly newName: Json;
}

/**
 * The item that a resource is to be kept as. What the item has now and no resource shows stays, and so does the type of
 * its name. @throws InvalidResourceError for a resource that an item cannot hold
 */
export function toStored(draft: ItemDraft): StoredItem {
  const { collection, resource, before } = draft;
  const hidden = before === undefined ? [] : hiddenFields(collection, before.value);
  const kept = Object.fromEntries(Object.entries(before?.value ?? {}).filter(([key]) => hidden.includes(key)));
  const value = { ...fieldsOf(draft), ...kept };
  const { name, namespace } = resource.metadata;
  // The name comes last, since each is put first.
  const spaced = withIdentity(draft, value, { path: collection.namespace, text: namespace, fresh: namespace ?? null });
  const named = withIdentity(draft, spaced, { path: collection.name, text: name, fresh: draft.newName });
  const { metadata, status } = asJson(resource);
  if (status !== undefined && !isObject(status)) throw misfit(collection, resource, 'its status is no mapping');
  const record = itemRecord(status, isObject(metadata) ? copyOf(metadata, IDENTITY_FIELDS) : undefined);
  if (collection.inline !== undefined) return { value: withInline(draft, named, collection.inline, record) };
  return isEmptyRecord(record) ? { value: named } : { value: named, side: record };
}

/** What the resource says of its item, without what is the resource's own. */
function fieldsOf({ collection, resource }: ItemDraft): JsonObject {
  const { fields, inline } = collection;
  const others = copyOf(asJson(resource), RESOURCE_FIELDS);
  const { spec = {}, ...strangers } = fields === 'spec' ? others : { spec: others };
  const names = Object.keys(strangers);
  if (names.length > 0)
    throw misfit(collection, resource, `its items are the spec of a resource; it has ${names.join(', ')}`);
  if (!isObject(spec)) throw misfit(collection, resource, 'its spec is no mapping');
  if (inline !== undefined && hasKey(spec, inline)) {
    throw misfit(
      collection,
      resource,
      `items keep their status under "${inline}", so that no field can have that name`,
    );
  }
  return spec;
}

interface IdentityProperty {
  readonly path: Path | undefined;
  readonly text: string | undefined;
  readonly fresh: Json;
}

/** The item with its name (or namespace) said where the collection says it; one that says another is refused. */
function withIdentity(
  { collection, resource, before }: ItemDraft,
  item: JsonObject,
  identity: IdentityProperty,
): JsonObject {
  const { path, text, fresh } = identity;
  if (path === undefined) return item;
  const said = getAt(item, path);
  if (said !== undefined) {
    if (nameText(said) === text) return item;
    throw misfit(collection, resource, `its ${formatPath(path)} says another name than its metadata`);
  }
  if (text === undefined) return item;
  const kept = getAt(before?.value, path);
  const whole = withProperty(item, path, nameText(kept) === text ? (kept ?? fresh) : fresh);
  if (whole === undefined)
    throw misfit(collection, resource, `${formatPath(path)} cannot be set: there is no mapping on the way`);
  return whole;
}

function withInline(draft: ItemDraft, item: JsonObject, inline: string, record: ItemRecord): JsonObject {
  const { collection, resource, before } = draft;
  if (!fitsInline(record))
    throw misfit(collection, resource, 'its status has the key "$metadata", which is the store\'s');
  const there = getKey(before?.value ?? {}, inline);
  if (there !== undefined && equalJson(fromInline(there), record)) return { ...item, [inline]: there };
  if (there !== undefined && there !== null && !isObject(there)) {
    throw misfit(
      collection,
      resource,
      `its item has something else than a status under "${inline}"; choose another property`,
    );
  }
  const value = toInline(record);
  return value === undefined ? item : { ...item, [inline]: value };
}

function misfit({ at }: Collection, resource: Resource, why: string): InvalidResourceError {
  return new InvalidResourceError(`${formatRef(refOf(resource))} does not fit into the collection at "${at}": ${why}`);
}

/** A copy with the value at the path, put first when it is new; undefined when something else than a mapping is in the way. */
function withProperty(item: JsonObject, path: Path, value: Json): JsonObject | undefined {
  const [first, ...rest] = path;
  const key = String(first);
  const there = getKey(item, key) ?? {};
  const inner = rest.length === 0 ? value : isObject(there) ? withProperty(there, rest, value) : undefined;
  if (inner === undefined) return undefined;
  return { [key]: inner, ...copyOf(item, [key]) };
}

/** Keys are copied as data, `__proto__` too. */
function copyOf(from: JsonObject, without: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !without.includes(key)));
}
