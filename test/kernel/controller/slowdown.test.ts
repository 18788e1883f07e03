import test from 'ava';
import { definition, type Harness, order, SHOP, start, workflow } from '../../support/kernel-harness.js';

/** An Order that reads a Stock, which others change as often as they like. */
const STOCK = [
  definition('ResourceFunction', 'stock', {
    apiConfig: {
      apiVersion: 'shop.example/v1',
      kind: 'Stock',
      name: '=inputs.name',
      namespace: 'shop',
      readonly: true,
    },
    return: { left: '=resource.spec.left' },
  }),
  workflow('orders', [
    {
      label: 'stock',
      ref: { kind: 'ResourceFunction', name: 'stock' },
      inputs: { name: '=parent.spec.stock' },
      state: { left: '=value.left' },
    },
  ]),
  order('one', { stock: 'all' }),
  order('all', { left: 0 }, 'Stock'),
].join('');

function slowed(shop: Harness) {
  return shop.conditions('one').find(({ type }) => type === 'Slowed');
}

/** Changes the Stock about every so many seconds, for so long. Gives how often. */
async function churn(shop: Harness, every: number, seconds: number): Promise<number> {
  let edits = 0;
  for (let passed = 0; passed < seconds; edits += 1) {
    const pause = every * (0.5 + shop.clock.random());
    shop.edit('Stock', 'all', { spec: { left: edits + 1 } });
    await shop.pass(pause);
    passed += pause;
  }
  return edits;
}

test('a trigger that changes run too often is slowed down, says why, and still comes to see the last change', async (t) => {
  const shop = await start(t, { world: STOCK });
  shop.newRuns('one');
  const edits = await churn(shop, 0.5, 25);
  t.is(shop.newRuns('one').length, edits);
  t.is(slowed(shop), undefined);
  await churn(shop, 0.5, 600);
  const runs = shop.newRuns('one').length;
  t.true(runs > 11 && runs < 25, `${runs} runs in ten minutes`);
  t.like(slowed(shop), { status: 'True', reason: 'ChangesTooOften' });
  t.regex(String(slowed(shop)?.message), /the last of Stock shop\/all/);
  shop.edit('Stock', 'all', { spec: { left: 'last' } });
  await shop.pass(300);
  t.deepEqual(shop.see('Order', 'one')?.status?.state, { left: 'last' });
});

test('as long as it is hot the runs are the longest space apart, and never stop', async (t) => {
  const shop = await start(t, { world: STOCK });
  await churn(shop, 0.5, 1200);
  shop.newRuns('one');
  await churn(shop, 0.5, 1500);
  t.is(shop.newRuns('one').length, 5);
});

test('it recovers by itself when the rate falls, and when the changes end the condition goes', async (t) => {
  const shop = await start(t, { world: STOCK });
  await churn(shop, 0.5, 1200);
  await churn(shop, 4, 1500);
  t.is(slowed(shop), undefined);
  shop.newRuns('one');
  const edits = await churn(shop, 10, 100);
  t.is(shop.newRuns('one').length, edits);

  await churn(shop, 0.5, 120);
  t.not(slowed(shop), undefined);
  await shop.pass(500);
  t.is(slowed(shop), undefined);
  const before = shop.reports.length;
  await shop.pass(1000);
  t.true(shop.reports.length - before <= 1, 'nothing but the period runs it');
});

test('a request and an edit by the author run at once however hot it is', async (t) => {
  const shop = await start(t, { world: STOCK + order('other', { left: 7 }, 'Stock') });
  await churn(shop, 0.5, 1200);
  shop.newRuns('one');
  shop.edit('Stock', 'all', { spec: { left: 1 } });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), []);
  shop.annotate('one', { 'koreo.dev/reconcile-requested-at': 'now' });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['requested']]);
  t.deepEqual(shop.see('Order', 'one')?.status?.state, { left: 1 });
  shop.edit('Order', 'one', { spec: { stock: 'other' } });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed']]);
  t.deepEqual(shop.see('Order', 'one')?.status?.state, { left: 7 });
});

test('a deletion is seen to at once however hot it is', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(60);
  for (let count = 0; count < 1200; count += 1) {
    shop.edit('Order', 'one', { spec: { count } });
    await shop.pass(0.5);
  }
  t.not(slowed(shop), undefined);
  shop.edit('Order', 'one', { spec: { count: 7 } });
  await shop.idle();
  shop.newRuns('one');
  await shop.store.delete({ apiVersion: 'shop.example/v1', kind: 'Order', name: 'one', namespace: 'shop' });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['deleted']]);
  t.deepEqual([shop.see('Invoice', 'one'), shop.see('Order', 'one')], [undefined, undefined]);
});

test('a machine that edits a trigger all the time is slowed down as well', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(60);
  shop.newRuns('one');
  for (let count = 0; count < 1200; count += 1) {
    shop.edit('Order', 'one', { spec: { count } });
    await shop.pass(0.5);
  }
  const runs = shop.newRuns('one').filter((causes) => causes.includes('changed')).length;
  t.true(runs > 60 && runs < 75, `${runs} runs in ten minutes, but for those that Retries ask for`);
  t.regex(String(slowed(shop)?.message), /the last of the trigger itself/);
  await shop.pass(400);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 1199 * 3 } });
});

test('a trigger that runs hot slows no other', async (t) => {
  const others = Array.from({ length: 20 }, (_, index) => order(`good-${index}`, { stock: 'calm' }));
  const world = STOCK + others.join('') + order('calm', { left: 1 }, 'Stock');
  const shop = await start(t, { world, loop: { concurrency: 1 } });
  await churn(shop, 0.5, 120);
  for (let index = 0; index < 20; index += 1) shop.newRuns(`good-${index}`);
  shop.edit('Stock', 'calm', { spec: { left: 2 } });
  await shop.idle();
  for (let index = 0; index < 20; index += 1) t.deepEqual(shop.newRuns(`good-${index}`), [['managed']]);
});
