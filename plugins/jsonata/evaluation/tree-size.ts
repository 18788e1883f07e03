import type { Value } from '../values/kinds.js';

/** Lists that are shorter are counted anew each time, which costs less than remembering. */
const SHORT = 8;

/**
 * The number of items of a list with those of lists in it, to any depth, each as often as it is met. A few lists can hold
 * one another so often that walking them would never end: each is counted once, and remembered.
 */
export function treeSize(list: readonly Value[], known: WeakMap<readonly Value[], number>): number {
  const before = known.get(list);
  if (before !== undefined) return before;
  let size = list.length;
  for (const item of list) if (Array.isArray(item)) size += treeSize(item, known);
  if (size >= SHORT || size > list.length) known.set(list, size);
  return size;
}
