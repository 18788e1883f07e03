import type { DefinitionKind } from '../model/names.js';
import { type GroupVersionKind, gvkKey } from '../model/resource.js';
import { type DefinitionKey, definitionKey } from './definition-key.js';
import type { DefinitionEntry, DefinitionLookup } from './definition-lookup.js';

/** The definitions at one moment; never changes. */
export class DefinitionSnapshot implements DefinitionLookup {
  readonly #entries: ReadonlyMap<DefinitionKey, DefinitionEntry>;
  #byTrigger: ReadonlyMap<string, readonly DefinitionEntry[]> | undefined;

  constructor(entries: ReadonlyMap<DefinitionKey, DefinitionEntry>) {
    this.#entries = entries;
  }

  find(kind: DefinitionKind, name: string): DefinitionEntry | undefined {
    return this.#entries.get(definitionKey({ kind, name }));
  }

  workflowsFor(gvk: GroupVersionKind): readonly DefinitionEntry[] {
    this.#byTrigger ??= indexByTrigger(this.#entries.values());
    return this.#byTrigger.get(gvkKey(gvk)) ?? [];
  }

  entries(): Iterable<DefinitionEntry> {
    return this.#entries.values();
  }
}

function indexByTrigger(entries: Iterable<DefinitionEntry>): ReadonlyMap<string, readonly DefinitionEntry[]> {
  const index = new Map<string, DefinitionEntry[]>();
  for (const entry of entries) {
    const trigger = triggerOf(entry);
    if (trigger === undefined) continue;
    const key = gvkKey(trigger);
    index.set(
      key,
      [...(index.get(key) ?? []), entry].sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  }
  return index;
}

/** The kind whose resources start the entry, when it is a Workflow that says so. */
export function triggerOf(entry: DefinitionEntry): GroupVersionKind | undefined {
  if (entry.status === 'broken') return entry.trigger;
  return entry.definition.kind === 'Workflow' ? entry.definition.trigger : undefined;
}
