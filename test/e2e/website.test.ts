import type { ExecutionContext } from 'ava';
import { asResource } from 'koreo-kernel';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { installCrds } from '../support/cluster/server-judgement.js';
import { callTool } from '../support/cluster/tools.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { Controller } from './support/controller.js';
import { crdOf } from './support/kinds.js';
import { conditionOf, installExample, letPodsRun, madeOf, untilReady, valueAt, website } from './support/website.js';

const { before, test } = useOwnCluster({ auditLog: true, tools: ['kubectl'] });

/** The user agent by which the controller's requests are known. */
const KOREO = /^koreo/;

before(installExample);

function start(t: ExecutionContext, cluster: OwnCluster): Promise<Controller> {
  return Controller.start(t, { env: cluster.env });
}

function waitFor(cluster: OwnCluster, condition: string, resource: string, seconds: number) {
  const args = ['wait', `--for=${condition}`, resource, `--timeout=${seconds}s`];
  return callTool('kubectl', args, { env: cluster.env });
}

test('a trigger becomes what it should, and kubectl wait returns when it is ready and not before', async (t, cluster) => {
  const controller = await start(t, cluster);
  const hello = website('hello', { replicas: 2 });
  await cluster.apply(hello);
  let returned = false;
  const waiting = waitFor(cluster, 'condition=Ready', 'website/hello', 60).finally(() => {
    returned = true;
  });
  const { page, server, address, listing } = madeOf('hello');
  await eventually('the Service', () => cluster.get(address));
  await eventually('that it waits for the server', async () => {
    const shown = conditionOf((await cluster.get(hello))?.status, 'Ready');
    return shown?.status === 'Unknown' && shown.reason === 'Wait' && /has not looked at it/.test(String(shown.message));
  });
  t.is((await waitFor(cluster, 'condition=Ready', 'website/hello', 1)).code, 1);
  t.false(returned);
  t.is(await cluster.get(listing), undefined, 'it is told of only what serves');

  await letPodsRun(cluster, 'hello');
  const waited = await waiting;
  t.is(waited.code, 0, waited.stderr);
  const ready = await untilReady(cluster, hello);
  t.like(ready.status, { state: { url: 'http://hello.default' } });
  t.is(conditionOf(ready.status, 'Serving')?.status, 'True');
  t.like(await cluster.get(page), { data: { 'index.html': '<h1>Hello</h1>' } } as never);
  t.like(await cluster.get(server), { spec: { replicas: 2 } });
  t.like(await cluster.get(address), { spec: { selector: { 'app.kubernetes.io/name': 'hello' } } });
  t.like(await cluster.get(listing), { spec: { url: 'http://hello.default' } });
  const owner = {
    kind: 'Website',
    name: 'hello',
    uid: ready.metadata.uid,
    controller: false,
    blockOwnerDeletion: true,
  };
  for (const made of [page, server, address]) {
    t.like((await cluster.get(made))?.metadata.ownerReferences?.[0], owner, made.kind);
  }
  t.is((await cluster.get(listing))?.metadata.ownerReferences, undefined);
  t.is(await controller.stop(), 0, controller.output);
});

test('in steady state nothing is written, run after run', async (t, cluster) => {
  const controller = await start(t, cluster);
  await untilReady(cluster, website('hello'));
  await controller.until(({ trigger, outcome }) => trigger?.name === 'hello' && outcome?.type === 'Ok');
  const written = cluster.auditLog.writes(KOREO).length;
  t.true(written > 5);
  const runs = controller.runsOf('hello').length;
  await eventually('three more runs', () => controller.runsOf('hello').length > runs + 2);
  t.deepEqual(cluster.auditLog.writes(KOREO).slice(written), []);
});

test('what is managed follows an edit, and Ready is not told before it does', async (t, cluster) => {
  const controller = await start(t, cluster);
  const { page, server } = madeOf('hello');
  await untilReady(cluster, website('hello'));
  await cluster.apply(website('hello', { page: '<h1>Hi</h1>', replicas: 3 }));
  await eventually('the page', async () => (await valueAt(cluster, page, ['data', 'index.html'])) === '<h1>Hi</h1>');
  await eventually('the replicas', async () => (await valueAt(cluster, server, ['spec', 'replicas'])) === 3);
  await untilReady(cluster, website('hello'), 'Unknown');
  t.is((await waitFor(cluster, 'condition=Ready', 'website/hello', 1)).code, 1);
  await letPodsRun(cluster, 'hello');
  t.is((await waitFor(cluster, 'condition=Ready', 'website/hello', 60)).code, 0);
  t.true(controller.isRunning);
});

