import type { DefinitionName } from './definition-lookup.js';

/** A text that is the same for the same kind and name, and for nothing else. */
export type DefinitionKey = string;

export function definitionKey({ kind, name }: DefinitionName): DefinitionKey {
  return `${kind}/${name}`;
}

/** A definition as messages name it: `ValueFunction price.v1`. */
export function formatDefinition({ kind, name }: DefinitionName): string {
  return `${kind} ${name}`;
}
