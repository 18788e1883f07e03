import { createKernel, type Resource, SystemClock } from 'koreo-kernel';
import { kubernetesStore } from 'koreo-kernel/adapters/kubernetes';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import type { Cluster } from '../support/cluster/cluster.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { definition, order, resources, workflow } from '../support/kernel-harness.js';

const { test } = useCluster();

const REF = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'contested', namespace: 'default' } } as const;

/** An Order, in memory, becomes a ConfigMap in the cluster. */
const WORLD = [
  definition('ResourceFunction', 'settings', {
    apiConfig: { apiVersion: 'v1', kind: 'ConfigMap', name: 'contested', namespace: 'default', owned: false },
    resource: { data: { color: '=inputs.color' } },
    create: { delay: 1 },
    update: { patch: { delay: 1 } },
  }),
  workflow('orders', [
    {
      label: 'settings',
      ref: { kind: 'ResourceFunction', name: 'settings' },
      inputs: { color: '=parent.spec.color' },
    },
  ]),
].join('');

interface World {
  readonly triggers: MemoryStore;
  stop(): Promise<void>;
  condition(type: string): Resource['status'];
}

async function begin({ kubeconfig }: Cluster, trigger: string): Promise<World> {
  const clock = new SystemClock();
  const cluster = kubernetesStore.create({ name: 'cluster', baseDirectory: '.', clock }, { kubeconfig });
  const triggers = new MemoryStore({ resources: resources(WORLD + trigger) });
  const kernel = createKernel({
    plugins: [cel],
    stores: [triggers, cluster],
    routing: [{ kind: 'ConfigMap', store: 'cluster' }],
    defaultStore: triggers.name,
    definitions: [{ store: triggers.name }],
    loop: { contested: { times: 3, windowSeconds: 6, initialSeconds: 0.5, maximumSeconds: 1 } },
  });
  await kernel.start();
  return {
    triggers,
    async stop() {
      await kernel.stop();
      await cluster.close();
    },
    condition(type) {
      const { status } = triggers.resources.find(({ kind }) => kind === 'Order') ?? {};
      return (status?.conditions as readonly Resource['status'][] | undefined)?.find((one) => one?.type === type);
    },
  };
}

/** As the manager of fields that the tests' own client is. */
async function somebodyPaints(cluster: Cluster, wanted: string): Promise<void> {
  await cluster.patch(REF, { data: { color: wanted } });
}

async function color(cluster: Cluster, wanted: string): Promise<Resource> {
  return eventually(`the color ${wanted}`, async () => {
    const found = await cluster.get(REF);
    return (found?.data as { color?: string } | undefined)?.color === wanted && found;
  });
}

test('a fight over a field names it and the other manager, and is over when the other stops', async (t, cluster) => {
  const world = await begin(cluster, order('one', { color: 'red' }));
  await color(cluster, 'red');
  for (let times = 0; times < 3; times += 1) {
    await somebodyPaints(cluster, 'blue');
    await color(cluster, 'red');
  }
  const told = await eventually('the condition', async () => world.condition('Contested') ?? false);
  t.regex(
    String(told?.message),
    /^ConfigMap default\/contested \(data\.color, which somebody changes\) had to be put back 3/,
  );
  await eventually('the end of the condition', async () => world.condition('Contested') === undefined);
  await color(cluster, 'red');
  await world.stop();
  await cluster.remove(REF);
});

test('drift that is only to be told is told and left, until something else is wanted', async (t, cluster) => {
  const trigger = order('one', { color: 'red' }).replace(
    '"namespace":',
    '"annotations":{"koreo.dev/drift":"detect"},$&',
  );
  const world = await begin(cluster, trigger);
  await color(cluster, 'red');
  await eventually('Ready', async () => world.condition('Ready')?.status === 'True');
  await somebodyPaints(cluster, 'blue');
  const told = await eventually('the condition', async () => {
    const condition = world.condition('Drifted');
    return condition?.status === 'True' && condition;
  });
  t.regex(String(told.message), /ConfigMap default\/contested \(data\.color\)/);
  await color(cluster, 'blue');
  const [before] = world.triggers.resources.filter(({ kind }) => kind === 'Order');
  if (before !== undefined) world.triggers.put({ ...before, spec: { color: 'green' } } as Resource);
  await color(cluster, 'green');
  await eventually('the end of it', async () => world.condition('Drifted')?.status === 'False');
  await world.stop();
  await cluster.remove(REF);
});
