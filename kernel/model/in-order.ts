import type { MaybePromise } from './json.js';

/** Takes one step after the other for each item and gives the results in order; a promise only once a step gave one. */
export function inOrder<A, B>(
  items: readonly A[],
  step: (item: A, index: number) => MaybePromise<B>,
): MaybePromise<readonly B[]> {
  const results: B[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const result = step(items[index] as A, index);
    if (result instanceof Promise) return finish(items, step, results, result);
    results.push(result);
  }
  return results;
}

async function finish<A, B>(
  items: readonly A[],
  step: (item: A, index: number) => MaybePromise<B>,
  results: B[],
  pending: Promise<B>,
): Promise<readonly B[]> {
  results.push(await pending);
  for (const [index, item] of items.entries()) {
    if (index >= results.length) results.push(await step(item, index));
  }
  return results;
}
