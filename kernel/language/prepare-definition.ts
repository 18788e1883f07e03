import { isObject } from '../model/json.js';
import type { DefinitionKind } from '../model/names.js';
import { byPlace, firstProblems, type Problem } from '../model/problem.js';
import { asJson, type GroupVersionKind, type Resource } from '../model/resource.js';
import type { PreparedDefinition, Reference } from './definition.js';
import { type DefinitionOrigin, DefinitionSource, definitionKind, metadataOf, subjectOf } from './definition-source.js';
import { prepareFunctionTest } from './function-test.js';
import { Preparation } from './preparation.js';
import type { PrepareContext } from './prepare-context.js';
import { prepareResourceFunction } from './resource-function.js';
import { prepareResourceTemplate } from './resource-template.js';
import { checkSchema } from './schema-check.js';
import { prepareValueFunction } from './value-function.js';
import { prepareWorkflow } from './workflow.js';

/** A definition ready to be linked, or everything that is wrong with it. */
export type PrepareResult =
  | {
      readonly status: 'prepared';
      readonly definition: PreparedDefinition;
      /** What will fail when it is evaluated, if it ever is; the rest of the definition runs. */
      readonly warnings: readonly Problem[];
    }
  | {
      readonly status: 'broken';
      readonly problems: readonly Problem[];
      /** What it refers to, as far as it can be read. */
      readonly references: readonly Reference[];
      /** The kind that a broken Workflow's `crdRef` names, as far as it can be read. */
      readonly trigger?: GroupVersionKind;
    };

/** Checks a definition, compiles its expressions and finds what it refers to. Never throws; tells all problems at once. */
export function prepareDefinition(resource: Resource, from: DefinitionOrigin, context: PrepareContext): PrepareResult {
  const subject = { name: subjectOf(resource), store: from.store, origin: from.origin };
  const kind = definitionKind(resource);
  const preparation = new Preparation(context, subject, metadataOf(resource));
  if (kind === undefined) {
    preparation.report('unknown-kind', 'is no kind of definition of this version', ['kind']);
    return { status: 'broken', problems: preparation.problems, references: [] };
  }
  if (isTooDeep(resource, context.limits.documentDepth)) {
    const limit = `${context.limits.documentDepth} (limits.documentDepth)`;
    preparation.report('document-limit', `the definition is nested deeper than the limit of ${limit}`, []);
    return { status: 'broken', problems: preparation.problems, references: [] };
  }
  for (const { isKey, message, path } of checkSchema(kind, asJson(resource))) {
    if (isKey) preparation.reportKey('schema', message, path);
    else preparation.report('schema', message, path);
  }
  const definition = prepareKind(kind, new DefinitionSource(resource, preparation));
  const { problems, warnings } = preparation;
  if (definition !== undefined && problems.length === 0) {
    return { status: 'prepared', definition, warnings: firstProblems(warnings.toSorted(byPlace)) };
  }
  const trigger = definition?.kind === 'Workflow' ? definition.trigger : undefined;
  return {
    status: 'broken',
    problems: firstProblems([...problems, ...warnings].toSorted(byPlace)),
    references: definition?.references ?? [],
    ...(trigger === undefined ? {} : { trigger }),
  };
}

function prepareKind(kind: DefinitionKind, source: DefinitionSource): PreparedDefinition | undefined {
  switch (kind) {
    case 'ValueFunction':
      return prepareValueFunction(source);
    case 'ResourceFunction':
      return prepareResourceFunction(source);
    case 'ResourceTemplate':
      return prepareResourceTemplate(source);
    case 'Workflow':
      return prepareWorkflow(source);
    case 'FunctionTest':
      return prepareFunctionTest(source);
  }
}

/** Stores other than files hold no text that was measured; what is recursive here must be safe from all of them. */
function isTooDeep(resource: Resource, limit: number): boolean {
  const queue: { value: unknown; depth: number }[] = [{ value: resource, depth: 0 }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { value, depth } = next;
    const children = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : undefined;
    if (children === undefined) continue;
    if (depth >= limit) return true;
    for (const child of children) queue.push({ value: child, depth: depth + 1 });
  }
  return false;
}
