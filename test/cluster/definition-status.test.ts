import type { ExecutionContext } from 'ava';
import {
  asResource,
  createKernel,
  getAt,
  type Incident,
  type JsonObject,
  type Kernel,
  type Resource,
} from 'koreo-kernel';
import kubernetes from 'koreo-kernel/adapters/kubernetes';
import cel from 'koreo-kernel/plugins/cel';
import type { Cluster } from '../support/cluster/cluster.js';
import { installCrds } from '../support/cluster/server-judgement.js';
import { callTool } from '../support/cluster/tools.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { koreo } from '../support/koreo-here.js';

const { test } = useOwnCluster({ tools: ['kubectl'], controllerManager: false });

function definition(kind: string, name: string, spec: JsonObject, namespace = 'default'): Resource {
  return asResource({ apiVersion: 'koreo.dev/v1beta1', kind, metadata: { name, namespace }, spec });
}

const ref = (name: string) => ({ label: name, ref: { kind: 'ValueFunction', name } });
const VALUE = definition('ValueFunction', 'value', { return: { a: 1 } });
const BROKEN = definition('ValueFunction', 'broken', { return: { a: '=1 +' } });
const FLOW = definition('Workflow', 'flow', {
  crdRef: { apiGroup: 'test.example.com', version: 'v1', kind: 'Thing' },
  steps: [ref('value'), ref('late')],
});

/** A controller of the cluster, started; it takes definitions from these namespaces, first ones first. */
async function controller(t: ExecutionContext, cluster: Cluster, namespaces?: readonly string[]) {
  const kernel = createKernel({
    plugins: [cel, kubernetes],
    stores: [{ name: 'cluster', type: 'kubernetes', options: { kubeconfig: cluster.kubeconfig } }],
    definitions: [{ store: 'cluster', ...(namespaces === undefined ? {} : { namespaces }) }],
  });
  const incidents: Incident[] = [];
  kernel.incidents.subscribe((incident) => incidents.push(incident));
  t.teardown(() => kernel.stop({ graceMs: 0 }));
  await kernel.start();
  return { kernel, incidents };
}

async function readyOf(cluster: Cluster, of: Resource): Promise<string> {
  const found = await cluster.get(of);
  const conditions = getAt(found?.status, ['conditions']);
  const [ready] = Array.isArray(conditions) ? conditions : [];
  return `${getAt(ready, ['status'])} ${getAt(ready, ['reason'])}`;
}

async function becomes(cluster: Cluster, of: Resource, wanted: string): Promise<void> {
  await eventually(`${of.kind} ${of.metadata.name} is ${wanted}`, async () => (await readyOf(cluster, of)) === wanted);
}

test('kubectl shows whether definitions can be used, and waits for it', async (t, cluster) => {
  await installCrds(cluster);
  for (const resource of [VALUE, BROKEN, FLOW]) await cluster.apply(resource);
  const { incidents } = await controller(t, cluster);
  await becomes(cluster, FLOW, 'Unknown Waiting');
  await becomes(cluster, BROKEN, 'False Broken');
  const table = await callTool('kubectl', ['get', 'wf', '-o', 'wide'], { env: cluster.env });
  t.regex(table.stdout, /^NAME +TRIGGER +STEPS +READY +REASON +MESSAGE +AGE$/m);
  t.regex(table.stdout, /^flow +Thing +2 +Unknown +Waiting +ValueFunction late is missing +\S+$/m);
  const all = await callTool('kubectl', ['get', 'koreo', '-A', '-o', 'name'], { env: cluster.env });
  t.is(all.stdout.trim().split('\n').length, 3);
  await cluster.apply(definition('ValueFunction', 'late', { return: { b: 1 } }));
  const wait = ['wait', '--for=condition=Ready', 'wf/flow', 'vf/late', '--timeout=30s'];
  t.like(await callTool('kubectl', wait, { env: cluster.env }), { code: 0 });
  t.deepEqual(incidents, []);
});

test('two controllers that see a definition otherwise both tell it once, and no more', async (t, cluster) => {
  for (const name of ['first', 'second']) {
    await cluster.apply(asResource({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  }
  const copies = ['first', 'second'].map((namespace) =>
    definition('ValueFunction', 'contested', { return: { a: 1 } }, namespace),
  );
  const last = definition('ValueFunction', 'last', { return: { a: 1 } }, 'first');
  const kernels: Kernel[] = [];
  for (const order of [
    ['first', 'second'],
    ['second', 'first'],
  ]) {
    kernels.push((await controller(t, cluster, order)).kernel);
  }
  await cluster.apply(...copies);
  for (const copy of copies) {
    await eventually('a status', async () => (await readyOf(cluster, copy)) !== 'undefined undefined');
  }
  // Each controller works through what it is told in order: when it has told of what came last, it has had its say on all before.
  await cluster.apply(last);
  await becomes(cluster, last, 'True Prepared');
  for (const kernel of kernels) await kernel.whenIdle();
  const before = await Promise.all(copies.map((copy) => cluster.get(copy)));
  await cluster.apply({ ...last, spec: { return: { a: '=1 +' } } });
  await becomes(cluster, last, 'False Broken');
  for (const kernel of kernels) await kernel.whenIdle();
  const after = await Promise.all(copies.map((copy) => cluster.get(copy)));
  t.deepEqual(
    after.map((copy) => copy?.metadata.resourceVersion),
    before.map((copy) => copy?.metadata.resourceVersion),
  );
});

test('koreo prune removes from a cluster what nothing uses there', async (t, cluster) => {
  const old = definition('ValueFunction', 'old', { return: { a: 1 } });
  await cluster.apply(VALUE, FLOW, old);
  const args = ['--kubeconfig', cluster.kubeconfig, '-n', 'default'];
  const shown = await koreo(['prune', ...args], { cwd: process.cwd() });
  t.is(shown.code, 0, shown.stderr);
  t.regex(shown.stdout, /^default +ValueFunction +old +\S+ +nothing refers to it$/m);
  t.truthy(await cluster.get(old));
  const removed = await koreo(['prune', '--yes', ...args], { cwd: process.cwd() });
  t.is(removed.code, 0, removed.stderr);
  t.is(await cluster.get(old), undefined);
  t.truthy(await cluster.get(VALUE));
});
