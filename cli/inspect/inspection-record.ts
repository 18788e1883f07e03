import { type Difference, formatPath, type Json, type Resource } from '../../kernel/index.js';
import type { Inspection } from './inspection.js';
import type { ManagedTree } from './managed-tree.js';
import type { ManagedView } from './managed-view.js';
import { redacted } from './redacted.js';

/** An inspection as programs read it. Whole resources are in it only where they are wanted. */
export function inspectionRecord(inspection: Inspection, { whole }: { readonly whole: boolean }): object {
  const { resource, store, health, isReady, conditions, owners, koreo, state, managed, remarks } = inspection;
  const { apiVersion, kind, metadata } = resource;
  return {
    apiVersion,
    kind,
    namespace: metadata.namespace ?? null,
    name: metadata.name,
    store: store.name,
    ready: isReady,
    health,
    conditions,
    owners,
    remarks,
    lastRun: koreo,
    state,
    managed: managed === undefined ? null : treeRecord(managed, whole),
    ...wholeOf(resource, whole),
  };
}

function treeRecord(tree: ManagedTree, whole: boolean): object | null {
  switch (tree.type) {
    case 'nothing':
      return null;
    case 'resource':
      return viewRecord(tree.view, whole);
    case 'items':
      return tree.items.map((item) => treeRecord(item, whole));
    case 'workflow': {
      const steps = tree.steps.map(({ label, tree: step }) => [label, treeRecord(step, whole)]);
      return { workflow: tree.workflow, steps: Object.fromEntries(steps) };
    }
  }
}

function viewRecord({ record, store, health, conditions, owners, differences, resource }: ManagedView, whole: boolean) {
  const { apiVersion, kind, name, namespace, readonly: isReadOnly, resourceFunction } = record;
  return {
    apiVersion,
    kind,
    namespace: namespace ?? null,
    name,
    store: store ?? null,
    readonly: isReadOnly,
    resourceFunction,
    health,
    conditions,
    owners,
    differences: differences === null ? null : differences.map((difference) => differenceRecord(difference, kind)),
    ...(resource === undefined ? {} : wholeOf(resource, whole)),
  };
}

function differenceRecord({ path, target, actual }: Difference, kind: string): object {
  const values: { readonly recorded?: Json | undefined; readonly actual?: Json | undefined } =
    kind === 'Secret' ? {} : { recorded: target, actual };
  return { path: formatPath(path), ...values };
}

function wholeOf(resource: Resource, whole: boolean): { readonly resource?: Resource } {
  return whole ? { resource: redacted(resource) } : {};
}
