import { Ajv2020 } from 'ajv/dist/2020.js';
import { faultsIn, type JsonObject } from '../kernel/index.js';
import type { Misfit } from './misfit.js';

/**
 * Checks a mapping against a JSON Schema (2020-12) and fills the schema's defaults into it: the mapping is changed.
 * Everything that does not fit is told at once.
 */
export function checkSchema(schema: JsonObject, value: JsonObject): readonly Misfit[] {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, useDefaults: true, strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return faultsIn(validate.errors ?? [], value).map((fault) => ({ ...fault, code: 'schema' }));
}
