import type { UsedDefinition } from '../contracts/run-report.js';
import type { Catalog } from '../definitions/catalog.js';
import type { DefinitionLookup } from '../definitions/definition-lookup.js';
import { triggerOf } from '../definitions/definition-snapshot.js';
import { DEFINITION_KINDS, type DefinitionKind } from '../model/names.js';
import { type GroupVersionKind, gvkKey, type Resource } from '../model/resource.js';
import { choiceStamp, chooseWorkflow } from './workflow-choice.js';

/** The definitions as they are now, and word of their changes. */
export type LiveDefinitions = Pick<Catalog, 'current' | 'changes' | 'resourceOf'>;

export const LIVE_DEFINITIONS = Symbol.for('koreo.live-definitions');

/** Every kind that the `crdRef` of a Workflow names, healthy or not, as far as that can be told. */
export function triggerKinds(definitions: DefinitionLookup): ReadonlyMap<string, GroupVersionKind> {
  const kinds = new Map<string, GroupVersionKind>();
  for (const entry of definitions.entries()) {
    const trigger = triggerOf(entry);
    if (trigger !== undefined) kinds.set(gvkKey(trigger), { apiVersion: trigger.apiVersion, kind: trigger.kind });
  }
  return kinds;
}

/**
 * A text that changes when a run of the trigger may come to something else because of definitions: when another Workflow
 * is chosen, or the chosen one, or anything that its last run looked up, is of another version.
 */
export function dependencyStamp(
  definitions: DefinitionLookup,
  trigger: Resource,
  used: readonly UsedDefinition[],
): string {
  const choice = choiceStamp(chooseWorkflow(definitions, trigger));
  const versions = used.map(({ kind, name }) => {
    const entry = isDefinitionKind(kind) ? definitions.find(kind, name) : undefined;
    return `${kind} ${name}@${entry === undefined ? 'missing' : `${entry.version} ${entry.status}`}`;
  });
  return [choice, ...versions].join('\n');
}

function isDefinitionKind(kind: string): kind is DefinitionKind {
  return DEFINITION_KINDS.some((known) => known === kind);
}
