import { Ajv } from 'ajv';
import { getKey, isList, isObject, type Json, type JsonObject, type MutableJsonObject } from 'koreo-kernel';
import type { Cause } from './api-error.js';
import { type ApiObject, jsonOf } from './api-object.js';

/** A custom object without what its schema does not know, and with the schema's defaults. */
export function pruned(object: ApiObject, schema: JsonObject): ApiObject {
  const { apiVersion, kind, metadata, ...rest } = object;
  const kept = prune(rest as unknown as Json, schema);
  return { apiVersion, kind, metadata, ...(isObject(kept) ? kept : {}) };
}

/** What the schema of a custom object says against it. */
export function schemaCauses(object: ApiObject, schema: JsonObject): readonly Cause[] {
  const { metadata: _, ...rest } = jsonOf(object) as JsonObject;
  // A schema may speak of metadata only in terms of its name; the server checks that on its own.
  const { metadata: __, ...properties } = (schema.properties ?? {}) as JsonObject;
  const check = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
    forAjv({ ...schema, properties }) as JsonObject,
  );
  if (check(rest)) return [];
  return (check.errors ?? []).map(({ instancePath, message = '', keyword, params }) => {
    const field = instancePath.slice(1).replaceAll('/', '.');
    if (keyword !== 'required') return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${message}` };
    const missing = String(params.missingProperty);
    return {
      reason: 'FieldValueRequired',
      field: [field, missing].filter(Boolean).join('.'),
      message: 'Required value',
    };
  });
}

function prune(value: Json, schema: Json | undefined): Json {
  if (!isObject(schema)) return value;
  if (isList(value)) return value.map((item) => prune(item, schema.items));
  if (!isObject(value)) return value;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const others = schema.additionalProperties;
  const keepsAll = schema['x-kubernetes-preserve-unknown-fields'] === true || others === true;
  const result: MutableJsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const known = getKey(properties, key) ?? (isObject(others) ? others : undefined);
    if (known !== undefined) result[key] = prune(child, known);
    else if (keepsAll) result[key] = child;
  }
  for (const [key, child] of Object.entries(properties)) {
    if (!(key in result) && isObject(child) && child.default !== undefined) result[key] = child.default;
  }
  return result;
}

/** Kubernetes' own words of a schema in those of JSON Schema. */
function forAjv(schema: Json): Json {
  if (isList(schema)) return schema.map(forAjv);
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).filter(([key]) => !key.startsWith('x-kubernetes-') && key !== 'format');
  // The keys of `properties` are names of the object's own, not words of a schema.
  const translate = (key: string, value: Json): Json =>
    key === 'properties' && isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, forAjv(child)]))
      : forAjv(value);
  const result: MutableJsonObject = Object.fromEntries(entries.map(([key, value]) => [key, translate(key, value)]));
  if (schema['x-kubernetes-int-or-string'] === true) result.type = ['integer', 'string'];
  // Where any type will do, null will too; Ajv refuses to be told so.
  if (result.type === undefined) delete result.nullable;
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    // OpenAPI 3.0 has booleans where JSON Schema has the limit itself.
    if (result[exclusive] === true && result[limit] !== undefined) result[exclusive] = result[limit];
    else if (typeof result[exclusive] === 'boolean') delete result[exclusive];
  }
  return result;
}
