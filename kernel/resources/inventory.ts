import type { ManagedNode, ManagedResource, ManagedWorkflow } from '../model/managed-resources.js';
import { refKey } from '../model/resource.js';

/** A text that is the same for records of the same resource, and for nothing else. */
export function managedKey(resource: ManagedResource): string {
  return `${resource.store ?? ''} ${refKey(resource)}`;
}

/** The part of a record that is about resources which are to be kept; undefined when none is. */
export function pruneManaged(
  record: ManagedWorkflow,
  keep: (resource: ManagedResource) => boolean,
): ManagedWorkflow | undefined {
  const steps = Object.entries(record.resources).map(([label, node]) => [label, prune(node, keep)] as const);
  const kept = steps.filter(([, node]) => node !== null);
  return kept.length === 0 ? undefined : { ...record, resources: Object.fromEntries(kept) };
}

function prune(node: ManagedNode, keep: (resource: ManagedResource) => boolean): ManagedNode {
  if (node === null) return null;
  if (isItems(node)) {
    const items = node.map((item) => prune(item, keep)).filter((item) => item !== null);
    return items.length === 0 ? null : items;
  }
  if ('resources' in node) return pruneManaged(node, keep) ?? null;
  return keep(node) ? node : null;
}

/**
 * The resources of a record in the order in which they are let go: the last step first, each wave when the one before it
 * is gone. Items of one forEach go together.
 */
export function releaseWaves(node: ManagedNode): readonly (readonly ManagedResource[])[] {
  if (node === null) return [];
  if (isItems(node)) return together(node.map(releaseWaves));
  if ('resources' in node) return Object.values(node.resources).reverse().flatMap(releaseWaves);
  return [[node]];
}

function together(
  items: readonly (readonly (readonly ManagedResource[])[])[],
): readonly (readonly ManagedResource[])[] {
  const longest = Math.max(0, ...items.map((waves) => waves.length));
  return Array.from({ length: longest }, (_, index) => items.flatMap((waves) => waves[index] ?? []));
}

function isItems(node: ManagedNode): node is readonly ManagedNode[] {
  return Array.isArray(node);
}
