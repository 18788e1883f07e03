import { fillOptions, type JsonObject } from '../kernel/index.js';
import type { Misfit } from './misfit.js';

/**
 * Checks a mapping against a JSON Schema (2020-12) and fills the schema's defaults into it: the mapping is changed.
 * Everything that does not fit is told at once.
 * @throws Error when the schema itself cannot be used
 */
export function checkSchema(schema: JsonObject, value: JsonObject): readonly Misfit[] {
  return fillOptions(schema, value).map((fault) => ({ ...fault, code: 'schema' }));
}
