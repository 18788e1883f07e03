import type { Path } from '../model/path.js';

/**
 * The labels that reads name under `steps`, in the order of the steps. A read of `steps` as a whole, or under a computed
 * name, may mean any step: it counts as all that come before.
 */
export function stepsRead(reads: readonly Path[], before: readonly string[]): readonly string[] {
  const named = new Set<string>();
  for (const [root, label] of reads) {
    if (root !== 'steps') continue;
    if (typeof label === 'string') named.add(label);
    else for (const earlier of before) named.add(earlier);
  }
  const known = before.filter((label) => named.has(label));
  return [...new Set([...known, ...named])];
}

/** Says that some labels are of no step, and which ones there are. */
export function stepsBefore(unknown: readonly string[], before: readonly string[]): string {
  const earlier = before.length === 0 ? 'no step is before it' : `the steps before it are ${before.join(', ')}`;
  return `There is no step ${unknown.map((label) => `'${label}'`).join(' or ')}; ${earlier}.`;
}
