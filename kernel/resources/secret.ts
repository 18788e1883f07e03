import { createHash } from 'node:crypto';
import { getAt, getKey, isObject, type Json, type JsonObject, type MutableJsonObject, setKey } from '../model/json.js';
import type { Path } from '../model/path.js';

const SECRET_FIELDS = ['data', 'stringData'] as const;

/** Whether what lies at the path of such a resource is a secret, which neither messages nor records may show. */
export function isSecretPath(kind: Json | undefined, path: Path): boolean {
  return kind === 'Secret' && SECRET_FIELDS.some((field) => field === path[0]);
}

/**
 * Stands for a value of a Secret where the value must not be: the same for the same value of the same Secret, and useless
 * for looking up values that others hold too. Keys stay as they are.
 */
export function hashSecret(value: Json, secret: JsonObject): Json {
  if (isObject(value)) {
    const hashed: MutableJsonObject = {};
    for (const [key, item] of Object.entries(value)) setKey(hashed, key, hashSecret(item, secret));
    return hashed;
  }
  if (value === null) return null;
  const identity = JSON.stringify([getAt(secret, ['metadata', 'namespace']), getAt(secret, ['metadata', 'name'])]);
  const digest = createHash('sha256').update(identity).update(JSON.stringify(value)).digest('base64url');
  return `sha256:${digest}`;
}

/** The resource with the values of its secrets hashed; itself when it is no Secret. */
export function hashSecrets(resource: JsonObject): JsonObject {
  if (getKey(resource, 'kind') !== 'Secret') return resource;
  const result: MutableJsonObject = { ...resource };
  for (const field of SECRET_FIELDS) {
    const value = getKey(resource, field);
    if (value !== undefined) result[field] = hashSecret(value, resource);
  }
  return result;
}
