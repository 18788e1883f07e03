import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Resource, type Store, type StoreEvent, type StoreHealth, SystemClock } from 'koreo-kernel';
import { kubernetesStore } from 'koreo-kernel/adapters/kubernetes';
import { ApiProxy } from '../support/cluster/api-proxy.js';
import { writeKubeconfig } from '../support/cluster/kubeconfig.js';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { tempFolder } from '../support/temp-folder.js';

const { test } = useOwnCluster();
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;
const GADGET = { apiVersion: 'late.koreo.dev/v1', kind: 'Gadget' } as const;

test('an API server that is killed and started again under a watch: nothing is lost, nothing is told twice', async (t, cluster) => {
  const namespace = await freshNamespace(cluster, 'restarts');
  const store = open(t, cluster.kubeconfig);
  const watch = new Watch(t, store, { ...CONFIG_MAP, namespace });
  await watch.until('synced');
  await cluster.create(map(namespace, 'before'));
  await watch.until('added before');
  await cluster.create(definition('Namespaced'));
  await eventually('the kind', () => cluster.create({ ...GADGET, metadata: { name: 'stays', namespace } }));
  const custom = new Watch(t, store, { ...GADGET, namespace });
  await custom.until('synced');
  await cluster.apiServer.kill();
  const { message = '' } = await watch.health('degraded', /ConfigMap, Gadget/);
  t.regex(
    message,
    /^https:.* cannot be reached: .*; not followed since .*Z: ConfigMap, Gadget \(of 2 kinds\); trying again$/,
  );
  await cluster.apiServer.start();
  await cluster.create(map(namespace, 'after'));
  await watch.until('added after');
  await watch.health('healthy');
  t.deepEqual(watch.story, ['synced', 'added before', 'added after']);
  await cluster.patch({ ...GADGET, metadata: { name: 'stays', namespace } }, { spec: { size: 2 } });
  await custom.until('modified stays');
  t.deepEqual(custom.story, ['added stays', 'synced', 'modified stays']);
  await cluster.remove(definition('Namespaced'));
  await eventually('the end of the kind', async () => (await cluster.get(definition('Namespaced'))) === undefined);
});

test('etcd compacted while a watch was cut off: what is gone, changed and new is told, and nothing else', async (t, cluster) => {
  const namespace = await freshNamespace(cluster, 'compaction');
  const proxy = await ApiProxy.start(cluster);
  t.teardown(() => proxy.down());
  const kubeconfig = join(tempFolder(t), 'kubeconfig');
  writeKubeconfig(kubeconfig, [proxy.context()]);
  for (const name of ['gone', 'changed', 'same']) await cluster.create(map(namespace, name));
  const watch = new Watch(t, open(t, kubeconfig), { ...CONFIG_MAP, namespace });
  await watch.until('synced');
  watch.story.length = 0;
  await proxy.down();
  await cluster.remove(map(namespace, 'gone'));
  await cluster.patch(map(namespace, 'changed'), { data: { size: '2' } });
  await cluster.create(map(namespace, 'new'));
  await cluster.compactEtcd();
  // Its cache of recent changes goes with the server.
  await cluster.apiServer.restart();
  await proxy.up();
  await watch.until('deleted gone');
  t.deepEqual(watch.story.toSorted(), ['added new', 'deleted gone', 'modified changed']);
  t.true(watch.restarts.includes('expired'));
});

test('a kind that is installed after its watch began, taken away, and installed anew without namespaces', async (t, cluster) => {
  const watch = new Watch(t, open(t, cluster.kubeconfig), GADGET);
  await watch.until('synced');
  t.is(
    (await watch.health('healthy')).problems[0]?.message,
    'waiting for the kind Gadget of late.koreo.dev/v1 to be installed',
  );
  await cluster.create(definition('Namespaced'));
  const one = { ...GADGET, metadata: { name: 'one', namespace: 'default' } };
  await eventually('the kind', () => cluster.create(one));
  await watch.until('added one');
  await cluster.remove(definition('Namespaced'));
  await watch.until('deleted one');
  await eventually('the end of the kind', async () => (await cluster.get(definition('Namespaced'))) === undefined);
  await cluster.create(definition('Cluster'));
  const path = '/apis/late.koreo.dev/v1/gadgets';
  await eventually('the kind', () =>
    cluster.call({ method: 'POST', path, body: { ...GADGET, metadata: { name: 'two' } } }),
  );
  await watch.until('added two');
  t.deepEqual(watch.story, ['synced', 'added one', 'deleted one', 'added two']);
  t.deepEqual((await watch.health('healthy')).problems, []);
  await cluster.remove(definition('Cluster'));
});

/** What the watch of one selector tells, by the names of its resources. */
class Watch {
  readonly story: string[] = [];
  readonly restarts: string[] = [];
  readonly #healths: StoreHealth[] = [];

  constructor(t: ExecutionContext, store: Store, selector: Parameters<Store['watch']>[0]) {
    const subscriptions = [
      store.watch(selector).subscribe((event) => this.#tell(event)),
      store.health.subscribe((health) => this.#healths.push(health)),
      store.activity?.subscribe((one) => one.type === 'watch-restart' && this.restarts.push(one.why)),
    ];
    t.teardown(() => {
      for (const one of subscriptions) one?.unsubscribe();
    });
  }

  async until(line: string): Promise<void> {
    await eventually(line, async () => this.story.includes(line));
  }

  async health(state: StoreHealth['state'], message = /^/): Promise<StoreHealth> {
    return eventually(`the store being ${state}`, async () => {
      const last = this.#healths.at(-1);
      return last?.state === state && message.test(last.message ?? '') && last;
    });
  }

  #tell(event: StoreEvent): void {
    if (event.type === 'synced') this.story.push('synced');
    else if (event.resource.metadata.name !== 'kube-root-ca.crt') {
      this.story.push(`${event.type} ${event.resource.metadata.name}`);
    }
  }
}

function open(t: ExecutionContext, kubeconfig: string): Store {
  const store = kubernetesStore.create(
    { name: 'cluster', baseDirectory: '.', clock: new SystemClock() },
    { kubeconfig },
  );
  t.teardown(() => store.close());
  return store;
}

async function freshNamespace(cluster: OwnCluster, name: string): Promise<string> {
  await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

function map(namespace: string, name: string) {
  return { ...CONFIG_MAP, metadata: { name, namespace }, data: { size: '1' } };
}

function definition(scope: string): Resource & { metadata: { name: string } } {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gadgets.late.koreo.dev' },
    spec: {
      group: 'late.koreo.dev',
      scope,
      names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
