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
  try {
    const faults = fillOptions(schema, options);
    return faults.length === 0 ? { type: 'fit', options } : { type: 'misfit', faults };
  } catch (error) {
    return { type: 'bad-schema', message: errorMessage(error) };
  }
}

/**
 * Fills a schema's defaults into options, which are changed, and tells everything that does not fit.
 * @throws Error when the schema itself cannot be used
 */
export function fillOptions(schema: JsonObject, options: JsonObject): readonly SchemaFault[] {
  const validate = validatorOf(schema);
  return validate(options) ? [] : faultsIn(validate.errors ?? [], options);
}

/** By the schema, since several stores are of one type, and compiling takes far longer than checking. */
const validators = new WeakMap<JsonObject, ValidateFunction>();

function validatorOf(schema: JsonObject): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  // A validator that runs once or twice is not worth the time of a check against the schema of schemas, which finds little
  // that compiling does not find, nor that of smaller code: the two are three quarters of the time that compiling takes.
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    strict: false,
    validateFormats: false,
    validateSchema: false,
    code: { optimize: false },
  });
  const validate = compiled(ajv, schema);
  validators.set(schema, validate);
  return validate;
}

function compiled(ajv: Ajv2020, schema: JsonObject): ValidateFunction {
  try {
    return ajv.compile(schema);
  } catch (error) {
    // What is wrong with it by the schema of schemas, all at once, is said better there.
    ajv.validateSchema(schema, true);
    throw error;
  }
}
