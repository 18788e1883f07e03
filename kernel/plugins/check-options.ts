import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { faultsIn, type SchemaFault } from '../language/schema-check.js';
import { errorMessage } from '../model/errors.js';
import type { JsonObject } from '../model/json.js';

/** Options with the schema's defaults filled in, or what is wrong with them. */
export type CheckedOptions =
  | { readonly type: 'fit'; readonly options: JsonObject }
  | { readonly type: 'misfit'; readonly faults: readonly SchemaFault[] }
  /** The schema itself cannot be used, which is its author's fault. */
  | { readonly type: 'bad-schema'; readonly message: string };

/** Checks options by a JSON Schema (2020-12); everything that does not fit is told at once. What is given stays as it is. */
export function checkOptions(schema: JsonObject, given: JsonObject): CheckedOptions {
  const options = structuredClone(given);
  const ajv = new Ajv2020({ allErrors: true, verbose: true, useDefaults: true, strict: false, validateFormats: false });
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(schema);
  } catch (error) {
    return { type: 'bad-schema', message: errorMessage(error) };
  }
  if (validate(options)) return { type: 'fit', options };
  return { type: 'misfit', faults: faultsIn(validate.errors ?? [], options) };
}
