import {
  asJson,
  getKey,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type KindInfo,
  type MutableJsonObject,
  type Resource,
  setKey,
} from '../../../kernel/index.js';

/** What the server alone sets; targets that were read from it have it, and mean nothing by it. */
const SERVERS_OWN = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]);

/** A target without what it cannot set: what the server alone says, and a status that has its own subresource. */
export function settable(target: Resource, { statusSubresource }: KindInfo): JsonObject {
  const { status, metadata, ...rest } = asJson(target);
  const kept = isObject(metadata) ? withoutKeys(metadata, SERVERS_OWN) : {};
  return { ...rest, metadata: kept, ...(status !== undefined && statusSubresource !== true && { status }) };
}

/** The same without nulls in mappings, which a server-side apply has no meaning for. */
export function withoutNulls(value: JsonObject): JsonObject;
export function withoutNulls(value: Json): Json;
export function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map((item) => withoutNulls(item));
  if (!isObject(value)) return value;
  const result: MutableJsonObject = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined && item !== null) setKey(result, key, withoutNulls(item));
  }
  return result;
}

/** The merge patch that removes what is null in the target and still there; undefined when nothing is. */
export function removalOfNulls(target: JsonObject, actual: Json | undefined): JsonObject | undefined {
  if (!isObject(actual)) return undefined;
  const patch: MutableJsonObject = {};
  for (const key of Object.keys(target)) {
    const [wanted, present] = [target[key], getKey(actual, key)];
    if (present === undefined) continue;
    if (wanted === null) setKey(patch, key, null);
    else if (isObject(wanted)) {
      const inner = removalOfNulls(wanted, present);
      if (inner !== undefined) setKey(patch, key, inner);
    }
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** One merge patch that does what two do that do not contradict each other. */
export function together(a: JsonObject, b: JsonObject): JsonObject {
  const result: MutableJsonObject = {};
  for (const key of Object.keys(a)) setKey(result, key, a[key] ?? null);
  for (const key of Object.keys(b)) {
    const [one, other] = [getKey(result, key), b[key] ?? null];
    setKey(result, key, isObject(one) && isObject(other) ? together(one, other) : other);
  }
  return result;
}

function withoutKeys(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)));
}
