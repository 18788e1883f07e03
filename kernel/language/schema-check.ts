import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { getAt, isList, isObject, type Json, type JsonObject } from '../model/json.js';
import type { DefinitionKind } from '../model/names.js';
import { DEFINITION_KINDS } from '../model/names.js';
import type { Path } from '../model/path.js';
import { inWords } from './schema-words.js';
import { definitionSchemas } from './schemas/definition-schemas.js';

/** One way in which a definition does not fit the schema of its kind. */
export interface SchemaFault {
  readonly message: string;
  readonly path: Path;
  /** Whether it is the key at the path that is wrong, and not the value. */
  readonly isKey: boolean;
}

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: true,
  // The branches of a choice name fields that the mapping around them declares.
  strictRequired: false,
  allowUnionTypes: true,
  validateSchema: false,
  // To make the validators' code small takes longer than it saves.
  code: { optimize: false },
  schemas: DEFINITION_KINDS.map((kind) => ({ ...definitionSchemas[kind], $id: kind })),
});

/** All the ways in which a definition does not fit the schema of its kind. */
export function checkSchema(kind: DefinitionKind, definition: JsonObject): readonly SchemaFault[] {
  const validate = ajv.getSchema(kind);
  if (validate === undefined || validate(definition) === true) return [];
  return faultsIn(validate.errors ?? [], definition);
}

/** What a validator complains of in a value, in words; the value is needed to tell keys from list indexes. */
export function faultsIn(errors: readonly ErrorObject[], value: JsonObject): readonly SchemaFault[] {
  return errors.filter((error) => !isBranch(error) && !isIdleChoice(error)).map((error) => faultOf(error, value));
}

/** Whether the error is of one branch of a choice, about which the choice's own error says all there is to say. */
function isBranch({ schemaPath }: ErrorObject): boolean {
  return /\/(oneOf|anyOf)\/\d+\//.test(schemaPath);
}

/** Whether the error is of a choice between fields where there is no mapping to have any; its type is told apart. */
function isIdleChoice({ data, keyword }: ErrorObject): boolean {
  return (keyword === 'oneOf' || keyword === 'anyOf') && !isObject(data);
}

function faultOf(error: ErrorObject, definition: JsonObject): SchemaFault {
  const path = pathOf(error.instancePath, definition);
  const unknown = error.keyword === 'additionalProperties' ? String(error.params.additionalProperty) : undefined;
  return {
    message: inWords(error, getAt(definition, path)),
    path: unknown === undefined ? path : [...path, unknown],
    isKey: unknown !== undefined,
  };
}

/** A JSON Pointer as a path, with numbers where it goes through lists. */
function pathOf(pointer: string, root: Json): Path {
  const path: (string | number)[] = [];
  let here: Json | undefined = root;
  for (const segment of pointer.split('/').slice(1)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    const step: string | number = isList(here) ? Number(key) : key;
    path.push(step);
    here = isList(here) || isObject(here) ? getAt(here, [step]) : undefined;
  }
  return path;
}
