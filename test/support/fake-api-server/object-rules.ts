import { equalJson, type Json } from 'koreo-kernel';
import type { ApiCall } from './api-call.js';
import { type Cause, invalid } from './api-error.js';
import type { ApiObject, ObjectMeta } from './api-object.js';
import { pruned, schemaCauses } from './custom-schema.js';
import type { ServedKind } from './served-kind.js';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const QUALIFIED_NAME = /^([a-z0-9.-]+\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
/** Bytes of all annotations of an object together. */
const MOST_ANNOTATIONS = 256 * 1024;

/** The object as the server keeps it: without what its schema does not know. @throws ApiError 422 when it breaks a rule */
export function checked(kind: ServedKind, object: ApiObject): ApiObject {
  const version = object.apiVersion.split('/').at(-1) ?? '';
  const schema = kind.schemas?.[version];
  const kept = schema === undefined ? object : pruned(object, schema);
  const causes = [
    ...metadataCauses(kept),
    ...(schema === undefined ? [] : schemaCauses(kept, schema)),
    ...(kind.validate?.(kept) ?? []),
  ];
  if (causes.length > 0) throw invalid(kind, kept.metadata.name, causes);
  return kept;
}

/** Whether what is wanted of the object has changed, so that its generation counts. */
export function isNewGeneration(kind: ServedKind, before: ApiObject, after: ApiObject): boolean {
  const wanted = ({ apiVersion: _, kind: __, metadata: ___, status, ...rest }: ApiObject): Json =>
    (kind.statusSubresource ? rest : { ...rest, status }) as unknown as Json;
  return (
    kind.counted && !equalJson(JSON.parse(JSON.stringify(wanted(before))), JSON.parse(JSON.stringify(wanted(after))))
  );
}

function metadataCauses({ metadata }: ApiObject): readonly Cause[] {
  const causes: Cause[] = [];
  const refuse = (field: string, message: string) => causes.push({ reason: 'FieldValueInvalid', field, message });
  if (metadata.name.length > 253 || !SUBDOMAIN.test(metadata.name)) {
    refuse(
      'metadata.name',
      `Invalid value: "${metadata.name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    );
  }
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (!QUALIFIED_NAME.test(key))
      refuse('metadata.labels', `Invalid value: "${key}": name part must consist of alphanumeric characters`);
    if (typeof value !== 'string' || value.length > 63 || !LABEL_VALUE.test(value)) {
      refuse(
        'metadata.labels',
        `Invalid value: "${value}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'`,
      );
    }
  }
  const entries = Object.entries(metadata.annotations ?? {});
  for (const [key, value] of entries) {
    if (!QUALIFIED_NAME.test(key.toLowerCase()))
      refuse('metadata.annotations', `Invalid value: "${key}": name part must consist of alphanumeric characters`);
    if (typeof value !== 'string') refuse('metadata.annotations', 'Invalid value: must be a string');
  }
  const size = entries.reduce((sum, [key, value]) => sum + key.length + String(value).length, 0);
  if (size > MOST_ANNOTATIONS) refuse('metadata.annotations', `Too long: must have at most ${MOST_ANNOTATIONS} bytes`);
  for (const [index, owner] of (metadata.ownerReferences ?? []).entries()) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (!owner[field])
        refuse(`metadata.ownerReferences[${index}].${field}`, `Invalid value: "": ${field} must not be empty`);
    }
  }
  const controllers = (metadata.ownerReferences ?? []).filter(({ controller }) => controller === true);
  if (controllers.length > 1)
    refuse('metadata.ownerReferences', 'Invalid value: Only one reference can have Controller set to true');
  return causes;
}

/** What of an object's metadata a client cannot set, taken from what is there. @throws ApiError 422 when it tries to */
export function withSystemMetadata(kind: ServedKind, before: ApiObject, after: ApiObject): ApiObject {
  const causes: Cause[] = [];
  const refuse = (field: string, value: unknown) =>
    causes.push({
      reason: 'FieldValueInvalid',
      field,
      message: `Invalid value: ${JSON.stringify(value)}: field is immutable`,
    });
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation } = before.metadata;
  if (after.metadata.uid !== undefined && after.metadata.uid !== uid) refuse('metadata.uid', after.metadata.uid);
  const added = (after.metadata.finalizers ?? []).filter((one) => !before.metadata.finalizers?.includes(one));
  if (deletionTimestamp !== undefined && added.length > 0) {
    const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
    causes.push({ reason: 'FieldValueForbidden', field: 'metadata.finalizers', message });
  }
  if (causes.length > 0) throw invalid(kind, before.metadata.name, causes);
  const system = { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation };
  const present = Object.entries(system).filter(([, value]) => value !== undefined);
  const own = Object.entries(after.metadata).filter(([key]) => !(key in system));
  return { ...after, metadata: Object.fromEntries([...own, ...present]) as unknown as ObjectMeta };
}

/** What a write to one part of an object may change: the main one everything but the status, `/status` nothing else. */
export function ofPart(
  kind: ServedKind,
  before: ApiObject,
  after: ApiObject,
  subresource: string | undefined,
): ApiObject {
  if (!kind.statusSubresource) return after;
  const { status: shown, ...wanted } = after;
  const { status: was, ...had } = before;
  if (subresource === undefined) return was === undefined ? wanted : { ...wanted, status: was };
  const { managedFields, resourceVersion } = after.metadata;
  const metadata = {
    ...before.metadata,
    ...(managedFields !== undefined && { managedFields }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  return { ...had, metadata, ...(shown === undefined ? {} : { status: shown }) };
}

/** What of an applied object the part that it is applied to holds; the rest is nobody's. */
export function ofAppliedPart({ kind, target }: ApiCall, applied: ApiObject): ApiObject {
  if (!kind.statusSubresource) return applied;
  const { status, ...wanted } = applied;
  if (target.subresource === undefined) return wanted;
  const { apiVersion, kind: type, metadata } = applied;
  const { name, namespace } = metadata;
  const named = { name, ...(namespace !== undefined && { namespace }) };
  return { apiVersion, kind: type, metadata: named, ...(status === undefined ? {} : { status }) };
}
