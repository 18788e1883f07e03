import { getKey, isList, isObject, type Json } from './json.js';
import type { GroupVersionKind } from './resource.js';

/** A resource that a run of a Workflow is about, as the annotation `koreo.dev/managed-resources` records it. */
export interface ManagedResource extends GroupVersionKind {
  readonly plural: string;
  readonly name: string;
  readonly namespace?: string;
  readonly readonly: boolean;
  /** The name of the ResourceFunction that manages it. */
  readonly resourceFunction: string;
  /** The store that holds it, when `apiConfig.store` names one; else routing says. */
  readonly store?: string;
  /** What becomes of it when the Workflow no longer wants it. */
  readonly onRelease?: 'destroy' | 'abandon';
  /** What was last applied to it, as its annotation would say, where a resource of its kind has no place for one. */
  readonly applied?: string;
}

/** What one step manages: a resource, a sub-Workflow's own record, a list of these for forEach, or nothing. */
export type ManagedNode = ManagedResource | ManagedWorkflow | readonly ManagedNode[] | null;

/** What a run of a Workflow manages, by step label. */
export interface ManagedWorkflow {
  readonly workflow: string;
  readonly resources: Readonly<Record<string, ManagedNode>>;
}

/** Every resource in a record, in the order of the steps. */
export function flattenManaged(node: ManagedNode): readonly ManagedResource[] {
  if (node === null) return [];
  if (Array.isArray(node)) return (node as readonly ManagedNode[]).flatMap(flattenManaged);
  const one = node as ManagedResource | ManagedWorkflow;
  return 'resources' in one ? Object.values(one.resources).flatMap(flattenManaged) : [one];
}

/** The record that a text holds; undefined for one that somebody has spoilt, from which nothing can be learnt. */
export function parseManaged(text: string): ManagedWorkflow | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isWorkflowRecord(value) ? (value as unknown as ManagedWorkflow) : undefined;
  } catch {
    return undefined;
  }
}

function isWorkflowRecord(value: Json): boolean {
  if (!isObject(value) || typeof getKey(value, 'workflow') !== 'string') return false;
  const resources = getKey(value, 'resources');
  return isObject(resources) && Object.values(resources).every(isNodeRecord);
}

function isNodeRecord(value: Json): boolean {
  if (value === null) return true;
  if (isList(value)) return value.every(isNodeRecord);
  return isWorkflowRecord(value) || isResourceRecord(value);
}

function isResourceRecord(value: Json): boolean {
  const texts = ['apiVersion', 'kind', 'plural', 'name', 'resourceFunction'];
  return (
    isObject(value) &&
    !Object.hasOwn(value, 'resources') &&
    texts.every((key) => typeof getKey(value, key) === 'string')
  );
}
