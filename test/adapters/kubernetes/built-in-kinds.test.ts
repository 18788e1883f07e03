import type { ExecutionContext } from 'ava';
import {
  asJson,
  asResource,
  type ContestedField,
  ForbiddenError,
  getAt,
  InvalidResourceError,
  type JsonObject,
  mergePatch,
  NotFoundError,
  type Resource,
  refOf,
  type Store,
  SystemClock,
  UnavailableError,
} from 'koreo-kernel';
import { kubernetesStore } from 'koreo-kernel/adapters/kubernetes';
import type { Cluster } from '../../support/cluster/cluster.js';
import { useCluster } from '../../support/cluster/use-cluster.js';

const cluster = useCluster();

/** A store on the cluster, closed with the test. */
function storeOn(t: ExecutionContext, { kubeconfig }: Cluster, options: JsonObject = {}): Store {
  const context = { name: 'cluster', baseDirectory: '.', clock: new SystemClock() };
  const store = kubernetesStore.create(context, { kubeconfig, ...options });
  t.teardown(() => store.close());
  return store;
}

/** What the test makes goes with it. */
function gone(t: ExecutionContext, on: Cluster, resource: Resource): Resource {
  t.teardown(() => on.remove(resource));
  return resource;
}

function deployment(name: string, over: JsonObject = {}): Resource {
  const labels = { app: name };
  const base = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels: { team: 'a' } },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'web:1',
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
            },
          ],
        },
      },
    },
  };
  return asResource(mergePatch(base, over));
}

cluster.test(
  'a Deployment: replicas are set once, a sidecar and an annotation of others stay, what a target drops goes',
  async (t, on) => {
    const store = storeOn(t, on);
    const target = gone(t, on, deployment('once'));
    await store.create(deployment('once', { spec: { replicas: 2 } }), { lasting: target });
    await on.patch(target, { spec: { replicas: 5 }, metadata: { annotations: { note: 'mine' } } });
    await on.apply(
      asResource({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'once', namespace: 'default' },
        spec: {
          selector: { matchLabels: { app: 'once' } },
          template: { spec: { containers: [{ name: 'sidecar', image: 'side:1' }] } },
        },
      }),
    );
    const next = deployment('once', {
      metadata: { labels: null },
      spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2', env: [{ name: 'B', value: '2' }] }] } } },
    });
    const contested: ContestedField[] = [];
    const applied = asJson(await store.apply(next, { onContested: (fields) => contested.push(...fields) }));
    t.is(getAt(applied, ['spec', 'replicas']), 5);
    t.deepEqual(getAt(applied, ['metadata', 'annotations', 'note']), 'mine');
    t.is(getAt(applied, ['metadata', 'labels']), undefined);
    const containers = getAt(applied, ['spec', 'template', 'spec', 'containers']) as readonly JsonObject[];
    t.deepEqual(containers.map(({ name, image, env }) => [name, image, env]).toSorted(), [
      ['sidecar', 'side:1', undefined],
      ['web', 'web:2', [{ name: 'B', value: '2' }]],
    ]);
    t.deepEqual(contested, []);
    const { resourceVersion } = (await store.apply(next)).metadata;
    t.is(resourceVersion, (await store.get(refOf(next)))?.metadata.resourceVersion);
  },
);

cluster.test(
  'a field that somebody else changed is taken back, and told of; where conflicts are refused, named',
  async (t, on) => {
    const store = storeOn(t, on);
    const target = gone(t, on, deployment('contested', { spec: { replicas: 2 } }));
    await store.create(target);
    await store.apply(deployment('contested', { spec: { replicas: 3 } }));
    await on.patch(target, { spec: { replicas: 9 } });
    const refusing = storeOn(t, on, { conflicts: 'refuse' });
    const error = await t.throwsAsync(refusing.apply(deployment('contested', { spec: { replicas: 3 } })));
    t.is(error?.message, 'other field managers have set .spec.replicas (somebody)');
    const contested: ContestedField[] = [];
    const applied = await store.apply(deployment('contested', { spec: { replicas: 3 } }), {
      onContested: (fields) => contested.push(...fields),
    });
    t.is(getAt(asJson(applied), ['spec', 'replicas']), 3);
    t.deepEqual(contested, [{ path: '.spec.replicas', manager: 'somebody' }]);
  },
);

