import { type Notice, type Resource, type Store, SystemClock } from 'koreo-kernel';
import { kubernetesStore } from '../../adapters/kubernetes/index.js';
import type { Cluster } from '../support/cluster/cluster.js';
import { callTool } from '../support/cluster/tools.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { SwitchFence } from '../support/switch-fence.js';

const { test } = useCluster({ tools: ['kubectl'] });

const FAILURE: Notice = { type: 'Warning', reason: 'Failure', action: 'Reconcile', message: 'The flour is missing.' };

function storeOf({ kubeconfig }: Cluster, fence?: SwitchFence): Store {
  const context = { name: 'cluster', baseDirectory: '.', clock: new SystemClock() };
  return kubernetesStore.create(fence === undefined ? context : { ...context, fence }, { kubeconfig });
}

async function made(cluster: Cluster, apiVersion: string, kind: string, metadata: Resource['metadata']) {
  const resource: Resource = { apiVersion, kind, metadata };
  await cluster.apply(resource);
  const found = await cluster.get(resource);
  if (found === undefined) throw new Error(`${kind} ${metadata.name} is not there`);
  return { ...found, apiVersion, kind };
}

test('kubectl describe shows what was announced, counted up when it was announced again', async (t, cluster) => {
  const about = await made(cluster, 'v1', 'ConfigMap', { name: 'bread', namespace: 'default' });
  const store = storeOf(cluster);
  store.announce?.(about, FAILURE);
  const events = await eventually('an Event', async () => {
    const all = await cluster.list('events.k8s.io/v1', 'Event', 'default');
    const mine = all.filter((event) => (event.regarding as { uid?: string } | undefined)?.uid === about.metadata.uid);
    return mine.length > 0 && mine;
  });
  t.is(events.length, 1);
  store.announce?.(about, FAILURE);
  store.announce?.(about, { ...FAILURE, type: 'Normal', reason: 'Ready', message: 'Baked.' });
  await store.close();
  const described = await callTool('kubectl', ['describe', 'configmap', 'bread'], { env: cluster.env });
  t.regex(described.stdout, /Warning +Failure +\S.*koreo.* +The flour is missing\./);
  t.regex(described.stdout, /Normal +Ready +\S.*koreo.* +Baked\./);
  const [again] = (await cluster.list('events.k8s.io/v1', 'Event', 'default')).filter(
    ({ metadata }) => metadata.name === events[0]?.metadata.name,
  );
  t.is((again?.series as { count?: number } | undefined)?.count, 2);
  await cluster.remove(about);
});

test('what is announced about a cluster-scoped object is found too', async (t, cluster) => {
  const about = await made(cluster, 'v1', 'Namespace', { name: 'announced' });
  const store = storeOf(cluster);
  store.announce?.(about, FAILURE);
  const selector = 'involvedObject.kind=Namespace,involvedObject.name=announced';
  const shown = await eventually('an Event', async () => {
    const call = ['get', 'events', '-A', '--field-selector', selector];
    const { stdout } = await callTool('kubectl', call, { env: cluster.env });
    return stdout.includes('Failure') && stdout;
  });
  t.regex(shown, /default .*Warning +Failure +namespace\/announced +The flour is missing\./);
  await store.close();
  await cluster.remove(about);
});

test('a process that does not lead announces nothing', async (t, cluster) => {
  const about = await made(cluster, 'v1', 'ConfigMap', { name: 'silent', namespace: 'default' });
  const fence = new SwitchFence();
  fence.fall();
  const store = storeOf(cluster, fence);
  store.announce?.(about, FAILURE);
  await store.close();
  const all = await cluster.list('events.k8s.io/v1', 'Event', 'default');
  t.deepEqual(
    all.filter((event) => (event.regarding as { name?: string } | undefined)?.name === 'silent'),
    [],
  );
  await cluster.remove(about);
});
