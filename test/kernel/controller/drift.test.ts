import test from 'ava';
import { UnavailableError } from 'koreo-kernel';
import { definition, order, SHOP, start, step, workflow } from '../../support/kernel-harness.js';
import { StoreGate } from '../../support/store-gate.js';

test('a change that somebody else made to a managed resource is put right at once', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(5);
  shop.newRuns('one');
  shop.edit('Invoice', 'one', { spec: { total: 99 } });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['managed']]);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
});

test('a managed resource that somebody deletes is made again at once', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(5);
  shop.store.drop({ apiVersion: 'shop.example/v1', kind: 'Invoice', name: 'one', namespace: 'shop' });
  await shop.idle();
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
});

test('what a run writes itself causes no run', async (t) => {
  const shop = await start(t, { world: SHOP });
  shop.apply(order('one', { count: 1 }));
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['added']]);
  await shop.pass(5);
  t.deepEqual(shop.newRuns('one'), [['retry']]);
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed']]);
  await shop.pass(6);
  t.deepEqual(shop.newRuns('one'), []);
});

test('a change while the run writes is seen, though the watch told it before the write had ended', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(5);
  shop.edit('Order', 'one', { spec: { count: 2 } });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'apply');
  await shop.clock.settle();
  shop.newRuns('one');
  shop.edit('Invoice', 'one', { spec: { total: 50, note: 'x' } });
  const stop = shop.store.intercept(({ verb }) => {
    if (verb !== 'apply') return;
    stop();
    throw new UnavailableError('nobody knows whether it took effect');
  });
  gate.open();
  await shop.idle();
  t.deepEqual(shop.newRuns('one').slice(1), [['managed']]);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 6 } });
});

test('a change of nothing but the revision causes no run', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(5);
  shop.newRuns('one');
  const invoice = shop.see('Invoice', 'one');
  if (invoice !== undefined) shop.store.put(invoice);
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), []);
});

test('what a trigger waits for wakes it when it comes, also when it is only read', async (t) => {
  const world = [
    definition('ResourceFunction', 'stock', {
      apiConfig: { apiVersion: 'shop.example/v1', kind: 'Stock', name: 'all', namespace: 'shop', readonly: true },
      return: { left: '=resource.spec.left' },
    }),
    workflow('orders', [
      { label: 'stock', ref: { kind: 'ResourceFunction', name: 'stock' }, state: { left: '=value.left' } },
    ]),
    order('one'),
  ].join('');
  const shop = await start(t, { world });
  t.is(shop.ready('one'), 'Unknown Wait');
  shop.apply(order('all', { left: 3 }, 'Stock'));
  await shop.idle();
  t.is(shop.ready('one'), 'True Ready');
  shop.edit('Stock', 'all', { spec: { left: 2 } });
  await shop.idle();
  t.deepEqual(shop.see('Order', 'one')?.status?.state, { left: 2 });
});

test('a resource of two triggers runs both, and a foreign one of the kind nobody', async (t) => {
  const shared = SHOP.replaceAll('"name":"=inputs.name"', '"name":"same"');
  const shop = await start(t, { world: shared + order('one', { count: 1 }) + order('two', { count: 1 }) });
  await shop.pass(20);
  shop.newRuns('one');
  shop.newRuns('two');
  shop.apply(order('foreign', {}, 'Invoice'));
  await shop.idle();
  t.deepEqual([shop.newRuns('one'), shop.newRuns('two')], [[], []]);
  shop.edit('Invoice', 'same', { metadata: { labels: { a: 'b' } } });
  await shop.idle();
  t.deepEqual([shop.newRuns('one'), shop.newRuns('two')], [[['managed']], [['managed']]]);
});

test('what the run of another trigger makes wakes whoever waits for it, though the process wrote it itself', async (t) => {
  const reader = [
    definition('ResourceFunction', 'receipt', {
      apiConfig: { apiVersion: 'shop.example/v1', kind: 'Invoice', name: 'one', namespace: 'shop', readonly: true },
      return: { total: '=resource.spec.total' },
    }),
    workflow(
      'refunds',
      [{ label: 'receipt', ref: { kind: 'ResourceFunction', name: 'receipt' }, state: { total: '=value.total' } }],
      'Refund',
    ),
    order('back', {}, 'Refund'),
  ].join('');
  const shop = await start(t, { world: SHOP + reader });
  t.is(shop.ready('back', 'Refund'), 'Unknown Wait');
  shop.apply(order('one', { count: 1 }));
  await shop.idle();
  t.deepEqual(shop.see('Refund', 'back')?.status?.state, { total: 3 });
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.idle();
  t.deepEqual(shop.see('Refund', 'back')?.status?.state, { total: 6 });
});

test('a kind is watched only as long as something of it is managed', async (t) => {
  const shop = await start(t, { world: SHOP });
  const watched = () => shop.store.watched.filter(({ kind }) => kind === 'Invoice').length;
  t.is(watched(), 0);
  shop.apply(order('one', { count: 1 }) + order('two', { count: 1 }));
  await shop.idle();
  t.is(watched(), 1);
  shop.store.drop({ apiVersion: 'shop.example/v1', kind: 'Order', name: 'one', namespace: 'shop' });
  await shop.idle();
  t.is(watched(), 1);
  shop.store.drop({ apiVersion: 'shop.example/v1', kind: 'Order', name: 'two', namespace: 'shop' });
  await shop.idle();
  t.is(watched(), 0);
});

test('after a restart the first run finds what changed meanwhile, and drift is watched at once', async (t) => {
  const first = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await first.pass(5);
  await first.kernel.stop();
  first.edit('Invoice', 'one', { spec: { total: 99 } });
  const second = await start(t, { stores: first.stores });
  t.like(second.see('Invoice', 'one'), { spec: { total: 3 } });
  await second.pass(20);
  second.newRuns('one');
  second.edit('Invoice', 'one', { spec: { total: 99 } });
  await second.idle();
  t.deepEqual(second.newRuns('one'), [['managed']]);
});

test('steps of a Workflow that only compute cause no watch', async (t) => {
  const shop = await start(t, {
    world: SHOP + workflow('refunds', [step('price', { inputs: { count: 1 } })], 'Refund') + order('r', {}, 'Refund'),
  });
  t.deepEqual(
    shop.store.watched.map(({ kind }) => kind).filter((kind) => kind === 'Invoice'),
    [],
  );
});

test('a kind that is not to be watched is read by each run, and its drift is put right by the next', async (t) => {
  const shop = await start(t, {
    world: SHOP + order('one', { count: 1 }),
    unwatched: [{ apiVersion: 'shop.example/*', kind: 'Inv*' }],
  });
  await shop.pass(5);
  t.false(shop.store.watched.some(({ kind }) => kind === 'Invoice'));
  shop.newRuns('one');
  shop.edit('Invoice', 'one', { spec: { total: 99 } });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), []);
  const { reads } = shop.store;
  await shop.pass(1320);
  t.true(shop.store.reads > reads);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
});
