import {
  annotations,
  asJson,
  type Condition,
  flattenManaged,
  formatRef,
  getAt,
  isBeingDeleted,
  isList,
  isObject,
  type Json,
  type ManagedWorkflow,
  parseManaged,
  type Resource,
} from '../../kernel/index.js';
import type { Health, HealthStatus } from '../health/health.js';
import { hasRule, healthOf } from '../health/resource-health.js';

/** Whether a resource is as it should be, and why not. Empty where nobody says. */
export interface Readiness {
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
}

/** A resource as a line of a table. */
export interface ResourceRow extends Readiness {
  readonly namespace: string;
  readonly name: string;
  readonly age: string;
  readonly managed: readonly string[];
  readonly workflow: string;
  readonly store: string;
}

/** What the table says of a resource. */
export function resourceRow(resource: Resource, { store, now, readiness: known }: RowContext): ResourceRow {
  const { name, namespace = '' } = resource.metadata;
  const managed = managedBy(resource);
  return {
    namespace,
    name,
    ...(known ?? readiness(resource)),
    age: age(resource, now),
    managed: managed === undefined ? [] : flattenManaged(managed).map(formatRef),
    workflow: managed?.workflow ?? '',
    store,
  };
}

/** What a row says beside the resource itself. */
export interface RowContext {
  readonly store: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When someone knows it better than the resource's own conditions. */
  readonly readiness?: Readiness | undefined;
}

function readiness(resource: Resource): Readiness {
  const { status, reason, message } = readyCondition(resource);
  // What was true before it was to go is no longer what people ask for; only what its controller says of its going is.
  const isOutdated = isBeingDeleted(resource) && reason !== DELETING;
  if (isOutdated || (status === undefined && hasRule(resource))) return readinessFromHealth(healthOf(resource));
  return { ready: text(status), reason: text(reason), message: text(message) };
}

/** What the kernel gives as the reason of a trigger that goes, with what it waits for. */
const DELETING = 'Deleting';

const READY: Readonly<Record<HealthStatus, string>> = {
  Current: 'True',
  InProgress: 'Unknown',
  Failed: 'False',
  Terminating: 'False',
  NotFound: 'False',
  Unknown: 'Unknown',
};

function readinessFromHealth({ status, message }: Health): Readiness {
  return { ready: READY[status], reason: status, message };
}

/** The condition as far as it is there; anyone may have written nonsense in its place. */
function readyCondition(resource: Resource): Partial<Record<keyof Condition, Json>> {
  const conditions = getAt(asJson(resource), ['status', 'conditions']);
  const ready = isList(conditions) ? conditions.find((one) => getAt(one, ['type']) === 'Ready') : undefined;
  return isObject(ready) ? ready : {};
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The record that the kernel keeps with a trigger; anyone may have written nonsense there. */
function managedBy({ metadata }: Resource): ManagedWorkflow | undefined {
  const record = metadata.annotations?.[annotations.managedResources];
  return record === undefined ? undefined : parseManaged(record);
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/**
 * How long the resource has been there, in the largest whole unit, as kubectl shows it: 5s, 3m, 2h, 4d. Files and plain
 * JSON do not know when something was created; then it is how long the trigger has been as ready as it is.
 */
function age(resource: Resource, now: number): string {
  const since = resource.metadata.creationTimestamp ?? text(readyCondition(resource).lastTransitionTime);
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  if (Number.isNaN(seconds)) return '';
  const [unit, size] = UNITS.find(([, one]) => seconds >= one) ?? ['s', 1];
  return `${Math.floor(seconds / size)}${unit}`;
}
