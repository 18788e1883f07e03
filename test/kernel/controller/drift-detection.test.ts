import test from 'ava';
import { definition, type Harness, order, SHOP, start, workflow } from '../../support/kernel-harness.js';

/** An Order of which drift is only to be told. */
const WATCHED = order('one', { count: 1 }).replace(
  '"namespace":',
  '"annotations":{"koreo.dev/drift":"detect"},"namespace":',
);
const WORLD = SHOP + WATCHED;

function drifted(shop: Harness) {
  return shop.conditions('one').find(({ type }) => type === 'Drifted');
}

test('a trigger that asks for it is told of drift, by resource and path and without values, and nothing is put right', async (t) => {
  const shop = await start(t, { world: WORLD });
  await shop.pass(5);
  t.like(drifted(shop), { status: 'False', reason: 'NoDrift' });
  shop.edit('Invoice', 'one', { spec: { total: 99 } });
  await shop.idle();
  t.like(drifted(shop), { status: 'True', reason: 'ChangedBySomebodyElse' });
  t.regex(String(drifted(shop)?.message), /Invoice shop\/one \(spec\.total\)/);
  t.notRegex(String(drifted(shop)?.message), /99/);
  t.is(shop.ready('one'), 'True Ready');
  await shop.pass(4000);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 99 } });
  t.deepEqual(
    shop.last('one').steps.map(({ action }) => action?.drift),
    [undefined, 'reported'],
  );
});

test('when somebody undoes it, the condition says so at once', async (t) => {
  const shop = await start(t, { world: WORLD });
  await shop.pass(5);
  shop.edit('Invoice', 'one', { spec: { total: 99 } });
  await shop.idle();
  shop.edit('Invoice', 'one', { spec: { total: 3 } });
  await shop.idle();
  t.like(drifted(shop), { status: 'False', reason: 'NoDrift' });
});

test('what is wanted otherwise is applied whole, with what has drifted', async (t) => {
  const invoice = definition('ResourceFunction', 'invoice', {
    apiConfig: { apiVersion: 'shop.example/v1', kind: 'Invoice', name: '=inputs.name', namespace: 'shop' },
    resource: { spec: { total: '=inputs.total', due: 'soon' } },
  });
  const shop = await start(t, { world: SHOP + invoice + WATCHED });
  await shop.pass(60);
  shop.edit('Invoice', 'one', { spec: { total: 3, due: 'never' } });
  await shop.idle();
  t.regex(String(drifted(shop)?.message), /spec\.due/);
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.idle();
  await shop.pass(60);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 6, due: 'soon' } });
  t.like(drifted(shop), { status: 'False' });
});

test('a resource that is missing is made, for nothing is on record with it', async (t) => {
  const shop = await start(t, { world: WORLD });
  await shop.pass(5);
  shop.store.drop({ apiVersion: 'shop.example/v1', kind: 'Invoice', name: 'one', namespace: 'shop' });
  await shop.idle();
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
});

test('without its record a resource is put right, for nobody knows who has changed it', async (t) => {
  const shop = await start(t, { world: WORLD });
  await shop.pass(5);
  shop.edit('Invoice', 'one', { spec: { total: 99 }, metadata: { annotations: {} } });
  await shop.idle();
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
});

test('to take the annotation away puts right what has drifted, at once, and takes the condition away', async (t) => {
  const shop = await start(t, { world: WORLD });
  await shop.pass(5);
  shop.edit('Invoice', 'one', { spec: { total: 99 } });
  await shop.idle();
  shop.edit('Order', 'one', { metadata: { annotations: {} } });
  await shop.idle();
  t.like(shop.see('Invoice', 'one'), { spec: { total: 3 } });
  await shop.pass(60);
  t.is(drifted(shop), undefined);
});

test('the drift of a Secret is found by its hashes, and its values are told to nobody', async (t) => {
  const secret = definition('ResourceFunction', 'secret', {
    apiConfig: { apiVersion: 'v1', kind: 'Secret', name: 'key', namespace: 'shop' },
    resource: { data: { key: 'aHVudGVyMg==' } },
  });
  const orders = workflow('orders', [{ label: 'secret', ref: { kind: 'ResourceFunction', name: 'secret' } }]);
  const shop = await start(t, { world: secret + orders + WATCHED });
  await shop.pass(60);
  const before = shop.see('Secret', 'key');
  if (before !== undefined) shop.store.put({ ...before, data: { key: 'Y2hhbmdlZA==' } });
  await shop.idle();
  t.regex(String(drifted(shop)?.message), /Secret shop\/key \(data\.key\)/);
  t.notRegex(JSON.stringify(shop.see('Order', 'one')), /aHVudGVyMg|Y2hhbmdlZA/);
  t.like(shop.see('Secret', 'key'), { data: { key: 'Y2hhbmdlZA==' } });
});

test('a resource that has drifted is adopted all the same, and its fields are left', async (t) => {
  const shop = await start(t, { world: WORLD });
  await shop.pass(5);
  shop.edit('Invoice', 'one', { spec: { total: 99 }, metadata: { ownerReferences: [] } });
  await shop.idle();
  t.is(shop.see('Invoice', 'one')?.metadata.ownerReferences?.length, 1);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 99 } });
  t.like(drifted(shop), { status: 'True' });
});
