import type { DefinitionEntry } from '../definitions/definition-lookup.js';
import type { PreparedDefinition } from '../language/definition.js';
import type { RunContext } from './run-context.js';

/** A definition that can run, or why there is none. */
export type Found<K extends PreparedDefinition['kind']> =
  | { readonly definition: Extract<PreparedDefinition, { kind: K }> }
  | { readonly definition: undefined; readonly why: string };

/** Finds a definition by kind and name, and notes that the run asked for it. */
export function findDefinition<K extends PreparedDefinition['kind']>(
  kind: K,
  name: string,
  { used }: Pick<RunContext, 'used'>,
): Found<K> {
  const entry = used.find(kind, name);
  if (entry?.status === 'ready' && isOfKind(entry.definition, kind)) return { definition: entry.definition };
  return { definition: undefined, why: `${kind} ${name} ${whyNot(entry)}` };
}

function isOfKind<K extends PreparedDefinition['kind']>(
  definition: PreparedDefinition,
  kind: K,
): definition is Extract<PreparedDefinition, { kind: K }> {
  return definition.kind === kind;
}

function whyNot(entry: DefinitionEntry | undefined): string {
  switch (entry?.status) {
    case undefined:
    case 'ready':
      return 'is missing';
    case 'waiting':
      return `is not ready: ${entry.waitingFor.join(', ')}`;
    case 'broken':
      return `is broken: ${entry.problems[0]?.message ?? 'it does not prepare'}`;
  }
}
