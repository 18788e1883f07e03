import { DEFINITION_KINDS, groupOf, gvkKey, KOREO_GROUP, type Resource } from '../../kernel/index.js';
import { isCustomResourceDefinition, type PlacedManifest } from './placed-manifest.js';

/**
 * The manifests in the order in which they can be applied: what others need to be there comes before them. Within a group the
 * order of the files stays.
 */
export function inApplyOrder(
  manifests: readonly PlacedManifest[],
  triggers: ReadonlySet<string>,
): readonly PlacedManifest[] {
  return [...manifests].sort((a, b) => rankOf(a.resource, triggers) - rankOf(b.resource, triggers));
}

/** 0 comes first. */
export function rankOf(resource: Resource, triggers: ReadonlySet<string>): number {
  const group = groupOf(resource.apiVersion);
  if (group === '' && resource.kind === 'Namespace') return 0;
  if (isCustomResourceDefinition(resource)) return 1;
  if (triggers.has(gvkKey(resource))) return 5;
  if (group === KOREO_GROUP) return 3 + definitionRank(resource);
  return isKubernetesOwn(group) ? 2 : 4;
}

/** Below 1; definitions come after those that they may refer to, so that they need not wait for them. */
function definitionRank(resource: Resource): number {
  return DEFINITION_KINDS.map(String).indexOf(resource.kind) / DEFINITION_KINDS.length;
}

/** Groups without a dot, such as `apps`, and those of the project itself. */
function isKubernetesOwn(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io');
}
