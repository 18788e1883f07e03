import {
  annotationOf,
  annotations,
  asJson,
  ForbiddenError,
  getAt,
  groupOf,
  KOREO_API_VERSION,
  type Resource,
  UnknownKindError,
} from '../../kernel/index.js';
import type { OpenStores } from '../open-stores.js';

/** Why a trigger that was not run may not have been, for a person. */
export async function explainSilence(trigger: Resource, opened: OpenStores): Promise<string> {
  if (isPaused(trigger)) return pausedText;
  const { kind } = trigger;
  const workflows = await workflowsFor(trigger, opened);
  if (workflows === undefined) return 'is a `koreo run` at work for this deployment?';
  if (workflows.length === 0) return `no Workflow is there whose crdRef names the kind ${kind} (${trigger.apiVersion})`;
  return `is a \`koreo run\` at work for this deployment? The Workflow ${workflows.join(', ')} waits for one`;
}

/** Whether the trigger's author has stopped its runs. */
export function isPaused(trigger: Resource): boolean {
  return annotationOf(trigger, annotations.paused) === 'true';
}

/** What to say of a trigger whose runs are stopped. */
export const pausedText = `it is paused; it runs again when the annotation ${annotations.paused} is taken away`;

/** Undefined where this user may not look at Workflows. */
async function workflowsFor(
  { apiVersion, kind }: Resource,
  { all, loaded }: OpenStores,
): Promise<readonly string[] | undefined> {
  const stores = new Set(loaded.config.definitions.map(({ store }) => all.get(store)));
  const lists = await Promise.all(
    [...stores].map(async (store) => {
      try {
        return (await store?.list({ apiVersion: KOREO_API_VERSION, kind: 'Workflow' }))?.items ?? [];
      } catch (error) {
        if (error instanceof UnknownKindError) return [];
        if (error instanceof ForbiddenError) return undefined;
        throw error;
      }
    }),
  );
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  if (lists.includes(undefined)) return undefined;
  return lists
    .flatMap((workflows) => workflows ?? [])
    .filter((workflow) => {
      const names = (key: string, value: string): boolean => getAt(asJson(workflow), ['spec', 'crdRef', key]) === value;
      return names('apiGroup', groupOf(apiVersion)) && names('version', version) && names('kind', kind);
    })
    .map(({ metadata }) => metadata.name);
}
