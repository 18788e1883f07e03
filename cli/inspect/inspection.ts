import {
  annotationOf,
  annotations,
  asJson,
  definitionKind,
  getAt,
  isObject,
  type JsonObject,
  parseManaged,
  type Resource,
  type Store,
} from '../../kernel/index.js';
import { definitionHealth, preparedDefinitions } from '../get/definition-health.js';
import type { Health } from '../health/health.js';
import { healthOf } from '../health/resource-health.js';
import type { OpenStores } from '../open-stores.js';
import { explainSilence, isPaused, pausedText } from '../reconcile/silence.js';
import { type ConditionView, conditionsIn, readyIn } from './condition-view.js';
import { treeOf, type WorkflowTree } from './managed-tree.js';
import { ownersOf, viewManaged } from './managed-view.js';

/** A resource with all that is known of how it is, and what is managed for it. */
export interface Inspection {
  readonly resource: Resource;
  readonly store: Store;
  readonly health: Health;
  /** Whether it is as it should be. */
  readonly isReady: boolean;
  readonly conditions: readonly ConditionView[];
  readonly owners: readonly string[];
  /** What the kernel tells of the last run: `errors`, `locations`, `state_errors`, `lastHandledReconcileAt`. */
  readonly koreo: JsonObject;
  readonly state: JsonObject;
  /** What the last run was about; undefined when none has been recorded. */
  readonly managed?: WorkflowTree;
  /** What a person should know beside: it is paused, nothing runs it. */
  readonly remarks: readonly string[];
}

/** Where an inspection looks. */
export interface InspectionPlace {
  readonly opened: OpenStores;
  readonly store: Store;
  readonly cwd: string;
}

/** Looks at a resource and at all that is managed for it. */
export async function inspection(resource: Resource, place: InspectionPlace): Promise<Inspection> {
  const { opened, store } = place;
  const record = annotationOf(resource, annotations.managedResources);
  const managed = record === undefined ? undefined : parseManaged(record);
  const health = await ownHealth(resource, place);
  const ready = readyIn(resource);
  return {
    resource,
    store,
    health,
    isReady: health.status === 'Current' && (ready === undefined || ready.status === 'True'),
    conditions: conditionsIn(resource),
    owners: ownersOf(resource),
    koreo: mappingAt(resource, 'koreo'),
    state: mappingAt(resource, 'state'),
    ...(managed === undefined ? {} : { managed: await treeOf(managed, (one) => viewManaged(one, opened)) }),
    remarks: await remarksOn(resource, place),
  };
}

/** A definition is as it should be when it can be used. */
async function ownHealth(resource: Resource, { opened, store, cwd }: InspectionPlace): Promise<Health> {
  if (definitionKind(resource) === undefined) return healthOf(resource);
  const found = definitionHealth({ resource, store: store.name }, await preparedDefinitions(opened.loaded, cwd));
  if (found === undefined || found.ready === 'True') return healthOf(resource);
  const message = [found.reason, found.message].filter((text) => text !== '').join(': ');
  return { status: found.ready !== 'Unknown' ? 'Failed' : 'InProgress', message };
}

async function remarksOn(resource: Resource, { opened }: InspectionPlace): Promise<readonly string[]> {
  if (isPaused(resource)) return [pausedText];
  const wasRun = readyIn(resource) !== undefined || annotationOf(resource, annotations.managedResources) !== undefined;
  if (wasRun || definitionKind(resource) !== undefined) return [];
  return [`no run of it is recorded: ${await explainSilence(resource, opened)}`];
}

function mappingAt(resource: Resource, key: string): JsonObject {
  const value = getAt(asJson(resource), ['status', key]);
  return isObject(value) ? value : {};
}
