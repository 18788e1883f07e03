import { readFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import type { Manifest } from '../support/helm.js';
import {
  done,
  EXAMPLE,
  install,
  kubectl,
  PLAIN,
  type Release,
  refusedTo,
  startController,
  subjectOf,
  whenGranted,
} from './support/release.js';

const { test } = useOwnCluster({
  tools: ['kubectl', 'helm'],
  auditLog: true,
  // As OpenShift has it: whoever says of an owner that it blocks needs rights for the owner's finalizers.
  apiServerArgs: ['--enable-admission-plugins=OwnerReferencesPermissionEnforcement'],
});

const deploymentIn = (namespace: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'hello', namespace },
});

/** Of one namespace, beside what lies in none. */
const BOUNDED: Release = {
  namespace: 'bounded',
  clusterName: 'koreo-bounded',
  values: {
    crds: { install: false },
    controller: {
      resourceNamespace: 'team',
      rbac: { cluster: { read_write: { 'web.example.com': ['listings'] } } },
    },
  },
};

test('with its rights and those of the example the controller does its work, and is refused nothing', async (t, cluster) => {
  await prepare(t, cluster, PLAIN);
  const { running, url } = await startController(t, cluster, PLAIN);
  await eventually('readiness', async () => (await fetch(`${url}/readyz`)).ok);
  t.true((await fetch(`${url}/livez`)).ok);
  await becomesReady(t, cluster, 'default');
  const definitions = ['-n', 'koreo', 'wait', '--for=condition=Ready', '--timeout=30s', 'workflow/website.v1'];
  await done(t, kubectl(cluster, definitions));
  // The first time, that it was created has first to count as applied.
  t.is(await writesToPutRight(t, cluster), 2);
  t.is(await writesToPutRight(t, cluster), 1);
  await done(t, kubectl(cluster, ['delete', '--timeout=60s', '-f', `${EXAMPLE}/website.yaml`]));
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0, running.stderr);
  t.deepEqual(refusedTo(t, cluster, PLAIN), []);
});

test('a controller of one namespace needs rights in that one only', async (t, cluster) => {
  await prepare(t, cluster, BOUNDED);
  const { running } = await startController(t, cluster, BOUNDED);
  await becomesReady(t, cluster, 'team');
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0, running.stderr);
  t.deepEqual(refusedTo(t, cluster, BOUNDED), []);
  const elsewhere = ['auth', 'can-i', 'get', 'deployments.apps', '-n', 'kube-system', `--as=${subjectOf(BOUNDED)}`];
  t.is((await kubectl(cluster, elsewhere)).stdout.trim(), 'no');
});

/** Installs a release, and the example for it. */
async function prepare(t: ExecutionContext, cluster: OwnCluster, release: Release): Promise<void> {
  // The CRDs are the plain release's.
  await install(t, cluster, PLAIN);
  const team = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };
  await done(t, kubectl(cluster, ['apply', '-f', '-'], [team]));
  await install(t, cluster, release);
  const kinds = ['-f', `${EXAMPLE}/crds.yaml`, '-f', `${EXAMPLE}/rbac.yaml`];
  await done(t, kubectl(cluster, ['apply', '--validate=false', ...kinds]));
  await done(t, kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']));
  const definitions = ['-n', release.namespace, 'apply', '--validate=false', '-f', `${EXAMPLE}/definitions`];
  await done(t, kubectl(cluster, definitions));
  await whenGranted(cluster, release, 'web.example.com');
}

/** Asks for the website of the example, and waits for it as people do. */
async function becomesReady(t: ExecutionContext, cluster: OwnCluster, namespace: string): Promise<void> {
  const website = readFileSync(`${EXAMPLE}/website.yaml`, 'utf8').replace('default', namespace);
  await done(t, kubectl(cluster, ['apply', '-f', '-'], website));
  const deployment = deploymentIn(namespace);
  const made = await eventually('the Deployment', () => cluster.get(deployment));
  // No pods run here: what a kubelet would bring about is said in its place.
  const counts = { replicas: 2, readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2 };
  const status = { ...counts, observedGeneration: Number(made.metadata.generation ?? 1) };
  await cluster.patch(deployment, { status }, 'status');
  const wait = ['-n', namespace, 'wait', '--for=condition=Ready', '--timeout=60s', 'website/hello'];
  t.regex(await done(t, kubectl(cluster, wait)), /website\.web\.example\.com\/hello condition met/);
}

/** Changes the Deployment by hand, and counts what the controller writes until it is right again. */
async function writesToPutRight(t: ExecutionContext, cluster: OwnCluster): Promise<number> {
  const writes = () =>
    cluster.auditLog
      .writes(/^system:serviceaccount:koreo:koreo$/)
      .filter(({ objectRef }) => objectRef?.resource === 'deployments' && objectRef.subresource === undefined).length;
  const before = writes();
  await cluster.patch(deploymentIn('default'), { spec: { replicas: 5 } });
  const mended = await eventually('what was changed by hand is put right', async () => {
    const now: Manifest = await cluster.get(deploymentIn('default'));
    return now.spec.replicas === 2 ? now : undefined;
  });
  t.is(mended.metadata.ownerReferences?.[0].kind, 'Website');
  return writes() - before;
}
