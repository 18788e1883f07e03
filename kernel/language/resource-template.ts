import { freezeDeep, isObject } from '../model/json.js';
import { asResource } from '../model/resource.js';
import type { PreparedResourceTemplate } from './definition.js';
import type { DefinitionSource } from './definition-source.js';

/** Prepares a ResourceTemplate. */
export function prepareResourceTemplate(source: DefinitionSource): PreparedResourceTemplate | undefined {
  const { value } = source.spec.at('template');
  if (!isObject(value)) return undefined;
  return { kind: 'ResourceTemplate', ...source.prepared([]), template: asResource(freezeDeep(value)) };
}
