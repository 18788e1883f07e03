import type { JsonObject } from '../../model/json.js';
import type { DefinitionKind } from '../../model/names.js';
import { functionTestSchema } from './function-test-schema.js';
import { resourceFunctionSchema } from './resource-function-schema.js';
import { resourceTemplateSchema } from './resource-template-schema.js';
import { valueFunctionSchema } from './value-function-schema.js';
import { workflowSchema } from './workflow-schema.js';

/** The JSON Schemas (2020-12) of all kinds of definition: what files are checked by, and CRDs are made from. */
export const definitionSchemas: Readonly<Record<DefinitionKind, JsonObject>> = {
  FunctionTest: functionTestSchema,
  ResourceFunction: resourceFunctionSchema,
  ResourceTemplate: resourceTemplateSchema,
  ValueFunction: valueFunctionSchema,
  Workflow: workflowSchema,
};