test('what was changed by hand is put right before any period is over, and what others added stays', async (t, cluster) => {
  await Controller.start(t, { env: cluster.env, config: { loop: { periodSeconds: 86_400 } } });
  await untilReady(cluster, website('hello'));
  const { page } = madeOf('hello');
  await cluster.patch(page, { data: { 'index.html': 'spoiled', 'robots.txt': 'Disallow: /' } });
  await eventually('the page', async () => (await valueAt(cluster, page, ['data', 'index.html'])) === '<h1>Hi</h1>');
  t.is(await valueAt(cluster, page, ['data', 'robots.txt']), 'Disallow: /');
  const { address } = madeOf('hello');
  await cluster.remove(address);
  await eventually('the Service', () => cluster.get(address));
});

test('a trigger that is paused is left alone and says so, until it is not', async (t, cluster) => {
  const controller = await start(t, cluster);
  const hello = website('hello');
  const { page } = madeOf('hello');
  await untilReady(cluster, hello);
  await cluster.patch(hello, { metadata: { annotations: { 'koreo.dev/paused': 'true' } } });
  await eventually('the pause', async () => {
    const ready = conditionOf((await cluster.get(hello))?.status, 'Ready');
    return ready?.reason === 'Paused' && ready.status === 'Unknown';
  });
  const runs = controller.runsOf('hello').filter(({ changes }) => (changes ?? []).length > 0).length;
  await cluster.patch(hello, { spec: { page: 'paused' } });
  // Something else is run from beginning to end meanwhile.
  await cluster.apply(website('other'));
  await letPodsRun(cluster, 'other');
  await untilReady(cluster, website('other'));
  t.is(await valueAt(cluster, page, ['data', 'index.html']), '<h1>Hi</h1>');
  t.is(controller.runsOf('hello').filter(({ changes }) => (changes ?? []).length > 0).length, runs);
  await cluster.patch(hello, { metadata: { annotations: { 'koreo.dev/paused': null } } });
  await eventually('the page', async () => (await valueAt(cluster, page, ['data', 'index.html'])) === 'paused');
});

test('what was made of a trigger goes with it, what it cannot own too, and what another has stays', async (t, cluster) => {
  await start(t, cluster);
  const other = website('other');
  await untilReady(cluster, other);
  await cluster.remove(other);
  for (const made of Object.values(madeOf('other'))) {
    await eventually(`the end of ${made.kind}`, async () => (await cluster.get(made)) === undefined);
  }
  await eventually('its own end', async () => (await cluster.get(other)) === undefined);
  for (const made of Object.values(madeOf('hello'))) t.truthy(await cluster.get(made), made.kind);
});

test('a trigger kind without the status subresource shows the same, and its own status wakes it not', async (t, cluster) => {
  const controller = await start(t, cluster);
  await installCrds(cluster, [crdOf('Note', { scope: 'Cluster', withoutStatusApart: true })]);
  const metadata = (name: string) => ({ name, namespace: 'default' });
  await cluster.apply(
    asResource({
      apiVersion: 'koreo.dev/v1beta1',
      kind: 'ValueFunction',
      metadata: metadata('note-length.v1'),
      spec: { return: { length: '=size(inputs.text)' } },
    }),
    asResource({
      apiVersion: 'koreo.dev/v1beta1',
      kind: 'Workflow',
      metadata: metadata('note.v1'),
      spec: {
        crdRef: { apiGroup: 'web.example.com', version: 'v1', kind: 'Note' },
        steps: [
          {
            label: 'length',
            ref: { kind: 'ValueFunction', name: 'note-length.v1' },
            inputs: { text: '=parent.spec.text' },
            state: { length: '=value.length' },
          },
        ],
      },
    }),
  );
  const note = asResource({
    apiVersion: 'web.example.com/v1',
    kind: 'Note',
    metadata: { name: 'short' },
    spec: { text: 'abc' },
  });
  await cluster.apply(note);
  const waited = await waitFor(cluster, 'condition=Ready', 'note/short', 60);
  t.is(waited.code, 0, waited.stderr);
  const first = await cluster.get(note);
  t.like(first?.status, { state: { length: 3 } });
  const runs = controller.runsOf('short').length;
  await eventually('three more runs', () => controller.runsOf('short').length > runs + 2);
  t.is((await cluster.get(note))?.metadata.resourceVersion, first?.metadata.resourceVersion);
  await cluster.patch(note, { spec: { text: 'abcd' } });
  t.is((await waitFor(cluster, 'condition=Ready', 'note/short', 60)).code, 0);
  t.is(await valueAt(cluster, note, ['status', 'state', 'length']), 4, 'it waited for what was asked for last');
});
