import { type Json, type JsonObject, mergePatch } from 'koreo-kernel';
import { parse as parseYaml } from 'yaml';
import type { ApiCall } from './api-call.js';
import { ApiError, invalid } from './api-error.js';
import { type ApiObject, copyOf, looksLikeObject } from './api-object.js';
import { jsonPatch } from './json-patch.js';
import { apiVersionOf } from './served-kind.js';

/** A call's body as JSON. @throws ApiError 400 when it is none */
export function jsonBody({ body }: ApiCall): Json {
  return parsed(body, JSON.parse);
}

/** A call's body as YAML, which is what is applied. @throws ApiError 400 when it is none */
export function yamlBody({ body }: ApiCall): Json {
  return parsed(body, parseYaml);
}

/** The object that a body holds, held against the path. @throws ApiError 400 when they do not belong together */
export function objectIn({ kind, target }: ApiCall, value: Json): ApiObject {
  const expected = { apiVersion: apiVersionOf(target.group, target.version), kind: kind.kind };
  if (!looksLikeObject(value)) throw new ApiError(400, "Object 'Kind' is missing in the body, or it is no object");
  if (value.apiVersion !== expected.apiVersion) {
    const versions = `(${value.apiVersion}) does not match the expected API version (${expected.apiVersion})`;
    throw new ApiError(400, `the API version in the data ${versions}`);
  }
  if (value.kind !== expected.kind) {
    const message = `Invalid value: "${value.kind}": must be ${expected.kind}`;
    if (kind.schemas !== undefined) {
      throw invalid(kind, value.metadata.name ?? '', [{ reason: 'FieldValueInvalid', field: 'kind', message }]);
    }
    throw new ApiError(400, `the object provided is of another kind than the path. kind: ${message}`);
  }
  const { namespace, name } = value.metadata;
  if (namespace !== undefined && namespace !== target.namespace) {
    const message = 'the namespace of the provided object does not match the namespace sent on the request';
    throw new ApiError(400, message);
  }
  if (target.name !== undefined && name !== undefined && name !== target.name) {
    throw new ApiError(400, `the name of the object (${name}) does not match the name on the URL (${target.name})`);
  }
  const identity = {
    ...(target.name !== undefined && { name: target.name }),
    ...(target.namespace !== undefined && { namespace: target.namespace }),
  };
  const object: ApiObject = value;
  return copyOf({ ...object, metadata: { ...object.metadata, ...identity } });
}

/** What an object becomes by the patch that a call holds. @throws ApiError 415 for a type of patch that is not known */
export function patchedBy(call: ApiCall, current: Json): Json {
  const patch = jsonBody(call);
  switch (call.contentType) {
    case 'application/merge-patch+json':
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
        throw new ApiError(400, 'error decoding patch: a merge patch is an object');
      }
      return mergePatch(current, patch as JsonObject);
    case 'application/json-patch+json':
      return jsonPatch(current, patch);
    default:
      throw new ApiError(
        415,
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      );
  }
}

function parsed(body: string, parse: (text: string) => unknown): Json {
  try {
    return parse(body) as Json;
  } catch {
    throw new ApiError(400, "couldn't get version/kind; json parse error");
  }
}
