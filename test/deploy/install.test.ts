import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { freePorts } from '../support/cluster/ports.js';
import { callTool, type ToolResult } from '../support/cluster/tools.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { find, type Manifest, render } from '../support/helm.js';
import { startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';

const { test } = useOwnCluster({
  tools: ['kubectl', 'helm'],
  auditLog: true,
  // As OpenShift has it: whoever says of an owner that it blocks needs rights for the owner's finalizers.
  apiServerArgs: ['--enable-admission-plugins=OwnerReferencesPermissionEnforcement'],
});

const SUBJECT = 'system:serviceaccount:koreo:koreo';
const EXAMPLE = 'examples/cluster';

/** Kinds of which this API server may be too old, or which are somebody else's. */
const NOT_EVERYWHERE = new Set(['PodDisruptionBudget', 'ServiceMonitor']);

/** Calls kubectl against the cluster; CRDs say more than the oldest server knows. */
function kubectl(cluster: OwnCluster, args: readonly string[], input?: unknown): Promise<ToolResult> {
  return callTool('kubectl', args, {
    env: cluster.env,
    ...(input === undefined ? {} : { input: typeof input === 'string' ? input : asList(input as readonly unknown[]) }),
  });
}

function asList(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

async function done(t: ExecutionContext, result: Promise<ToolResult>): Promise<string> {
  const { code, stdout, stderr } = await result;
  t.is(code, 0, stderr);
  return stdout;
}

test('kubectl applies the plain manifests in one go, and then finds nothing to change', async (t, cluster) => {
  const apply = () => done(t, kubectl(cluster, ['apply', '--validate=false', '-f', 'config/manifests']));
  const first = await apply();
  t.regex(first, /namespace\/koreo created/);
  t.is([...first.matchAll(/customresourcedefinition.* created/g)].length, 5);
  t.regex(first, /deployment\.apps\/koreo created/);
  await done(t, kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']));
  await aggregated(cluster);
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
  await install(t, cluster);
  await aggregated(cluster);
  const may = async (...args: readonly string[]) =>
    (await kubectl(cluster, ['auth', 'can-i', ...args, `--as=${SUBJECT}`])).stdout.trim() === 'yes';
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
  await install(t, cluster);
  const rules = async () => JSON.stringify((await clusterRole(cluster, 'koreo-resources')).rules ?? []);
  await done(t, kubectl(cluster, ['apply', '-f', `${EXAMPLE}/rbac.yaml`]));
  await eventually('the rules', async () => (await rules()).includes('web.example.com'));
  await install(t, cluster);
  t.true((await rules()).includes('web.example.com'));
});

test('with those rights and the ones of the example the controller does its work, and is refused nothing', async (t, cluster) => {
  await install(t, cluster);
  await done(
    t,
    kubectl(cluster, ['apply', '--validate=false', '-f', `${EXAMPLE}/crds.yaml`, '-f', `${EXAMPLE}/rbac.yaml`]),
  );
  await done(t, kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']));
  await done(t, kubectl(cluster, ['-n', 'koreo', 'apply', '--validate=false', '-f', `${EXAMPLE}/definitions`]));
  await eventually('the rules', async () =>
    JSON.stringify((await clusterRole(cluster, 'koreo-resources')).rules ?? []).includes('web.example.com'),
  );

  const { running, port } = await startController(t, cluster);
  await eventually('readiness', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  t.true((await fetch(`http://127.0.0.1:${port}/livez`)).ok);
  await done(t, kubectl(cluster, ['apply', '-f', `${EXAMPLE}/website.yaml`]));
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'hello', namespace: 'default' } };
  const made = await eventually('the Deployment', () => cluster.get(deployment));
  // No pods run here: what a kubelet would bring about is said in its place.
  await cluster.patch(
    deployment,
    {
      status: {
        observedGeneration: made.metadata.generation ?? 1,
        replicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
      },
    },
    'status',
  );
  const waited = ['-n', 'default', 'wait', '--for=condition=Ready', '--timeout=60s', 'website/hello'];
  t.regex(await done(t, kubectl(cluster, waited)), /website\.web\.example\.com\/hello condition met/);
  await done(
    t,
    kubectl(cluster, ['-n', 'koreo', 'wait', '--for=condition=Ready', '--timeout=30s', 'workflow/website.v1']),
  );
  const changes = () =>
    cluster.auditLog
      .writes(/^system:serviceaccount:koreo:koreo$/)
      .filter(({ objectRef }) => objectRef?.resource === 'deployments' && objectRef.subresource === undefined).length;
  const putRight = async () => {
    const before = changes();
    await cluster.patch(deployment, { spec: { replicas: 5 } });
    const mended = await eventually('what was changed by hand is put right', async () => {
      const now: Manifest = await cluster.get(deployment);
      return now.spec.replicas === 2 ? now : undefined;
    });
    t.is(mended.metadata.ownerReferences?.[0].kind, 'Website');
    return changes() - before;
  };
  // The first time, that it was created has first to count as applied.
  t.is(await putRight(), 2);
  t.is(await putRight(), 1);
  await done(t, kubectl(cluster, ['delete', '--timeout=60s', '-f', `${EXAMPLE}/website.yaml`]));

  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0, running.stderr);
  const asked = cluster.auditLog.entries().filter(({ user }) => user.username === SUBJECT);
  t.true(asked.length > 20);
  const refused = asked
    .filter(({ responseStatus }) => responseStatus?.code === 403)
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
  t.deepEqual(refused, []);
});

/** Applies the chart with values that tests of one cluster may share, as often as they like. */
async function install(t: ExecutionContext, cluster: OwnCluster): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'koreo' } };
  await done(t, kubectl(cluster, ['apply', '--validate=false', '-f', '-'], [namespace, ...render()]));
}

async function clusterRole(cluster: OwnCluster, name: string): Promise<Manifest> {
  return cluster.get({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name } });
}

/** Resolves when the cluster has summed up what the chart's own ClusterRole grants. */
async function aggregated(cluster: OwnCluster): Promise<void> {
  await eventually('the sum of the rules', async () =>
    JSON.stringify((await clusterRole(cluster, 'koreo-resources')).rules ?? []).includes('events'),
  );
}

/** Starts `koreo run` as the pod of the chart would: with the ConfigMap of the chart and a token of its ServiceAccount. */
async function startController(t: ExecutionContext, cluster: OwnCluster) {
  const { server, ca } = cluster.context();
  const cwd = tempFolder(t, { 'account/ca.crt': ca, 'account/token': await tokenOf(cluster) });
  const [port = 0] = await freePorts(1);
  const values = {
    config: {
      stores: [{ name: 'cluster', type: 'kubernetes', server, serviceAccount: join(cwd, 'account') }],
      server: { address: '127.0.0.1', port },
    },
  };
  mkdirSync(join(cwd, 'etc'));
  writeFileSync(join(cwd, 'etc/koreo.config.yaml'), find(render(values), 'ConfigMap').data['koreo.config.yaml']);
  const running = startKoreo(t, ['run', '--config', 'etc/koreo.config.yaml'], { cwd });
  return { running, port };
}

async function tokenOf(cluster: OwnCluster): Promise<string> {
  const answer: Manifest = await cluster.call({
    method: 'POST',
    path: '/api/v1/namespaces/koreo/serviceaccounts/koreo/token',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
  });
  return answer.status.token;
}
