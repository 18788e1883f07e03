import { readFileSync } from 'node:fs';
import {
  asResource,
  Catalog,
  createWorkbench,
  type DefinitionKind,
  formatProblem,
  type JsonObject,
  type PreparedDefinition,
  parseDocuments,
  problemsOf,
  type Resource,
} from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { inProject } from '../harness/project.js';

/** A catalog of these definitions, all of which have to be right. @throws Error with everything that is wrong */
export function catalogOf(definitions: readonly Resource[]): Catalog {
  const catalog = new Catalog(createWorkbench({ plugins: [cel] }).context);
  catalog.apply(definitions.map((resource) => ({ type: 'set', resource, from: { store: 'bench' } })));
  const problems = problemsOf(catalog.current);
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  return catalog;
}

/** The definitions of a file of `bench`, as a store that holds no text would give them. */
export function definitionsIn(file: string): readonly Resource[] {
  const { documents, problems } = parseDocuments(readFileSync(inProject(`bench/${file}`), 'utf8'), { file });
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  return documents.map(({ value }) => asResource(value as JsonObject));
}

/** The prepared definition of that kind and name. @throws Error unless it is ready */
export function definitionOf<K extends DefinitionKind>(
  { current }: Pick<Catalog, 'current'>,
  kind: K,
  name: string,
): Extract<PreparedDefinition, { kind: K }> {
  const entry = current.find(kind, name);
  if (entry?.status !== 'ready') throw new Error(`${kind} ${name} is not ready`);
  return entry.definition as Extract<PreparedDefinition, { kind: K }>;
}
