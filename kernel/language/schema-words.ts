import type { ErrorObject } from 'ajv/dist/2020.js';
import { hasKey, isObject, type Json, typeName } from '../model/json.js';
import { nearest } from '../model/nearest.js';
import { CONDITION_TYPE_PATTERN, CONSTANT_PATTERN, EXPRESSION_PATTERN, LABEL_PATTERN } from './schemas/schema-parts.js';

/** Says what a schema error means, for people; never what the offending value was. */
export function inWords(error: ErrorObject, value: Json | undefined): string {
  const { keyword, params } = error;
  switch (keyword) {
    case 'additionalProperties':
      return unknownField(String(params.additionalProperty), error.parentSchema?.properties);
    case 'required':
      return `'${params.missingProperty}' is missing`;
    case 'oneOf':
      return choice(error, value);
    case 'anyOf':
      return `at least one of ${fieldsOf(error.schema).join(', ')} is needed`;
    case 'type':
      return wrongType(typesInWords(params.type, error.parentSchema?.pattern), value);
    case 'pattern':
      return patternInWords(String(params.pattern));
    case 'dependentRequired':
      return `'${params.missingProperty}' is missing, which '${params.property}' needs`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'enum':
      return oneOf(params.allowedValues as readonly string[]);
    default:
      return bound(keyword, params.limit) ?? `must fit the schema (${keyword})`;
  }
}

/** What a pattern of the schemas asks for, for people. */
export function patternInWords(pattern: string): string {
  return PATTERNS[pattern] ?? `must have the form ${pattern}`;
}

const PATTERNS: Readonly<Record<string, string>> = {
  [EXPRESSION_PATTERN]: 'must be an expression, and so begin with =',
  [CONSTANT_PATTERN]: 'must not be an expression, and so not begin with =',
  [LABEL_PATTERN]: 'must be 3 to 45 letters, digits and underscores',
  [CONDITION_TYPE_PATTERN]: 'must begin with a capital letter, and hold only letters and digits',
};

function unknownField(name: string, properties: unknown): string {
  const known = isObject(properties) ? Object.keys(properties) : [];
  const guess = nearest(name, known);
  if (guess !== undefined) return `there is no field '${name}' here; did you mean '${guess}'?`;
  const fields = known.length === 0 ? 'it has no fields' : `fields: ${known.join(', ')}`;
  return `there is no field '${name}' here; ${fields}`;
}

function choice({ schema }: ErrorObject, value: Json | undefined): string {
  const fields = fieldsOf(schema);
  const present = isObject(value) ? fields.filter((field) => hasKey(value, field)) : [];
  const rule = `exactly one of ${fields.join(', ')} is needed`;
  return present.length === 0 ? `${rule}, and there is none` : `${rule}, and there are ${present.join(' and ')}`;
}

/** The fields of a choice between required fields. */
function fieldsOf(branches: unknown): readonly string[] {
  if (!Array.isArray(branches)) return [];
  return branches.flatMap((branch: { readonly required?: readonly string[] }) => branch.required ?? []);
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
};

function typesInWords(types: unknown, pattern: unknown): string {
  const names = (Array.isArray(types) ? types : [types]).filter((type) => type !== 'null').map(String);
  if (pattern === EXPRESSION_PATTERN && names.includes('object')) return 'a mapping (or an expression that gives one)';
  return names.map((name) => TYPES[name] ?? name).join(' or ');
}

function wrongType(wanted: string, value: Json | undefined): string {
  const isFraction = typeof value === 'number' && wanted.includes('whole');
  return isFraction ? `must be ${wanted}` : `must be ${wanted}, not ${article(typeName(value))}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`;
}

function article(name: string): string {
  if (name === 'null' || name === 'missing') return name;
  return name === 'string' ? 'a text' : `a ${name}`;
}

function bound(keyword: string, limit: unknown): string | undefined {
  switch (keyword) {
    case 'minimum':
      return `must be ${limit} or more`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'maximum':
      return `must be ${limit} or less`;
    case 'minLength':
      return 'must not be empty';
    case 'minItems':
      return `must hold ${limit} or more items`;
    case 'maxItems':
      return `must hold no more than ${limit} items`;
    case 'uniqueItems':
      return 'must not hold the same item twice';
    default:
      return undefined;
  }
}
