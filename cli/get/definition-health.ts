import type { LoadedConfig } from '../../config/index.js';
import { type DefinitionEntry, type DefinitionLookup, definitionKind, type Resource } from '../../kernel/index.js';
import { definitionFinder } from '../definitions/find-definitions.js';
import type { Readiness } from './resource-row.js';

/** Prepares the definitions as they are now, to say how each of them is. */
export async function preparedDefinitions(loaded: LoadedConfig, cwd: string): Promise<DefinitionLookup> {
  const finder = definitionFinder({ paths: [], loaded, cwd });
  try {
    return (await finder.find()).definitions;
  } finally {
    await finder.close();
  }
}

/** Whether a definition can be used, and why not; undefined for what is no definition. */
export function definitionHealth(resource: Resource, definitions: DefinitionLookup): Readiness | undefined {
  const kind = definitionKind(resource);
  if (kind === undefined) return undefined;
  const { name, namespace = '' } = resource.metadata;
  const entry = definitions.find(kind, name);
  if (entry?.namespace === namespace) return healthOf(entry);
  const message = entry === undefined ? 'no source of definitions holds it' : `${entry.namespace}/${name} comes first`;
  return { ready: '', reason: 'NotInForce', message };
}

function healthOf(entry: DefinitionEntry): Readiness {
  switch (entry.status) {
    case 'ready':
      return { ready: 'True', reason: 'Prepared', message: '' };
    case 'waiting':
      return { ready: 'Unknown', reason: 'Waiting', message: entry.waitingFor.join(', ') };
    case 'broken':
      return { ready: 'False', reason: 'Broken', message: entry.problems.map(({ message }) => message).join('; ') };
  }
}
