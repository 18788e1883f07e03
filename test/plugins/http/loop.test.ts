import test, { type ExecutionContext } from 'ava';
import type { JsonObject } from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import http from 'koreo-kernel/plugins/http';
import { MemoryStore } from 'koreo-kernel/testing';
import { eventually } from '../../support/eventually.js';
import { definition, Harness, order, workflow } from '../../support/kernel-harness.js';
import { ApiServer, answer } from './support/api-server.js';
import { BOX_KIND } from './support/box-api.js';

/** Each order has a box and, in a later step, a lid. */
const WORLD = [
  workflow('pack', [
    boxStep('box', '=parent.metadata.name', '=parent.spec.size'),
    boxStep('lid', '=steps.box.name + "-lid"', '=1'),
  ]),
  definition('ResourceFunction', 'box', {
    apiConfig: { apiVersion: 'things.example/v1', kind: 'Box', name: '=inputs.name', namespaced: false },
    resource: { spec: { size: '=inputs.size' } },
    create: { delay: 1 },
    update: { patch: { delay: 1 } },
    delete: { destroy: {} },
    return: { name: '=resource.metadata.name' },
  }),
  order('one', { size: 3 }),
].join('');

function boxStep(label: string, name: string, size: string): JsonObject {
  return { label, ref: { kind: 'ResourceFunction', name: 'box' }, inputs: { name, size } };
}

interface Loop {
  readonly server: ApiServer;
  readonly shop: Harness;
  /** Lets time pass in small steps, in which the API can answer, until it is so. */
  readonly passUntil: (what: string, isSo: () => boolean) => Promise<void>;
}

async function startLoop(t: ExecutionContext): Promise<Loop> {
  const server = await ApiServer.start(t);
  const api = {
    name: 'things',
    baseUrl: server.url,
    addresses: ['loopback'],
    pollSeconds: 20,
    retrySeconds: 2,
    kinds: [BOX_KIND],
  };
  const entry = { plugin: http, options: { apis: [api] } as unknown as JsonObject };
  const shop = new Harness({ world: WORLD, plugins: [cel, entry], stores: [new MemoryStore({ holdsDeletion: true })] });
  t.teardown(() => shop.kernel.stop({ graceMs: 0 }));
  await shop.kernel.start();
  const passUntil = (what: string, isSo: () => boolean): Promise<void> =>
    eventually(what, async () => isSo() || shop.clock.advance(500)).then(() => undefined);
  return { server, shop, passUntil };
}

function sizes({ items }: ApiServer): JsonObject {
  return Object.fromEntries([...items.values()].map(({ name, size }) => [String(name), size ?? null]));
}

test('what a Workflow wants is made, in its order, and on record with the finalizer before', async (t) => {
  const { server, shop, passUntil } = await startLoop(t);
  let recordedBefore: boolean | undefined;
  server.fault = ({ method }) => {
    const { annotations, finalizers } = shop.see('Order', 'one')?.metadata ?? {};
    const isHeld = finalizers?.includes('koreo.dev/managed-resources') === true;
    if (method === 'POST')
      recordedBefore ??= isHeld && annotations?.['koreo.dev/managed-resources']?.includes('"applied"') === true;
    return false;
  };
  await passUntil('all is there', () => shop.ready('one') === 'True Ready');
  t.deepEqual(sizes(server), { one: 3, 'one-lid': 1 });
  t.true(recordedBefore);
});

test('what the loop writes itself causes no run, and while nothing changes it only looks', async (t) => {
  const { server, shop, passUntil } = await startLoop(t);
  await passUntil('all is there', () => shop.ready('one') === 'True Ready');
  await shop.idle();
  shop.newRuns('one');
  server.newRequests();
  await passUntil('five looks', () => server.requests.length >= 5);
  t.deepEqual(shop.newRuns('one'), []);
  t.deepEqual([...new Set(server.newRequests())], ['GET /boxes']);
});

test('what somebody else changes or deletes is put right by the next look', async (t) => {
  const { server, shop, passUntil } = await startLoop(t);
  await passUntil('all is there', () => shop.ready('one') === 'True Ready');
  await shop.idle();
  shop.newRuns('one');
  server.put('/boxes/one', { name: 'one', size: 99, dust: 'some' });
  await passUntil('it is put right', () => sizes(server).one === 3);
  await shop.idle();
  t.deepEqual(shop.newRuns('one')[0], ['managed']);
  t.like(server.items.get('/boxes/one'), { dust: 'some' });
  server.items.delete('/boxes/one-lid');
  await passUntil('it is there again', () => sizes(server)['one-lid'] === 1);
  await shop.idle();
  const drifts = shop.reports.flatMap(({ steps }) => steps.flatMap(({ action }) => action?.drift ?? []));
  t.true(drifts.includes('corrected'));
});

test('while the API is down the trigger waits and says for what; then all goes on, and nothing was made twice', async (t) => {
  const { server, shop, passUntil } = await startLoop(t);
  await passUntil('all is there', () => shop.ready('one') === 'True Ready');
  server.fault = (_request, response) => {
    answer(response, 503, {});
    return true;
  };
  shop.edit('Order', 'one', { spec: { size: 4 } });
  await passUntil('it says so', () => shop.readyMessage('one').includes('answered 503'));
  server.fault = () => false;
  await passUntil('it is as wanted', () => sizes(server).one === 4 && shop.ready('one') === 'True Ready');
  t.is(server.items.size, 2);
});

test('a write that took effect though its answer was lost is found by the next run', async (t) => {
  const { server, shop, passUntil } = await startLoop(t);
  server.fault = ({ method }, response) => {
    if (method !== 'POST') return false;
    server.fault = () => false;
    server.put('/boxes/one', { name: 'one', size: 3 });
    response.destroy();
    return true;
  };
  await passUntil('all is there', () => shop.ready('one') === 'True Ready');
  t.is(
    server.requests.filter(({ method, body }) => method === 'POST' && (body as JsonObject).name === 'one').length,
    1,
  );
  await shop.store.delete({ apiVersion: 'shop.example/v1', kind: 'Order', name: 'one', namespace: 'shop' });
  await passUntil('it was ours, and goes with its trigger', () => server.items.size === 0);
});

test("when the trigger goes, the last step's resource goes first, each when those after it are gone", async (t) => {
  const { server, shop, passUntil } = await startLoop(t);
  await passUntil('all is there', () => shop.ready('one') === 'True Ready');
  server.newRequests();
  await shop.store.delete({ apiVersion: 'shop.example/v1', kind: 'Order', name: 'one', namespace: 'shop' });
  await passUntil('all is gone', () => shop.see('Order', 'one') === undefined);
  t.is(server.items.size, 0);
  t.deepEqual(
    server.newRequests().filter((one) => one.startsWith('DELETE')),
    ['DELETE /boxes/one-lid', 'DELETE /boxes/one'],
  );
});
