import {
  asResource,
  createPrepareContext,
  type DefinitionEntry,
  type DefinitionKind,
  type DefinitionLookup,
  definitionKind,
  type ExpressionEngine,
  formatProblem,
  gvkKey,
  type PreparedDefinition,
  parseDocuments,
  prepareDefinition,
  standardLibrary,
} from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';

const NAMESPACE = 'tests';
const FILE = 'test.koreo';

/** A lookup over the definitions that a text of YAML documents holds, prepared with CEL. Entries may be added that cannot run. */
export class TestDefinitions implements DefinitionLookup {
  readonly #entries = new Map<string, DefinitionEntry>();

  constructor(entries: readonly DefinitionEntry[] = []) {
    for (const entry of entries) this.#entries.set(`${entry.kind}/${entry.name}`, entry);
  }

  find(kind: DefinitionKind, name: string): DefinitionEntry | undefined {
    return this.#entries.get(`${kind}/${name}`);
  }

  workflowsFor(gvk: { apiVersion: string; kind: string }): readonly DefinitionEntry[] {
    return [...this.#entries.values()].filter(
      (entry) =>
        entry.status !== 'broken' &&
        entry.definition.kind === 'Workflow' &&
        entry.definition.trigger !== undefined &&
        gvkKey(entry.definition.trigger) === gvkKey(gvk),
    );
  }

  entries(): Iterable<DefinitionEntry> {
    return this.#entries.values();
  }

  /** The definition of that kind and name, which has to be there and ready. */
  get<K extends DefinitionKind>(kind: K, name: string): Extract<PreparedDefinition, { kind: K }> {
    const entry = this.find(kind, name);
    if (entry?.status !== 'ready' || entry.definition.kind !== kind) throw new Error(`no ${kind} ${name} is ready`);
    return entry.definition as Extract<PreparedDefinition, { kind: K }>;
  }

  /** The same, with other entries added or put in the place of those of their names. */
  with(...entries: readonly DefinitionEntry[]): TestDefinitions {
    return new TestDefinitions([...this.#entries.values(), ...entries]);
  }
}

/** How a definition is that cannot run. */
export function notReady(kind: DefinitionKind, name: string, why: string): DefinitionEntry {
  const problems = [{ code: 'schema', message: why }];
  return { kind, name, namespace: NAMESPACE, store: 'test', version: 1, status: 'broken', problems };
}

/**
 * Prepares every definition in the text; `apiVersion` may be left out. Throws, with all problems, when one does not prepare.
 * @param engines those beside CEL that definitions may ask for by annotation
 */
export function definitionsOf(text: string, engines: readonly ExpressionEngine[] = []): TestDefinitions {
  const context = createPrepareContext({ engines: [celEngine(), ...engines], library: standardLibrary() });
  const { documents, problems } = parseDocuments(text, { file: FILE });
  const found = [...problems];
  const entries: DefinitionEntry[] = [];
  for (const { value, origin } of documents) {
    const { metadata, ...rest } = { apiVersion: 'koreo.dev/v1beta1', metadata: {}, ...value };
    const resource = asResource({ ...rest, metadata: { namespace: NAMESPACE, ...(metadata as object) } });
    if (definitionKind(resource) === undefined) continue;
    const result = prepareDefinition(resource, { store: 'test', origin }, context);
    if (result.status === 'broken') found.push(...result.problems);
    else entries.push(readyEntry(result.definition));
  }
  if (found.length > 0) throw new Error(found.map(formatProblem).join('\n'));
  return new TestDefinitions(entries);
}

function readyEntry(definition: PreparedDefinition): DefinitionEntry {
  const { kind, name, namespace } = definition;
  return { kind, name, namespace, store: 'test', version: 1, status: 'ready', definition, warnings: [] };
}
