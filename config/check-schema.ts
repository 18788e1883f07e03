import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isObject, type Json, type JsonObject, type Path, typeName } from '../kernel/index.js';
import { didYouMean } from './did-you-mean.js';
import type { Misfit } from './misfit.js';

/**
 * Checks a value against a JSON Schema (2020-12) and fills the schema's defaults into it: the value is changed.
 * Everything that does not fit is told at once, in the order of the schema.
 */
export function checkSchema(schema: JsonObject, value: Json): readonly Misfit[] {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, useDefaults: true, strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).filter(isTelling).map((error) => toMisfit(error, value));
}

/** `if` only sums up what its branch tells already. */
function isTelling(error: ErrorObject): boolean {
  return error.keyword !== 'if';
}

function toMisfit(error: ErrorObject, root: Json): Misfit {
  const path = pathOf(error.instancePath, root);
  const { key, message } = describe(error);
  return { code: 'schema', path: key === undefined ? path : [...path, key], message };
}

/** What to say about an error, and the key that it is about, when that is inside the value and not the value itself. */
function describe(error: ErrorObject): { readonly key?: string; readonly message: string } {
  const { keyword, params, data } = error;
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(String(params.additionalProperty ?? params.unevaluatedProperty), error);
    case 'required':
      return { message: `"${params.missingProperty}" is missing` };
    case 'type':
      return { message: `must be ${typeNames(params.type)}, not ${withArticle(typeName(data as Json))}` };
    case 'enum':
      return { message: oneOf(params.allowedValues as readonly Json[], data) };
    case 'const':
      return { message: `must be ${JSON.stringify(params.allowedValue)}` };
    case 'pattern':
      return { message: `does not have the form ${params.pattern}` };
    case 'minLength':
      return { message: params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters` };
    case 'minItems':
      return { message: `must have at least ${params.limit} ${params.limit === 1 ? 'item' : 'items'}` };
    case 'uniqueItems':
      return { message: `items ${params.j + 1} and ${params.i + 1} are the same` };
    default:
      return { message: error.message ?? `breaks the rule "${keyword}"` };
  }
}

function unknownKey(key: string, error: ErrorObject): { readonly key: string; readonly message: string } {
  const properties: unknown = error.parentSchema?.properties;
  const known = isObject(properties) ? Object.keys(properties) : [];
  const hint = didYouMean(key, known);
  const others = hint === '' && known.length > 0 ? `; known here: ${known.join(', ')}` : hint;
  return { key, message: `"${key}" is not known${others}` };
}

function oneOf(allowed: readonly Json[], data: unknown): string {
  const hint =
    typeof data === 'string'
      ? didYouMean(
          data,
          allowed.filter((item) => typeof item === 'string'),
        )
      : '';
  return `must be one of ${allowed.map((item) => JSON.stringify(item)).join(', ')}${hint}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = { object: 'mapping', array: 'list' };

function typeNames(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((one) => withArticle(TYPE_WORDS[String(one)] ?? String(one))).join(' or ');
}

function withArticle(word: string): string {
  if (word === 'null' || word === 'missing') return word;
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** A JSON Pointer as a path: segments that lead into lists are numbers. */
function pathOf(pointer: string, root: Json): Path {
  let here: unknown = root;
  return pointer
    .split('/')
    .slice(1)
    .map((token) => {
      const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
      const segment = Array.isArray(here) ? Number(key) : key;
      here = (here as Record<string | number, unknown>)[segment];
      return segment;
    });
}
