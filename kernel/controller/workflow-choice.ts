import type { DefinitionEntry, DefinitionLookup } from '../definitions/definition-lookup.js';
import type { PreparedWorkflow } from '../language/definition.js';
import { annotations } from '../model/names.js';
import { formatProblem } from '../model/problem.js';
import { annotationOf, type Resource } from '../model/resource.js';

/** Which Workflow is to run for a trigger, or why none can. */
export type WorkflowChoice =
  | { readonly type: 'run'; readonly workflow: PreparedWorkflow; readonly entry: DefinitionEntry }
  | {
      readonly type: 'none';
      readonly reason: 'NoWorkflow' | 'MultipleWorkflows' | 'WorkflowNotReady';
      readonly message: string;
      /** The one that is not ready. */
      readonly entry?: DefinitionEntry;
    };

/** Chooses the Workflow whose `crdRef` names the trigger's kind, or the one that the trigger's annotation names. */
export function chooseWorkflow(definitions: DefinitionLookup, trigger: Resource): WorkflowChoice {
  const named = annotationOf(trigger, annotations.workflow);
  if (named !== undefined) {
    const entry = definitions.find('Workflow', named);
    return entry === undefined
      ? none('NoWorkflow', `There is no Workflow ${named}, which the annotation ${annotations.workflow} names.`)
      : judge(entry);
  }
  const [entry, ...others] = definitions.workflowsFor(trigger);
  if (entry === undefined) {
    return none('NoWorkflow', `No Workflow has a crdRef that names ${trigger.apiVersion} ${trigger.kind}.`);
  }
  if (others.length === 0) return judge(entry);
  const names = [entry, ...others].map(({ name }) => name).sort();
  return none(
    'MultipleWorkflows',
    `Several Workflows have a crdRef that names ${trigger.apiVersion} ${trigger.kind}: ${names.join(', ')}. ` +
      `The annotation ${annotations.workflow} chooses one by name.`,
  );
}

/**
 * A text that changes when the choice would lead to another run: it holds the version of what was chosen, and not of
 * what was passed over.
 */
export function choiceStamp(choice: WorkflowChoice): string {
  const { entry } = choice;
  if (entry !== undefined) return `${entry.namespace}/${entry.name}@${entry.version} ${entry.status}`;
  return choice.type === 'none' ? choice.message : '';
}

function judge(entry: DefinitionEntry): WorkflowChoice {
  switch (entry.status) {
    case 'ready': {
      const { definition } = entry;
      if (definition.kind !== 'Workflow') throw new Error(`${entry.name} is not a Workflow but a ${definition.kind}`);
      return { type: 'run', workflow: definition, entry };
    }
    case 'waiting':
      return notReady(entry, `waits: ${entry.waitingFor.join('; ')}`);
    case 'broken':
      return notReady(entry, `is broken: ${entry.problems.map(formatProblem).join('; ')}`);
  }
}

function notReady(entry: DefinitionEntry, why: string): WorkflowChoice {
  return { ...none('WorkflowNotReady', `Workflow ${entry.name} ${why}`), entry };
}

function none(reason: 'NoWorkflow' | 'MultipleWorkflows' | 'WorkflowNotReady', message: string) {
  return { type: 'none', reason, message } as const;
}
