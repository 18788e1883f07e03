import type { Json } from 'koreo-kernel';
import { installCrds, refusals } from '../support/cluster/server-judgement.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { projectDefinitions } from '../support/project-definitions.js';

const { test } = useOwnCluster();

/**
 * Whether there is an empty text in it: a server before 1.25 that was built with a newer compiler than its time takes one
 * for null.
 */
function holdsEmptyText(value: Json): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(holdsEmptyText);
  return value === '';
}

test('every server takes the CRDs, and every definition in which the kernel finds nothing wrong', async (t, cluster) => {
  await installCrds(cluster);
  const good = projectDefinitions().filter(
    ({ refused, resource }) => !refused && !holdsEmptyText(resource.spec ?? null),
  );
  t.true(good.length > 250);
  for (const { title, resource } of good) t.deepEqual(await refusals(cluster, resource), [], title);
});
