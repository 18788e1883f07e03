import { customResourceDefinition } from '../../config/index.js';
import {
  type DefinitionLookup,
  groupOf,
  guessPlural,
  type JsonObject,
  type PreparedWorkflow,
} from '../../kernel/index.js';
import type { CrdForOptions } from '../commands/crd-for.js';
import { UsageError } from '../usage-error.js';
import { triggerShape } from './trigger-shape.js';

/** What Kubernetes takes for the plural of a kind. */
const PLURAL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * A CRD of the kind that starts a Workflow. Its `spec` has what the Workflow and its Logic read; what they say of no type may be
 * anything. @throws UsageError when nothing starts it that a CRD could be made of
 */
export function triggerCrd(
  workflow: PreparedWorkflow,
  definitions: DefinitionLookup,
  { plural, scope }: Pick<CrdForOptions, 'plural' | 'scope'>,
): JsonObject {
  const { name, trigger } = workflow;
  if (trigger === undefined) throw new UsageError(`Workflow ${name} has no crdRef: it starts as a part of others only`);
  const group = groupOf(trigger.apiVersion);
  if (group === '')
    throw new UsageError(`${trigger.kind}, which starts Workflow ${name}, is of the core group: it has no CRD`);
  const named = plural ?? guessPlural(trigger.kind);
  if (!PLURAL.test(named)) throw new UsageError(`--plural ${named}: it must be small letters, digits and dashes`);
  const { spec, specNeeded } = specOf(workflow, definitions);
  return customResourceDefinition({
    group,
    version: trigger.apiVersion.slice(group.length + 1),
    kind: trigger.kind,
    plural: named,
    scope,
    description: `Starts the Workflow ${name}.`,
    spec,
    needsSpec: specNeeded,
    status: STATUS,
    columns: [],
  });
}

function specOf(workflow: PreparedWorkflow, definitions: DefinitionLookup) {
  const shape = triggerShape(workflow, definitions).field('spec');
  const { description: _readers, ...schema } = shape?.schema() ?? { 'x-kubernetes-preserve-unknown-fields': true };
  // The spec of a custom resource is a mapping, also where nothing is known of it.
  const spec: JsonObject = { description: `What the Workflow ${workflow.name} reads.`, ...schema, type: 'object' };
  return { spec, specNeeded: shape?.needed === true };
}

/** What the kernel writes beside the conditions. */
const STATUS: JsonObject = {
  state: {
    description: 'The state that the Workflow keeps.',
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
  },
  koreo: {
    description: 'What went wrong in the last run, and which request for a run was answered.',
    type: 'object',
    nullable: true,
    'x-kubernetes-preserve-unknown-fields': true,
  },
};
