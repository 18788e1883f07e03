import type { Json, JsonObject } from '../../model/json.js';
import { type DefinitionKind, KOREO_API_VERSION } from '../../model/names.js';

/** A string that is an expression: its first visible character is `=`. */
export const EXPRESSION_PATTERN = '^\\s*=';
/** A string that is no expression. */
export const CONSTANT_PATTERN = '^(\\s*[^=\\s]|\\s*$)';
/** A step's label: what expressions name it by, under `steps`. */
export const LABEL_PATTERN = '^[A-Za-z0-9_]{3,45}$';
/** The type of a condition, as Kubernetes forms them. */
export const CONDITION_TYPE_PATTERN = '^[A-Z][A-Za-z0-9]*$';

type Properties = Readonly<Record<string, JsonObject>>;

/** A mapping with exactly these fields; null stands for one that was left empty. */
export function mapping(description: string, properties: Properties, more: JsonObject = {}): JsonObject {
  return { description, type: ['object', 'null'], properties, additionalProperties: false, ...more };
}

/** A mapping that must be there. */
export function requiredMapping(description: string, properties: Properties, more: JsonObject = {}): JsonObject {
  return { ...mapping(description, properties, more), type: 'object' };
}

/** A list; null stands for one that was left empty. */
export function list(description: string, items: JsonObject, more: JsonObject = {}): JsonObject {
  return { description, type: ['array', 'null'], items, ...more };
}

/** A mapping of values, some of which may be expressions, or one expression that gives the mapping. */
export function templateMapping(description: string): JsonObject {
  return { description, type: ['object', 'string', 'null'], pattern: EXPRESSION_PATTERN };
}

/** A mapping of any values, all taken as they are. */
export function constantMapping(description: string): JsonObject {
  return { description, type: ['object', 'null'] };
}

export function expression(description: string): JsonObject {
  return { description, type: 'string', pattern: EXPRESSION_PATTERN };
}

/** A text that cannot be an expression. */
export function constant(description: string): JsonObject {
  return { description, type: 'string', minLength: 1, pattern: CONSTANT_PATTERN };
}

/** A text, or an expression that gives one. */
export function text(description: string, more: JsonObject = {}): JsonObject {
  return { description, type: 'string', ...more };
}

export function flag(description: string, defaultValue: boolean): JsonObject {
  return { description, type: 'boolean', default: defaultValue };
}

/** A delay in whole seconds. */
export function delay(description: string, defaultValue?: number): JsonObject {
  const schema: JsonObject = { description, type: 'integer', minimum: 0 };
  return defaultValue === undefined ? schema : { ...schema, default: defaultValue };
}

/** A mapping that is there or not, and holds nothing. */
export function marker(description: string): JsonObject {
  return mapping(description, {});
}

/** Exactly one of the fields must be there. */
export function exactlyOne(...fields: readonly string[]): JsonObject {
  return { oneOf: fields.map((field) => ({ required: [field] })) };
}

/** A reference by kind and name to a definition of one of the kinds. */
export function referenceProperties(...kinds: readonly DefinitionKind[]): Properties {
  return {
    kind: { description: 'The kind of the definition.', type: 'string', enum: kinds },
    name: constant('The name of the definition.'),
  };
}

/** The schema of a whole definition of a kind. */
export function definitionSchema(kind: DefinitionKind, description: string, spec: JsonObject): JsonObject {
  return {
    $id: `https://koreo.dev/schemas/v1beta1/${kind}.json`,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: kind,
    description,
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      apiVersion: { description: 'The version of the language.', type: 'string', const: KOREO_API_VERSION },
      kind: { description: 'The kind of definition.', type: 'string', const: kind },
      metadata: METADATA,
      spec,
      status: { description: 'Written by controllers; not read here.' },
    },
    additionalProperties: false,
  };
}

const TEXTS: Json = { type: 'string' };

const METADATA: JsonObject = {
  description: 'Name, namespace, labels and annotations, as in Kubernetes.',
  type: 'object',
  required: ['name'],
  properties: {
    name: { description: 'The name by which others refer to it.', type: 'string', minLength: 1 },
    namespace: { description: 'The namespace; it decides priority, not who may refer to it.', type: 'string' },
    labels: { description: 'Labels.', type: ['object', 'null'], additionalProperties: TEXTS },
    annotations: { description: 'Annotations.', type: ['object', 'null'], additionalProperties: TEXTS },
  },
};
