import type { LoadedConfig } from '../../config/index.js';
import { type DefinitionLookup, definitionKind, definitionReadiness, type Resource } from '../../kernel/index.js';
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
export function definitionHealth(
  { resource, store }: { readonly resource: Resource; readonly store: string },
  definitions: DefinitionLookup,
): Readiness | undefined {
  const kind = definitionKind(resource);
  if (kind === undefined) return undefined;
  const { name, namespace = '' } = resource.metadata;
  const { status, reason, message } = definitionReadiness({ kind, name, namespace, store }, definitions);
  return { ready: status, reason, message };
}
