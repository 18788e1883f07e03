import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { render } from '../support/helm.js';
import { done, EXAMPLE, grantedTo, install, kubectl, PLAIN, subjectOf, whenGranted } from './support/release.js';

const { test } = useOwnCluster({ tools: ['kubectl', 'helm'] });

/** Kinds of which this API server may be too old, or which are somebody else's. */
const NOT_EVERYWHERE = new Set(['PodDisruptionBudget', 'ServiceMonitor']);

test('kubectl applies the plain manifests in one go, and then finds nothing to change', async (t, cluster) => {
  const apply = () => done(t, kubectl(cluster, ['apply', '--validate=false', '-f', 'config/manifests']));
  const first = await apply();
  t.regex(first, /namespace\/koreo created/);
  t.is([...first.matchAll(/customresourcedefinition.* created/g)].length, 5);
  t.regex(first, /deployment\.apps\/koreo created/);
  await done(t, kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']));
  await whenGranted(cluster, PLAIN, 'events');
  const second = await apply();
  t.deepEqual(
    // An old server drops what it does not know of a CRD.
    second.split('\n').filter((line) => !/^$|^customresourcedefinition| unchanged$/.test(line)),
    [],
  );
});

test('the server takes every object that the chart can render', async (t, cluster) => {
  for (const values of [
    {},
    { controller: { replicas: 3, pdb: { enabled: true }, serviceMonitor: { enabled: true } } },
    { controller: { resourceNamespace: ['default', 'koreo'] }, development: true },
    {
      controller: {
        rbac: {
          extraRules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] }],
          namespace: { read_write: { '': ['configmaps'] } },
          cluster: { read_only: { v1: ['namespaces'] } },
        },
        service: { enabled: true },
      },
    },
  ]) {
    const manifests = render(values).filter(({ kind }) => !NOT_EVERYWHERE.has(kind));
    const told = await done(
      t,
      kubectl(cluster, ['apply', '--validate=false', '--dry-run=server', '-f', '-'], manifests),
    );
    t.is(told.trim().split('\n').length, manifests.length);
  }
});

test('what the ServiceAccount of the chart may do is what it needs, and no more', async (t, cluster) => {
  await install(t, cluster, PLAIN);
  const may = async (...args: readonly string[]) =>
    (await kubectl(cluster, ['auth', 'can-i', ...args, `--as=${subjectOf(PLAIN)}`])).stdout.trim() === 'yes';
  for (const allowed of [
    ['list', 'workflows.koreo.dev', '-A'],
    ['watch', 'functiontests.koreo.dev', '-A'],
    ['patch', 'workflows.koreo.dev', '--subresource=status', '-n', 'team'],
    ['list', 'customresourcedefinitions'],
    ['create', 'events', '-n', 'team'],
    ['patch', 'leases.coordination.k8s.io/koreo', '-n', 'koreo'],
  ]) {
    t.true(await may(...allowed), allowed.join(' '));
  }
  for (const refused of [
    ['get', 'secrets', '-n', 'koreo'],
    ['list', 'secrets', '-A'],
    ['patch', 'workflows.koreo.dev', '-n', 'koreo'],
    ['delete', 'workflows.koreo.dev', '-n', 'koreo'],
    ['create', 'customresourcedefinitions'],
    ['patch', 'leases.coordination.k8s.io/other', '-n', 'koreo'],
    ['delete', 'leases.coordination.k8s.io/koreo', '-n', 'koreo'],
    ['create', 'leases.coordination.k8s.io', '-n', 'kube-system'],
    ['create', 'pods', '-n', 'koreo'],
    ['create', 'pods/exec', '-n', 'koreo'],
    ['impersonate', 'users'],
    ['create', 'serviceaccounts/token', '-n', 'koreo'],
    ['escalate', 'clusterroles'],
    ['patch', 'deployments.apps/koreo', '-n', 'kube-system'],
  ]) {
    t.false(await may(...refused), refused.join(' '));
  }
});

test('what people grant with the label is added to the controller, and applying the chart again leaves it', async (t, cluster) => {
  await install(t, cluster, PLAIN);
  await done(t, kubectl(cluster, ['apply', '-f', `${EXAMPLE}/rbac.yaml`]));
  await whenGranted(cluster, PLAIN, 'web.example.com');
  await install(t, cluster, PLAIN);
  t.true((await grantedTo(PLAIN, cluster)).includes('web.example.com'));
});
