import { constant, constantMapping, definitionSchema, requiredMapping } from './schema-parts.js';

/** JSON Schema of a ResourceTemplate. */
export const resourceTemplateSchema = definitionSchema(
  'ResourceTemplate',
  'A constant resource that ResourceFunctions build on. Strings that begin with `=` are not evaluated in it.',
  requiredMapping(
    'The template.',
    {
      template: {
        description: 'The resource, or the part of one.',
        type: 'object',
        required: ['apiVersion', 'kind'],
        properties: {
          apiVersion: constant('The API version of the resource.'),
          kind: constant('The kind of the resource.'),
        },
      },
      context: constantMapping('Allowed for older files, and not used.'),
    },
    { required: ['template'] },
  ),
);
