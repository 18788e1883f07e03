import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { asResource } from 'koreo-kernel';
import { ApiProxy } from '../support/cluster/api-proxy.js';
import type { ApiCallError } from '../support/cluster/api-request.js';
import { Cluster } from '../support/cluster/cluster.js';
import { writeKubeconfig } from '../support/cluster/kubeconfig.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { tempFolder } from '../support/temp-folder.js';

const { test } = useOwnCluster({ auditLog: true });

function configMap(name: string, more: object = {}) {
  return asResource({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, ...more });
}

test('what is applied is there, can be patched, listed and removed', async (t, cluster) => {
  await cluster.apply(configMap('a', { data: { x: '1' } }));
  await cluster.patch(configMap('a'), { data: { y: '2' } });
  t.like(await cluster.get(configMap('a')), { data: { x: '1', y: '2' } } as never);
  t.true((await cluster.list('v1', 'ConfigMap')).some(({ metadata }) => metadata.name === 'a'));
  await cluster.remove(configMap('a'));
  t.is(await cluster.get(configMap('a')), undefined);
  const writes = cluster.auditLog.writes(/^a-test/).map(({ objectRef, verb }) => `${verb} ${objectRef?.name}`);
  t.deepEqual(writes, ['patch a', 'patch a', 'delete a']);
});

test('a user without rights may not read, until a binding says so', async (t, cluster) => {
  const kubeconfig = `${tempFolder(t)}/kubeconfig`;
  writeKubeconfig(kubeconfig, [cluster.context('plain')]);
  const plain = new Cluster(kubeconfig);
  await t.throwsAsync(plain.list('v1', 'ConfigMap', 'default'), { message: /403/ });
  await cluster.apply(
    asResource({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'plain-views', namespace: 'default' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'plain' }],
    }),
  );
  t.truthy(await eventually('the right to read', () => plain.list('v1', 'ConfigMap', 'default')));
});

test('what is owned goes with its owner', async (t, cluster) => {
  await cluster.apply(configMap('owner'));
  const uid = (await cluster.get(configMap('owner')))?.metadata.uid ?? '';
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
  const owned = configMap('owned');
  await cluster.apply({ ...owned, metadata: { ...owned.metadata, ownerReferences } } as never);
  await cluster.remove(configMap('owner'));
  await eventually('its end', async () => (await cluster.get(owned)) === undefined);
  t.is(await cluster.get(owned), undefined);
});

test('a server that is killed starts again with its data, and one that is paused goes on', async (t, cluster) => {
  await cluster.apply(configMap('stays'));
  await cluster.apiServer.kill();
  await t.throwsAsync(cluster.get(configMap('stays')));
  await cluster.apiServer.start();
  t.truthy(await cluster.get(configMap('stays')));
  await cluster.etcd.kill();
  await cluster.etcd.start();
  await cluster.apiServer.untilReady();
  cluster.apiServer.pause();
  const answer = cluster.get(configMap('stays'));
  cluster.apiServer.resume();
  t.truthy(await answer);
});

test('what came before a compaction cannot be asked for', async (t, cluster) => {
  const before = (await cluster.get(configMap('stays')))?.metadata.resourceVersion;
  await cluster.patch(configMap('stays'), { data: { x: '1' } });
  await cluster.compactEtcd();
  const path = `/api/v1/configmaps?limit=1&resourceVersion=${before}&resourceVersionMatch=Exact`;
  await t.throwsAsync(cluster.call({ path }), { message: /410/ });
});

test('a token that is replaced, and one that is too old, are refused', async (t, cluster) => {
  const file = `${tempFolder(t)}/kubeconfig`;
  await cluster.apply(
    asResource({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'default' } }),
  );
  const ask = (token: string) => {
    writeKubeconfig(file, [{ ...cluster.context(), user: { token } }]);
    return new Cluster(file).list('v1', 'ConfigMap', 'default');
  };
  const short = await cluster.serviceAccountToken({ namespace: 'default', name: 'robot' }, 3);
  await t.throwsAsync(ask(short), { message: /403/ });
  await eventually('its refusal', () =>
    ask(short).then(
      () => false,
      (error: ApiCallError) => error.code === 401,
    ),
  );

  const old = cluster.token('plain');
  await t.notThrowsAsync(ask(old));
  const renewed = await cluster.replaceToken('plain');
  await t.throwsAsync(ask(old), { message: /401/ });
  await t.notThrowsAsync(ask(renewed));
});

test('a line of a watch that is cut in its middle is never seen whole, and a network that is down comes back', async (t, cluster) => {
  const proxy = await ApiProxy.start(cluster);
  t.teardown(() => proxy.stop());
  const file = `${tempFolder(t)}/kubeconfig`;
  writeKubeconfig(file, [proxy.context()]);
  const through = new Cluster(file);
  const path = '/api/v1/namespaces/default/configmaps';
  const broken = through.call({ path: `${path}?watch=1` });
  await eventually('the watch', async () => proxy.watches.includes(path));
  const cut = proxy.cutInsideLine(/configmaps$/);
  await cluster.patch(configMap('stays'), { data: { x: '2' } });
  await t.throwsAsync(broken, { code: 'ECONNRESET' });
  await cut;
  t.deepEqual(proxy.watches, []);
  await proxy.down();
  await t.throwsAsync(through.get(configMap('stays')), { code: 'ECONNREFUSED' });
  await proxy.up();
  t.truthy(await through.get(configMap('stays')));
  t.is(proxy.requests.filter((one) => one.method === 'GET' && one.query.has('watch')).length, 1);
});

test('nothing is left of a cluster that was stopped', async (t, cluster) => {
  const pid = cluster.apiServer.pid ?? 0;
  t.true(existsSync(dirname(cluster.kubeconfig)));
  await cluster.stop();
  t.false(existsSync(dirname(cluster.kubeconfig)));
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});
