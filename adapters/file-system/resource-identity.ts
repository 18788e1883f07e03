import { createHash } from 'node:crypto';
import {
  asResource,
  getAt,
  groupOf,
  isList,
  type JsonObject,
  mergePatch,
  type Resource,
  type ResourceRef,
} from '../../kernel/index.js';
import { canonicalJson, contentRevision } from '../files/content-revision.js';
import { frozen } from '../files/frozen.js';
import { type AuthorsPart, type SideRecord, withSideRecord } from '../files/side-records.js';

/** Fields of `metadata` that are the store's to give: they are shown, and never written into a file. */
export const STORE_FIELDS = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp'] as const;

/** A resource as readers see it: what its author wrote, who it is, and what the kernel told about it. */
export function viewOf(authored: JsonObject, ref: ResourceRef, record: SideRecord | undefined): Resource {
  const written = asResource(authored);
  const resourceVersion = contentRevision(canonicalJson(authored), record?.revision);
  const { namespace } = ref;
  const metadata = { ...written.metadata, ...(namespace !== undefined && { namespace }), uid: uidOf(authored, ref) };
  return frozen(withSideRecord({ ...written, metadata: { ...metadata, resourceVersion } }, record));
}

/** A resource whose document is gone while finalizers hold it: its record says all that is still known. */
export function leavingView(ref: ResourceRef, record: SideRecord): Resource {
  const { apiVersion, kind, name } = ref;
  const { leaving, uid } = record;
  const authored = leaving?.last ?? { apiVersion, kind, metadata: { name, ...(uid !== undefined && { uid }) } };
  const view = viewOf(authored, ref, record);
  const deletionTimestamp = leaving && { deletionTimestamp: leaving.since };
  return frozen({ ...view, metadata: { ...view.metadata, ...deletionTimestamp } });
}

/**
 * What may be kept of a document that is gone. Finalizers in it hold nothing, since nobody could take them away again; and
 * a Secret's content is nowhere to be but where its author put it.
 */
export function lastOf(authored: JsonObject): JsonObject | undefined {
  if (getAt(authored, ['kind']) === 'Secret') return undefined;
  const { status: _status, ...kept } = authored;
  return mergePatch(kept, { metadata: { finalizers: null } });
}

/** What a document says of itself that counts for its record. */
export function authorsPart(authored: JsonObject): AuthorsPart {
  const [finalizers, uid] = [getAt(authored, ['metadata', 'finalizers']), ownUid(authored)];
  return {
    ...(isList(finalizers) && { finalizers: finalizers.filter((name) => typeof name === 'string') }),
    ...(uid !== undefined && { uid }),
  };
}

/** Any fixed UUID serves to keep these apart from those that others make from the same names. */
const UUID_NAMESPACE = Buffer.from('8f0c4b0e6c5d4a55a2f86d3f3d7c1b90', 'hex');

/** The uid that the author gave, or one made from the name (RFC 9562, version 5): the same in every run and on every machine. */
function uidOf(authored: JsonObject, { apiVersion, kind, namespace, name }: ResourceRef): string {
  const own = ownUid(authored);
  if (own !== undefined) return own;
  // As JSON, no two lists of names read alike.
  const names = JSON.stringify(['koreo.dev', groupOf(apiVersion), kind, namespace ?? null, name]);
  const hash = createHash('sha1').update(UUID_NAMESPACE).update(names).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function ownUid(authored: JsonObject): string | undefined {
  const own = getAt(authored, ['metadata', 'uid']);
  return typeof own === 'string' && own !== '' ? own : undefined;
}
