import test from 'ava';
import { getAt } from 'koreo-kernel';
import { order, resources, SHOP, start, step, valueFunction, workflow } from '../../support/kernel-harness.js';
import { bodiesOf, StoreGate } from '../../support/store-gate.js';

const SIMPLE = valueFunction('greet', { text: '="hello"' }) + workflow('orders', [step('greet')]);

test('what is there at the start runs once, and what is added later runs once', async (t) => {
  const shop = await start(t, { world: SIMPLE + order('one') });
  t.deepEqual(shop.newRuns('one'), [['start']]);
  shop.apply(order('two'));
  await shop.idle();
  t.deepEqual(shop.newRuns('two'), [['added']]);
  t.deepEqual(shop.newRuns('one'), []);
  t.is(shop.ready('one'), 'True Ready');
  t.is(shop.ready('two'), 'True Ready');
});

test('a change of spec, label or annotation runs the trigger, and its own status does not', async (t) => {
  const shop = await start(t, { world: SIMPLE + order('one') });
  shop.newRuns('one');
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed']]);
  shop.edit('Order', 'one', { metadata: { labels: { team: 'a' } } });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed']]);
  shop.annotate('one', { note: 'x' });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed']]);
  shop.annotate('one', { 'koreo.dev/anything': 'x', 'kubectl.kubernetes.io/restartedAt': 'y' });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), []);
});

test('a Retry is run again when its delay is over, not before', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 2 }) });
  t.is(shop.ready('one'), 'Unknown Wait');
  t.like(shop.last('one'), { nextRunIn: 5 });
  await shop.pass(4.9);
  t.is(shop.newRuns('one').length, 1);
  await shop.pass(0.1);
  t.deepEqual(shop.newRuns('one'), [['retry']]);
  t.is(shop.ready('one'), 'True Ready');
  t.deepEqual(shop.see('Order', 'one')?.status?.state, { total: 6 });
});

test('a change does not wait for the delay of a Retry, and the delay is then met', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 2 }) });
  await shop.pass(1);
  shop.newRuns('one');
  shop.edit('Order', 'one', { spec: { count: 3 } });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed']]);
  t.like(shop.last('one'), { outcome: { type: 'Retry' }, nextRunIn: 7 });
  await shop.pass(6.9);
  t.deepEqual(shop.newRuns('one'), []);
  await shop.pass(0.1);
  t.deepEqual(shop.newRuns('one'), [['retry']]);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 9 } });
});

test('every trigger runs again in its period, each at its own time', async (t) => {
  const shop = await start(t, { world: SIMPLE + order('one') + order('two') });
  const times = shop.reports.map(({ nextRunIn = 0 }) => nextRunIn);
  t.true(times.every((seconds) => seconds >= 1080 && seconds <= 1320));
  t.not(times[0], times[1]);
  shop.newRuns('one');
  await shop.pass(1320);
  t.deepEqual(shop.newRuns('one'), [['period']]);
});

test('a PermFail runs again only at the period, or when something changes', async (t) => {
  const failing = valueFunction('greet', { text: '=inputs.missing.text' }) + workflow('orders', [step('greet')]);
  const shop = await start(t, { world: failing + order('one') });
  t.is(shop.ready('one'), 'False Failure');
  shop.newRuns('one');
  await shop.pass(1000);
  t.deepEqual(shop.newRuns('one'), []);
  shop.apply(SIMPLE);
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['definition']]);
  t.is(shop.ready('one'), 'True Ready');
});

test('a request for a run is met and answered, once', async (t) => {
  const shop = await start(t, { world: SIMPLE + order('one') });
  shop.newRuns('one');
  shop.annotate('one', { 'koreo.dev/reconcile-requested-at': '2026-01-01T10:00:00Z' });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['requested']]);
  t.like(shop.see('Order', 'one')?.status, { koreo: { lastHandledReconcileAt: '2026-01-01T10:00:00Z' } });
  shop.annotate('one', { 'koreo.dev/reconcile-requested-at': '2026-01-01T11:00:00Z' });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['requested']]);
  t.like(shop.see('Order', 'one')?.status, { koreo: { lastHandledReconcileAt: '2026-01-01T11:00:00Z' } });
});

