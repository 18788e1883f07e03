import { getKey, isList, isObject, type Json, type JsonObject } from '../../kernel/index.js';
import { withChoice, withForm } from './schema-rules.js';

const ANYTHING = { 'x-kubernetes-preserve-unknown-fields': true } as const;

/** Keywords that mean in OpenAPI what they mean in JSON Schema. */
const SHARED = ['required', 'enum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minimum'] as const;

/**
 * A JSON Schema (2020-12) as a structural schema of Kubernetes. What OpenAPI cannot say, or says in words that help nobody,
 * becomes a rule in CEL. Fields that a mapping does not have are told by the API server itself, to whoever asks for strict
 * validation, as kubectl does.
 *
 * Defaults stand in descriptions only: one that the server fills in changes what the author wrote.
 */
export function structuralSchema(schema: JsonObject): JsonObject {
  const types = typesOf(schema);
  const converted = {
    ...(schema.description === undefined ? {} : { description: descriptionOf(schema) }),
    ...shapeOf(
      schema,
      types.filter((type) => type !== 'null'),
    ),
    ...(types.includes('null') ? { nullable: true } : {}),
    ...boundsOf(schema),
  };
  return withChoice(withForm(converted, schema), schema);
}

function typesOf({ type }: JsonObject): readonly Json[] {
  if (type === undefined) return [];
  return isList(type) ? type : [type];
}

function descriptionOf(schema: JsonObject): string {
  const fallback = getKey(schema, 'default');
  const told = fallback === undefined || fallback === '' ? '' : ` Default: ${JSON.stringify(fallback)}.`;
  return `${schema.description}${told}`;
}

function shapeOf(schema: JsonObject, types: readonly Json[]): JsonObject {
  const [type] = types;
  if (type === undefined) return ANYTHING;
  if (types.length > 1) return unionOf(types);
  if (type === 'object') return { type, ...fieldsOf(schema) };
  if (type === 'array' && isObject(schema.items)) return { type, items: structuralSchema(schema.items) };
  return { type };
}

/** Structural schemas know one choice of types. In any other all is let through that is no list, and rules cannot look at it. */
function unionOf(types: readonly Json[]): JsonObject {
  if (types.includes('integer') && types.includes('string')) return { 'x-kubernetes-int-or-string': true };
  return { ...ANYTHING, maxItems: 0 };
}

function fieldsOf({ additionalProperties, properties }: JsonObject): JsonObject {
  if (isObject(additionalProperties)) return { additionalProperties: structuralSchema(additionalProperties) };
  const fields = isObject(properties) ? Object.entries(properties) : [];
  const converted = fields.map(([name, field]) => [name, structuralSchema(isObject(field) ? field : {})]);
  return {
    ...(converted.length === 0 ? {} : { properties: Object.fromEntries(converted) }),
    ...(additionalProperties === false ? {} : ANYTHING),
  };
}

function boundsOf(schema: JsonObject): JsonObject {
  const { const: constant, exclusiveMinimum } = schema;
  return {
    ...Object.fromEntries(SHARED.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]]))),
    ...(constant === undefined ? {} : { enum: [constant] }),
    ...(exclusiveMinimum === undefined ? {} : { minimum: exclusiveMinimum, exclusiveMinimum: true }),
  };
}
