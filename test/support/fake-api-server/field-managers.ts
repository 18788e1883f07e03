import { equalJson, isObject, type Json, type JsonObject } from 'koreo-kernel';
import { ApiError, type Cause } from './api-error.js';
import { type ApiObject, jsonOf, type ManagedFieldsEntry } from './api-object.js';
import { type FieldPath, FieldSet, fieldAt, type ListTypes, mergeFields, removeField } from './field-set.js';
import type { ServedKind } from './served-kind.js';

/** Who writes, and how. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  readonly time: string;
}

interface Managed {
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldSet;
}

/** Metadata that is the server's own, and belongs to no manager. */
const SYSTEM = new Set([
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/** How lists of this kind merge. */
export function listTypesOf(kind: ServedKind): ListTypes {
  return (path) => {
    if (path === 'metadata.finalizers') return 'set';
    if (path === 'metadata.ownerReferences') return ['uid'];
    return kind.listType?.(path);
  };
}

/**
 * Server-side apply: what is applied is merged in, what this manager applied before and nobody else holds goes away, and
 * what others hold with another value is a conflict, unless it is forced.
 * @throws ApiError 409 with a cause for each conflict
 */
export function applyFields(
  kind: ServedKind,
  live: ApiObject | undefined,
  applied: ApiObject,
  { writer, force }: { readonly writer: Writer; readonly force: boolean },
): ApiObject {
  const listTypes = listTypesOf(kind);
  const wanted = ownable(jsonOf(applied));
  const fields = FieldSet.of(wanted, listTypes);
  const managed = managedOf(live);
  const own = managed.find(({ entry }) => isSame(entry, writer));
  const others = managed.filter((one) => one !== own);
  const differs = (path: FieldPath) => !equalJson(fieldAt(wanted, path), live && fieldAt(jsonOf(live), path));
  const isItem = (path: FieldPath) => path.at(-1)?.startsWith('k:') ?? false;
  const contested = (fieldSet: FieldSet) =>
    fieldSet.filter((path) => fields.has(path) && !isItem(path) && differs(path));
  if (!force) refuseConflicts(others, contested);
  const rest = others.map((one) => ({ ...one, fields: one.fields.without(contested(one.fields)) }));

  const { apiVersion, kind: type, metadata } = applied;
  const base = live ?? { apiVersion, kind: type, metadata: { name: metadata.name } };
  const merged = structuredClone(mergeFields(jsonOf(base), wanted, listTypes)) as unknown as ApiObject;
  const gone = own?.fields.without(fields).paths() ?? [];
  // An item before its fields: without those that it is known by it would not be found.
  for (const path of gone.toSorted((a, b) => a.length - b.length)) {
    const isHeld = rest.some((one) => one.fields.paths().some((other) => path.every((step, at) => other[at] === step)));
    if (!isHeld) removeField(jsonOf(merged), path);
  }
  const lastTime = own?.fields.equals(fields) ? own.entry.time : undefined;
  const time = lastTime ?? writer.time;
  return withManaged(merged, [{ entry: entryOf({ ...writer, time }), fields }, ...rest]);
}

/** Notes who changed what in an update or a patch. An empty list of managers, or a changed one, is taken as it is given. */
export function trackUpdate(
  kind: ServedKind,
  {
    before,
    after,
    writer,
  }: { readonly before: ApiObject | undefined; readonly after: ApiObject; readonly writer: Writer },
): ApiObject {
  const listTypes = listTypesOf(kind);
  const [from, to] = [ownable(before ? jsonOf(before) : {}), ownable(jsonOf(after))];
  const [was, is] = [FieldSet.of(from, listTypes), FieldSet.of(to, listTypes)];
  const changed = is.filter((path) => !was.has(path) || !equalJson(fieldAt(from, path), fieldAt(to, path)));
  const given = after.metadata.managedFields;
  const isReset = given?.length === 1 && given[0] !== undefined && Object.keys(given[0]).length === 0;
  if (isReset) return withManaged(after, []);
  const managed = managedOf(given !== undefined && given.length > 0 ? after : before);
  const own = managed.find(({ entry }) => isSame(entry, writer));
  const others = managed
    .filter((one) => one !== own)
    .map((one) => ({ ...one, fields: kept(one.fields, is).without(changed) }));
  const fields = kept(own?.fields ?? new FieldSet(), is).with(changed);
  const lastTime = changed.size === 0 && own?.fields.equals(fields) ? own.entry.time : undefined;
  const time = lastTime ?? writer.time;
  return withManaged(after, [...others, { entry: entryOf({ ...writer, time }), fields }]);
}

/** Whether two objects differ in more than the times of their managers. */
export function isSameObject(a: ApiObject, b: ApiObject): boolean {
  const bare = (object: ApiObject): Json => {
    const { managedFields = [], ...metadata } = object.metadata;
    const managers = managedFields.map(({ time: _, ...entry }) => entry);
    return { ...object, metadata: { ...metadata, managedFields: managers } } as unknown as Json;
  };
  return equalJson(bare(a), bare(b));
}

/** What of a set is still there. */
function kept(fields: FieldSet, present: FieldSet): FieldSet {
  const paths = present.paths();
  return fields.filter((path) => paths.some((other) => path.every((step, at) => other[at] === step)));
}

function refuseConflicts(others: readonly Managed[], contested: (fields: FieldSet) => FieldSet): void {
  const causes = others.flatMap(({ entry, fields }): Cause[] => {
    const who = entry.operation === 'Apply' ? `"${entry.manager}"` : `"${entry.manager}" using ${entry.apiVersion}`;
    const paths = contested(fields).paths();
    return paths.map((path) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${who}`,
      field: shownPath(path),
    }));
  });
  if (causes.length === 0) return;
  const text = causes.map(({ message, field }) => `${message}: ${field}`).join('; ');
  const title = `Apply failed with ${causes.length} conflict${causes.length === 1 ? '' : 's'}`;
  throw new ApiError(409, `${title}: ${text}`, { causes });
}

/** `.spec.template.spec.containers[name="web"].image`. */
function shownPath(path: FieldPath): string {
  const parts = path.map((element) => {
    if (element.startsWith('f:')) return `.${element.slice(2)}`;
    if (element.startsWith('v:')) return `[=${element.slice(2)}]`;
    const keys = Object.entries(JSON.parse(element.slice(2)) as Record<string, Json>);
    return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
  });
  return parts.join('');
}

function ownable(value: Json): JsonObject {
  if (!isObject(value)) return {};
  const { apiVersion: _, kind: __, metadata, ...rest } = value;
  const own = isObject(metadata) ? Object.entries(metadata).filter(([key]) => !SYSTEM.has(key)) : [];
  return own.length === 0 ? rest : { ...rest, metadata: Object.fromEntries(own) };
}

function managedOf(object: ApiObject | undefined): readonly Managed[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({
    entry,
    fields: FieldSet.fromFieldsV1(entry.fieldsV1 ?? {}),
  }));
}

function isSame(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    entry.apiVersion === writer.apiVersion &&
    (entry.subresource ?? '') === (writer.subresource ?? '')
  );
}

function entryOf({ manager, operation, apiVersion, time, subresource }: Writer): ManagedFieldsEntry {
  return { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', ...(subresource && { subresource }) };
}

function withManaged(object: ApiObject, managed: readonly Managed[]): ApiObject {
  const entries = managed.flatMap(({ entry, fields }) =>
    fields.size === 0 ? [] : [{ ...entry, fieldsV1: fields.toFieldsV1() }],
  );
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}