test('a request that comes while the trigger runs is not answered by that run, but by the next', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  const written = bodiesOf(shop.store, 'patchStatus');
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'apply');
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.clock.settle();
  shop.annotate('one', { 'koreo.dev/reconcile-requested-at': 'now' });
  shop.newRuns('one');
  gate.open();
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed'], ['requested']]);
  const answers = written.map((body) => getAt(body, ['status', 'koreo', 'lastHandledReconcileAt']));
  t.deepEqual(answers, [undefined, 'now']);
});

test('a paused trigger shows it and is not run, whatever changes, until it is unpaused', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(5);
  shop.annotate('one', { 'koreo.dev/paused': 'true' });
  await shop.idle();
  t.is(shop.ready('one'), 'Unknown Paused');
  shop.edit('Order', 'one', { spec: { count: 5 } });
  await shop.idle();
  const { writes } = shop.store;
  shop.annotate('one', { 'koreo.dev/reconcile-requested-at': 'now' });
  await shop.pass(5000);
  t.is(shop.store.writes, writes);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
  t.is(shop.see('Order', 'one')?.status?.koreo, undefined);
  shop.annotate('one', { 'koreo.dev/paused': 'false' });
  await shop.pass(7);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 15 } });
  t.is(shop.ready('one'), 'True Ready');
  t.like(shop.see('Order', 'one')?.status, { koreo: { lastHandledReconcileAt: 'now' } });
});

test('never two runs of one trigger, and what comes during a run causes exactly one more', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(5);
  shop.newRuns('one');
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'apply');
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.clock.settle();
  t.is(gate.held, 1);
  shop.edit('Order', 'one', { spec: { count: 3 } });
  shop.edit('Order', 'one', { spec: { count: 4 } });
  shop.apply(valueFunction('price', { total: '=inputs.count * 10' }));
  await shop.clock.settle();
  t.is(gate.held, 1, 'nobody else writes while the run waits');
  gate.open();
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed'], ['changed', 'definition']]);
  await shop.pass(7);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 40 } });
});

test('a trigger that is gone is forgotten, with its timers; one of the same name is another', async (t) => {
  const shop = await start(t, { world: SIMPLE + order('one') });
  shop.newRuns('one');
  shop.store.drop({ apiVersion: 'shop.example/v1', kind: 'Order', name: 'one', namespace: 'shop' });
  await shop.pass(5000);
  t.deepEqual(shop.newRuns('one'), []);
  t.deepEqual(shop.kernel.triggers(), []);
  t.is(shop.clock.pending, 0);
  shop.apply(order('one'));
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['added']]);
});

test('a trigger that goes while it runs is not brought back, and that is no error', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'patchStatus');
  await shop.clock.advance(5000);
  t.is(gate.held, 1);
  shop.store.drop({ apiVersion: 'shop.example/v1', kind: 'Order', name: 'one', namespace: 'shop' });
  gate.open();
  await shop.idle();
  t.is(shop.see('Order', 'one'), undefined);
  t.is(shop.last('one').error, undefined);
  t.deepEqual(shop.kernel.triggers(), []);
  t.is(shop.clock.pending, 0);
});

test('what is being deleted is left alone', async (t) => {
  const shop = await start(t, { world: SHOP });
  for (const resource of resources(order('one', { count: 1 }))) {
    const metadata = { ...resource.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['other/x'] };
    shop.store.put({ ...resource, metadata });
  }
  await shop.pass(5000);
  t.deepEqual(shop.newRuns('one'), []);
  t.is(shop.store.writes, 0);
});

test('metadata and status that are not of their shape, as files may have them, are no obstacle', async (t) => {
  const shop = await start(t, { world: SHOP });
  const odd =
    '{name: one, namespace: shop, labels: null, annotations: null, finalizers: null, deletionTimestamp: null}';
  shop.apply(`{apiVersion: shop.example/v1, kind: Order, metadata: ${odd}, spec: {count: 1}, status: null}`);
  await shop.pass(5);
  t.is(shop.ready('one'), 'True Ready');
  t.deepEqual(shop.incidents, []);
});

test('an annotation that a file holds as a boolean counts as its text', async (t) => {
  const shop = await start(t, { world: SIMPLE });
  const paused = '{name: one, namespace: shop, annotations: {koreo.dev/paused: true}}';
  shop.apply(`{apiVersion: shop.example/v1, kind: Order, metadata: ${paused}, spec: {}}`);
  await shop.idle();
  t.is(shop.ready('one'), 'Unknown Paused');
});
