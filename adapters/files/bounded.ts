/** Does the work for each item, so many at a time, and gives the results in the order of the items. Rejects with the first error, when all has ended that had begun. */
export async function mapBounded<A, B>(
  items: readonly A[],
  limit: number,
  work: (item: A) => Promise<B>,
): Promise<readonly B[]> {
  const results: B[] = [];
  const entries = items.entries();
  const runner = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, runner));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return results;
}
