import test, { type ExecutionContext } from 'ava';
import type { Resource, WriteOptions } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { definition, type Harness, order, SHOP, start, step, workflow } from '../../support/kernel-harness.js';

const WORLD = SHOP + order('one', { count: 1 });
const HOUR = 3600;

/** Somebody who sets the total of an Invoice to 99 a second after anyone else has set it to something else, until told to stop. */
function opponent(shop: Harness): () => void {
  let fights = true;
  const watch = shop.store.watch({ apiVersion: 'shop.example/v1', kind: 'Invoice' }).subscribe((event) => {
    if (event.type !== 'added' && event.type !== 'modified') return;
    if (!fights || total(event.resource) === 99) return;
    shop.clock.schedule(1000, () => shop.edit('Invoice', 'one', { spec: { total: 99 } }));
  });
  return () => {
    fights = false;
    watch.unsubscribe();
  };
}

function total({ spec }: Resource): unknown {
  return (spec as { readonly total?: unknown } | undefined)?.total;
}

function conditionOf(shop: Harness, type: string) {
  return shop.conditions('one').find((condition) => condition.type === type);
}

/** How often runs have put the Invoice back since the last time that this was asked. */
function corrections(shop: Harness): () => number {
  let seen = 0;
  return () => {
    const all = shop.reports.filter(({ steps }) => steps.some(({ action }) => action?.type === 'patch' && action.done));
    const fresh = all.length - seen;
    seen = all.length;
    return fresh;
  };
}

async function fought(t: ExecutionContext, store = new MemoryStore()) {
  const shop = await start(t, { world: WORLD, stores: [store] });
  await shop.pass(5);
  const stop = opponent(shop);
  const count = corrections(shop);
  shop.edit('Invoice', 'one', { spec: { total: 99 } });
  return { shop, stop, count };
}

test('a field that somebody else keeps changing is put back more and more rarely, never given up, and the trigger says so', async (t) => {
  const { shop, count } = await fought(t);
  await shop.pass(10);
  t.is(count(), 5);
  t.like(conditionOf(shop, 'Contested'), { status: 'True', reason: 'PutBackRepeatedly' });
  t.regex(String(conditionOf(shop, 'Contested')?.message), /Invoice shop\/one \(spec\.total\).* 5 times within 600 s/);
  t.notRegex(String(conditionOf(shop, 'Contested')?.message), /99/);
  await shop.pass(HOUR);
  count();
  await shop.pass(HOUR);
  const anHour = count();
  t.true(anHour >= 10 && anHour <= 12, `${anHour} times in an hour, five minutes apart`);
});

test('when the fight is over the field is as it should be, the condition goes, and nothing more is written', async (t) => {
  const { shop, stop, count } = await fought(t);
  await shop.pass(HOUR);
  stop();
  await shop.pass(300);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
  t.not(conditionOf(shop, 'Contested'), undefined);
  await shop.pass(600);
  t.is(conditionOf(shop, 'Contested'), undefined);
  t.is(shop.ready('one'), 'True Ready');
  count();
  const writes: string[] = [];
  shop.store.intercept(({ verb }) => {
    if (!['get', 'list', 'watch'].includes(verb)) writes.push(verb);
  });
  await shop.pass(3 * 1300);
  t.is(count(), 0);
  t.deepEqual(writes, []);
});

test('what the author wants otherwise is applied at once in a fight, and a request puts back at once what is contested', async (t) => {
  const { shop, stop, count } = await fought(t);
  await shop.pass(HOUR);
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.idle();
  t.like(shop.see('Invoice', 'one'), { spec: { total: 6 } });
  await shop.pass(2);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 99 } });
  stop();
  count();
  shop.annotate('one', { 'koreo.dev/reconcile-requested-at': 'now' });
  await shop.idle();
  t.is(count(), 1);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 6 } });
});

test('an author who changes his mind again and again fights with nobody', async (t) => {
  const shop = await start(t, { world: WORLD });
  await shop.pass(5);
  for (let count = 2; count < 20; count += 1) {
    shop.edit('Order', 'one', { spec: { count } });
    await shop.idle();
    t.like(shop.see('Invoice', 'one'), { spec: { total: count * 3 } });
  }
  t.is(conditionOf(shop, 'Contested'), undefined);
});

