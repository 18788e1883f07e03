import {
  annotations,
  asJson,
  type Condition,
  flattenManaged,
  formatRef,
  getAt,
  isList,
  isObject,
  type Json,
  type ManagedWorkflow,
  parseManaged,
  type Resource,
} from '../../kernel/index.js';

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
export function resourceRow(resource: Resource, { store, now, readiness }: RowContext): ResourceRow {
  const { name, namespace = '', creationTimestamp } = resource.metadata;
  const managed = managedBy(resource);
  return {
    namespace,
    name,
    ...(readiness ?? readyCondition(resource)),
    age: creationTimestamp === undefined ? '' : age(now - Date.parse(creationTimestamp)),
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

function readyCondition(resource: Resource): Readiness {
  const conditions = getAt(asJson(resource), ['status', 'conditions']);
  const ready = isList(conditions) ? conditions.find((one) => getAt(one, ['type']) === 'Ready') : undefined;
  const { status, reason, message } = (isObject(ready) ? ready : {}) as Partial<Record<keyof Condition, Json>>;
  return { ready: text(status), reason: text(reason), message: text(message) };
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

/** The largest whole unit, as kubectl shows it: 5s, 3m, 2h, 4d. */
function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (Number.isNaN(seconds)) return '';
  const [unit, size] = UNITS.find(([, one]) => seconds >= one) ?? ['s', 1];
  return `${Math.floor(seconds / size)}${unit}`;
}
