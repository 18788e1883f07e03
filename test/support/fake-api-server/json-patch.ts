import { equalJson, getKey, hasKey, isList, isObject, type Json, type MutableJsonObject } from 'koreo-kernel';
import { ApiError } from './api-error.js';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: Json;
}

/** Applies a JSON patch (RFC 6902: add, replace, remove, test) and gives a new value. @throws ApiError 422 when it does not fit */
export function jsonPatch(target: Json, patch: Json): Json {
  if (!isList(patch)) throw new ApiError(400, 'error decoding patch: a JSON patch is a list');
  const root = structuredClone(target);
  for (const operation of patch) one(root, operation as unknown as Operation);
  return root;
}

function one(root: Json, { op, path, value }: Operation): void {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop();
  const parent = steps.reduce<Json | undefined>((here, step) => child(here, step), root);
  if (last === undefined || parent === undefined || parent === null || typeof parent !== 'object') {
    throw refused(op, path, 'missing path');
  }
  const present = child(parent, last) !== undefined;
  switch (op) {
    case 'test':
      if (!equalJson(child(parent, last), value)) throw refused(op, path, 'testing value failed');
      break;
    case 'add':
      add(parent, last, value ?? null);
      break;
    case 'replace':
      if (!present) throw refused(op, path, 'missing key');
      remove(parent, last);
      add(parent, last, value ?? null);
      break;
    case 'remove':
      if (!present) throw refused(op, path, 'missing key');
      remove(parent, last);
      break;
    default:
      throw refused(op, path, 'unexpected kind');
  }
}

function child(value: Json | undefined, step: string): Json | undefined {
  if (isList(value)) return value[Number(step)];
  return isObject(value) && hasKey(value, step) ? getKey(value, step) : undefined;
}

function add(parent: Json, key: string, value: Json): void {
  if (isList(parent)) (parent as Json[]).splice(key === '-' ? parent.length : Number(key), 0, value);
  else (parent as MutableJsonObject)[key] = value;
}

function remove(parent: Json, key: string): void {
  if (isList(parent)) (parent as Json[]).splice(Number(key), 1);
  else delete (parent as MutableJsonObject)[key];
}

function refused(op: string, path: string, why: string): ApiError {
  return new ApiError(422, `the server rejected our request due to an error in our request: ${op} ${path}: ${why}`);
}