test('the condition names who changes the field, where the store knows', async (t) => {
  class Knowing extends MemoryStore {
    override async apply(target: Resource, options: WriteOptions = {}): Promise<Resource> {
      options.onContested?.([{ path: '.spec.total', manager: 'accounting' }]);
      return super.apply(target, options);
    }
  }
  const { shop } = await fought(t, new Knowing());
  await shop.pass(10);
  t.regex(
    String(conditionOf(shop, 'Contested')?.message),
    /Invoice shop\/one \(spec\.total, which accounting changes\)/,
  );
});

test('a resource that somebody else keeps deleting is contested too, and made again all the same', async (t) => {
  const shop = await start(t, { world: WORLD });
  const invoice = { apiVersion: 'shop.example/v1', kind: 'Invoice', name: 'one', namespace: 'shop' };
  for (let times = 0; times < 5; times += 1) {
    await shop.pass(6);
    shop.store.drop(invoice);
    await shop.idle();
  }
  t.regex(String(conditionOf(shop, 'Contested')?.message), /Invoice shop\/one \(whether it is there\)/);
  t.is(shop.see('Invoice', 'one'), undefined);
  await shop.pass(60);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
  await shop.pass(700);
  t.is(conditionOf(shop, 'Contested'), undefined);
});

test('one contested resource keeps no other step from being done', async (t) => {
  const shipment = definition('ResourceFunction', 'shipment', {
    apiConfig: { apiVersion: 'shop.example/v1', kind: 'Shipment', name: '=inputs.name', namespace: 'shop' },
    resource: { spec: { to: '=inputs.name' } },
  });
  const steps = [
    step('price', { inputs: { count: '=parent.spec.count' } }),
    { label: 'invoice', ref: { kind: 'ResourceFunction', name: 'invoice' }, inputs: { name: 'one', total: 3 } },
    { label: 'shipment', ref: { kind: 'ResourceFunction', name: 'shipment' }, inputs: { name: 'one' } },
  ];
  const shop = await start(t, { world: WORLD + shipment + workflow('orders', steps) });
  await shop.pass(60);
  opponent(shop);
  shop.edit('Invoice', 'one', { spec: { total: 99 } });
  await shop.pass(HOUR);
  shop.edit('Shipment', 'one', { spec: { to: 'elsewhere' } });
  await shop.idle();
  t.like(shop.see('Shipment', 'one'), { spec: { to: 'one' } });
});

test('a trigger that merges conditions loses those of the kernel that are over, and no other', async (t) => {
  const { shop, stop } = await fought(t);
  const foreign = { type: 'Contested', status: 'True', reason: 'Elsewhere', message: 'by somebody else' };
  shop.annotate('one', { 'koreo.dev/merge-conditions': 'true' });
  await shop.pass(20);
  t.like(conditionOf(shop, 'Contested'), { reason: 'PutBackRepeatedly' });
  stop();
  await shop.pass(HOUR);
  t.is(conditionOf(shop, 'Contested'), undefined);
  const before = shop.see('Order', 'one');
  if (before !== undefined) shop.store.put({ ...before, status: { ...before.status, conditions: [foreign] } });
  shop.edit('Order', 'one', { spec: { count: 5 } });
  await shop.idle();
  t.like(conditionOf(shop, 'Contested'), { reason: 'Elsewhere' });
});

test('two triggers that want one resource to be different fight too, and each names the other', async (t) => {
  const shared = SHOP.replaceAll('"name":"=inputs.name"', '"name":"same"');
  const shop = await start(t, { world: shared + order('one', { count: 1 }) + order('two', { count: 2 }) });
  await shop.pass(120);
  t.regex(
    String(conditionOf(shop, 'Contested')?.message),
    /Invoice shop\/same \(spec\.total, which Order shop\/two changes\)/,
  );
  const count = corrections(shop);
  await shop.pass(HOUR);
  count();
  await shop.pass(HOUR);
  const anHour = count();
  t.true(anHour >= 10 && anHour <= 30, `${anHour} times in an hour, of both`);
  shop.edit('Order', 'two', { spec: { count: 1 } });
  await shop.pass(1300);
  t.is(conditionOf(shop, 'Contested'), undefined);
  t.like(shop.see('Invoice', 'same'), { spec: { total: 3 } });
  t.is(shop.ready('one'), 'True Ready');
});