cluster.test('a Service and a ConfigMap: ports by their keys, data that a target drops', async (t, on) => {
  const store = storeOn(t, on);
  const service = (ports: readonly JsonObject[]): Resource =>
    asResource({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ports', namespace: 'default' },
      spec: { selector: { app: 'x' }, ports },
    });
  gone(
    t,
    on,
    await store.create(
      service([
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ]),
    ),
  );
  const applied = asJson(
    await store.apply(
      service([
        { name: 'b', port: 81 },
        { name: 'c', port: 82 },
      ]),
    ),
  );
  const ports = getAt(applied, ['spec', 'ports']) as readonly JsonObject[];
  t.deepEqual(ports.map(({ name, port }) => [name, port]).toSorted(), [
    ['b', 81],
    ['c', 82],
  ]);

  const map = (data: JsonObject): Resource =>
    asResource({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'data', namespace: 'default' }, data });
  gone(t, on, await store.create(map({ a: '1', b: '2' })));
  await on.patch(map({}), { data: { theirs: '3' } });
  t.deepEqual((await store.apply(map({ b: '4' }))).data, { b: '4', theirs: '3' });
});

cluster.test('a cluster-scoped kind has no namespace', async (t, on) => {
  const store = storeOn(t, on);
  const role = (verbs: readonly string[]): Resource =>
    asResource({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'koreo-test-role' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
    });
  gone(t, on, await store.create(role(['get'])));
  t.like(await store.kind(role([])), { plural: 'clusterroles', namespaced: false });
  const applied = await store.apply(role(['get', 'list']));
  t.is(applied.metadata.namespace, undefined);
  t.deepEqual(getAt(asJson(applied), ['rules', 0, 'verbs']), ['get', 'list']);
  await store.delete(refOf(applied));
  t.is(await store.get(refOf(applied)), undefined);
});

cluster.test('what is invalid is told by field and rule, and of a Secret without its values', async (t, on) => {
  const store = storeOn(t, on);
  const broken = await t.throwsAsync(
    store.create(deployment('broken', { metadata: { labels: { team: 'hunter2!' } } })),
    {
      instanceOf: InvalidResourceError,
    },
  );
  t.regex(broken?.message ?? '', /^the server refused it: metadata\.labels: a valid label must be/);
  t.notRegex(broken?.message ?? '', /hunter2/);
  const typed = await t.throwsAsync(store.create(deployment('broken', { spec: { replicas: 'many' } })), {
    instanceOf: InvalidResourceError,
  });
  t.notRegex(typed?.message ?? '', /many/);
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' } };
  for (const data of [{ password: 'hunter2*' }, { password: { hunter2: 1 } }]) {
    const error = await t.throwsAsync(store.create(asResource({ ...secret, data })), {
      instanceOf: InvalidResourceError,
    });
    t.notRegex(error?.message ?? '', /hunter2|aHVudGVyMg/);
  }
});

cluster.test(
  'a namespace that is not there, and one that ends, are waited for; what is not allowed is not',
  async (t, on) => {
    const store = storeOn(t, on);
    const map = (namespace: string): Resource =>
      asResource({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace } });
    const missing = await t.throwsAsync(store.create(map('not-there')), { instanceOf: NotFoundError });
    t.is(missing?.message, 'namespaces "not-there" not found');
    const finalizers = ['koreo.dev/test'];
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'koreo-ending' } };
    await on.apply(asResource(namespace));
    const held = asResource(mergePatch(asJson(map('koreo-ending')), { metadata: { name: 'held', finalizers } }));
    await store.create(held);
    await store.delete({ ...namespace, name: 'koreo-ending' });
    await t.throwsAsync(store.create(map('koreo-ending')), { instanceOf: UnavailableError });
    await store.patch(refOf(held), { metadata: { finalizers: null } });

    const nobody = storeOn(t, on, { impersonate: { user: 'nobody', groups: ['nobodies'] } });
    const forbidden = await t.throwsAsync(nobody.create(map('default')), { instanceOf: ForbiddenError });
    t.regex(forbidden?.message ?? '', /User "nobody" cannot create resource "configmaps"/);
  },
);

cluster.test('a list is put together from its pages', async (t, on) => {
  const store = storeOn(t, on, { watch: { pageSize: 2 } });
  const names = ['p1', 'p2', 'p3', 'p4', 'p5'];
  for (const name of names) {
    const metadata = { name, namespace: 'default', labels: { 'koreo-test': 'pages' } };
    gone(t, on, await store.create(asResource({ apiVersion: 'v1', kind: 'ConfigMap', metadata })));
  }
  const selector = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default' };
  const { items, revision } = await store.list(selector, { labels: { 'koreo-test': 'pages' } });
  t.deepEqual(
    items.map(({ metadata }) => metadata.name),
    names,
  );
  t.true(
    items.every((item) => item.kind === 'ConfigMap' && item.apiVersion === 'v1' && !('managedFields' in item.metadata)),
  );
  t.not(revision, '');
});
