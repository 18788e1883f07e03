import {
  DEFINITION_KINDS,
  type DefinitionKind,
  definitionSchemas,
  getAt,
  groupOf,
  guessPlural,
  isObject,
  type JsonObject,
  KOREO_API_VERSION,
} from '../../kernel/index.js';
import { customResourceDefinition, type PrinterColumn } from './custom-resource-definition.js';
import { amendSpec } from './definition-rules.js';
import { structuralSchema } from './structural-schema.js';

/** The CustomResourceDefinitions of all kinds of definition, made from the schemas that files are checked by. */
export function definitionCrds(): readonly JsonObject[] {
  return DEFINITION_KINDS.map(definitionCrd);
}

const SHORT_NAMES: Readonly<Record<DefinitionKind, string>> = {
  FunctionTest: 'ft',
  ResourceFunction: 'rf',
  ResourceTemplate: 'rt',
  ValueFunction: 'vf',
  Workflow: 'wf',
};

/** What tells definitions of a kind apart, before the columns that all have. */
const COLUMNS: Readonly<Record<DefinitionKind, readonly PrinterColumn[]>> = {
  FunctionTest: [{ name: 'Function', type: 'string', jsonPath: '.spec.functionRef.name' }],
  ResourceFunction: [{ name: 'Resource', type: 'string', jsonPath: '.spec.apiConfig.kind' }],
  ResourceTemplate: [{ name: 'Resource', type: 'string', jsonPath: '.spec.template.kind' }],
  ValueFunction: [],
  Workflow: [
    { name: 'Trigger', type: 'string', jsonPath: '.spec.crdRef.kind' },
    { name: 'Steps', type: 'integer', jsonPath: '.status.steps' },
  ],
};

function definitionCrd(kind: DefinitionKind): JsonObject {
  const schema = definitionSchemas[kind];
  const spec = getAt(schema, ['properties', 'spec']);
  if (!isObject(spec)) throw new TypeError(`the schema of ${kind} has no spec`);
  return customResourceDefinition({
    group: groupOf(KOREO_API_VERSION),
    version: KOREO_API_VERSION.slice(groupOf(KOREO_API_VERSION).length + 1),
    kind,
    plural: guessPlural(kind),
    shortNames: [SHORT_NAMES[kind]],
    categories: ['koreo'],
    scope: 'Namespaced',
    description: String(schema.description),
    spec: amendSpec(kind, structuralSchema(spec)),
    status: kind === 'Workflow' ? { steps: { description: 'How many steps the Workflow has.', type: 'integer' } } : {},
    columns: COLUMNS[kind],
  });
}
