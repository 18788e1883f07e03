import test from 'ava';
import { ConflictError, type JsonObject, UnavailableError } from 'koreo-kernel';
import type { MemoryStore } from 'koreo-kernel/testing';
import {
  definition,
  order,
  resources,
  SHOP,
  start,
  step,
  valueFunction,
  workflow,
} from '../../support/kernel-harness.js';
import { bodiesOf } from '../../support/store-gate.js';

/** A Workflow whose second step gives its state only while the trigger's `give` is true. */
const STATEFUL = [
  valueFunction('always', { v: '=inputs.v' }),
  definition('ValueFunction', 'once', {
    preconditions: [{ assert: '=inputs.give', permFail: { message: 'not given' } }],
    return: { v: '=inputs.v' },
  }),
  workflow('orders', [
    step('always', { inputs: { v: '=parent.spec.v' }, state: { always: '=value.v' } }),
    step('once', { inputs: { give: '=parent.spec.give', v: '=parent.spec.v' }, state: { once: '=value.v' } }),
  ]),
].join('');

/** Fails each write of a status; what is to be made can be put on record. */
function failing(store: MemoryStore, error: () => Error): () => void {
  return store.intercept(({ verb, body }) => {
    if (verb === 'patchStatus' && body?.status !== undefined) throw error();
  });
}

test('each run writes the status once', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  const written = bodiesOf(shop.store, 'patchStatus');
  await shop.pass(5);
  t.is(written.length, 1);
  t.deepEqual(Object.keys(written[0] ?? {}), ['status']);
});

test('a status that cannot be written is tried again with ever longer waits, and the report says so', async (t) => {
  const shop = await start(t, { world: SHOP });
  const mend = failing(shop.store, () => new UnavailableError('the disk is full'));
  shop.apply(order('one', { count: 1 }));
  await shop.idle();
  t.like(shop.last('one').error, { code: 'unavailable', message: 'the disk is full' });
  t.true((shop.last('one').nextRunIn ?? 99) <= 1);
  await shop.pass(100);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } }, 'the work is done all the same');
  t.true((shop.last('one').nextRunIn ?? 0) > 5, 'waits grow');
  t.is(shop.see('Order', 'one')?.status, undefined);
  mend();
  await shop.pass(300);
  t.is(shop.ready('one'), 'True Ready');
  t.is(shop.last('one').error, undefined);
});

test('state of a run whose status could not be written is not lost, and the next run sees it', async (t) => {
  const shop = await start(t, { world: STATEFUL });
  const mend = failing(shop.store, () => new UnavailableError('down'));
  shop.apply(order('one', { give: true, v: 1 }));
  await shop.idle();
  shop.edit('Order', 'one', { spec: { give: false, v: 2 } });
  await shop.idle();
  mend();
  await shop.pass(10);
  t.deepEqual(shop.see('Order', 'one')?.status?.state, { always: 2, once: 1 });
  t.is(shop.ready('one'), 'False Failure');
});

test('a status lost by pausing meanwhile is written when pausing is shown', async (t) => {
  const shop = await start(t, { world: STATEFUL });
  const mend = failing(shop.store, () => new UnavailableError('down'));
  shop.apply(order('one', { give: true, v: 1 }));
  await shop.idle();
  mend();
  shop.annotate('one', { 'koreo.dev/paused': 'true' });
  await shop.pass(10);
  t.is(shop.ready('one'), 'Unknown Paused');
  t.deepEqual(shop.see('Order', 'one')?.status?.state, { always: 1, once: 1 });
});

test('a trigger that another writer changes between read and write is read again, and keeps what he wrote', async (t) => {
  const shop = await start(t, { world: SHOP });
  for (const resource of resources(order('one', { count: 1 }))) {
    const annotations = { 'koreo.dev/merge-conditions': 'true' };
    shop.store.put({ ...resource, metadata: { ...resource.metadata, annotations } });
  }
  await shop.pass(6);
  const foreign = {
    type: 'Foreign',
    status: 'True',
    reason: 'X',
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  let once = true;
  shop.store.intercept(({ verb }) => {
    if (verb !== 'patchStatus' || !once) return;
    once = false;
    const before = shop.see('Order', 'one');
    const conditions = [...shop.conditions('one'), foreign];
    if (before !== undefined) shop.store.put({ ...before, status: { ...before.status, conditions } });
  });
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.pass(10);
  const types = shop.conditions('one').map(({ type }) => type);
  t.deepEqual(types, ['Ready', 'Foreign']);
  t.is(shop.last('one').error, undefined);
});

test('conflicts that do not end are left for the next try', async (t) => {
  const shop = await start(t, { world: SHOP });
  const mend = failing(shop.store, () => new ConflictError('changed'));
  shop.apply(order('one', { count: 1 }));
  await shop.idle();
  t.is(shop.last('one').error?.code, 'conflict');
  mend();
  await shop.pass(10);
  t.is(shop.ready('one'), 'True Ready');
});

test('a steady world is neither written nor read, period after period', async (t) => {
  const world = SHOP + workflow('refunds', [step('price', { inputs: { count: 1 } })], 'Refund');
  const shop = await start(t, { world: world + order('one', { count: 1 }) + order('back', {}, 'Refund') });
  await shop.pass(5);
  const { reads, writes, changes } = shop.store;
  shop.newRuns('one');
  shop.newRuns('back');
  await shop.pass(10 * 1320);
  const runs = shop.newRuns('one');
  t.true(runs.length >= 10);
  t.true(shop.newRuns('back').length >= 10);
  t.is(shop.store.writes, writes, 'no write was even asked for');
  t.is(shop.store.changes, changes);
  t.is(shop.store.reads, reads, 'watches have told all that is looked at');
});

test('a restart in a steady world writes nothing', async (t) => {
  const first = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await first.pass(5);
  await first.kernel.stop();
  const { writes } = first.store;
  const second = await start(t, { stores: first.stores });
  await second.pass(3000);
  t.is(second.ready('one'), 'True Ready');
  t.is(first.store.writes, writes);
});

test('conditions that steps ask for are shown beside Ready, and go with their step', async (t) => {
  const world = (more: JsonObject) => valueFunction('paid', { v: 1 }) + workflow('orders', [step('paid', more)]);
  const shop = await start(t, { world: world({ condition: { type: 'Paid', name: 'payment' } }) + order('one') });
  const shown = () => shop.conditions('one').map(({ type, message }) => [type, message]);
  t.deepEqual(shown(), [
    ['Ready', 'Workflow orders ready.'],
    ['Paid', 'payment ready.'],
  ]);
  shop.apply(world({}));
  await shop.idle();
  t.deepEqual(shown(), [['Ready', 'Workflow orders ready.']]);
});
