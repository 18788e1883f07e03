import test from 'ava';
import { definition, order, SHOP, start, step, valueFunction, workflow } from '../../support/kernel-harness.js';
import { StoreGate } from '../../support/store-gate.js';

const DEFS = { apiVersion: 'koreo.dev/v1beta1', namespace: 'defs' };

/** Two kinds of trigger with a Workflow each; they share the function `shared`, which `orders` uses through a sub-Workflow. */
const WORLD = [
  valueFunction('shared', { text: '="a"' }),
  valueFunction('own', { text: '="b"' }),
  workflow('inner', [step('shared')], null),
  workflow('orders', [{ label: 'inner', ref: { kind: 'Workflow', name: 'inner' } }, step('own')]),
  workflow('refunds', [step('shared')], 'Refund'),
  workflow('returns', [step('own', { label: 'own_of_returns' })], 'Return'),
  order('order'),
  order('refund', {}, 'Refund'),
  order('return', {}, 'Return'),
].join('');

test('a changed definition runs again exactly what depends on it, directly or not', async (t) => {
  const shop = await start(t, { world: WORLD });
  for (const name of ['order', 'refund', 'return']) t.deepEqual(shop.newRuns(name), [['start']]);

  shop.apply(valueFunction('shared', { text: '="A"' }));
  await shop.idle();
  t.deepEqual(shop.newRuns('order'), [['definition']]);
  t.deepEqual(shop.newRuns('refund'), [['definition']]);
  t.deepEqual(shop.newRuns('return'), []);

  shop.apply(workflow('returns', [step('own'), step('shared')], 'Return'));
  await shop.idle();
  t.deepEqual(shop.newRuns('order'), []);
  t.deepEqual(shop.newRuns('refund'), []);
  t.deepEqual(shop.newRuns('return'), [['definition']]);
});

test('a definition that is written again with the same meaning runs nothing', async (t) => {
  const shop = await start(t, { world: WORLD });
  const runs = shop.reports.length;
  shop.apply(valueFunction('shared', { text: '="a"' }));
  shop.apply(valueFunction('unused', { text: '="z"' }));
  await shop.idle();
  t.is(shop.reports.length, runs);
});

test('several definitions that change together run what depends on them once', async (t) => {
  const shop = await start(t, { world: WORLD });
  shop.newRuns('order');
  shop.apply(valueFunction('shared', { text: '="A"' }) + valueFunction('own', { text: '="B"' }));
  await shop.idle();
  t.deepEqual(shop.newRuns('order'), [['definition']]);
});

test('a definition that breaks stops what depends on it, which says so, and nothing else; mended, it runs again', async (t) => {
  const shop = await start(t, { world: WORLD });
  for (const name of ['order', 'refund', 'return']) shop.newRuns(name);
  shop.apply(valueFunction('own', { text: '=inputs.(' }));
  await shop.idle();
  t.is(shop.ready('order'), 'False WorkflowNotReady');
  t.is(shop.ready('return', 'Return'), 'False WorkflowNotReady');
  t.regex(shop.readyMessage('order'), /Workflow orders waits: .*ValueFunction own/);
  t.is(shop.ready('refund', 'Refund'), 'True Ready');
  t.deepEqual(shop.newRuns('refund'), []);

  shop.edit('Refund', 'refund', { spec: { reason: 'late' } });
  await shop.idle();
  t.deepEqual(shop.newRuns('refund'), [['changed']]);

  shop.newRuns('order');
  shop.apply(valueFunction('own', { text: '="mended"' }));
  await shop.idle();
  t.deepEqual(shop.newRuns('order'), [['definition']]);
  t.is(shop.ready('order'), 'True Ready');
});

test('a Workflow that breaks keeps its triggers in view', async (t) => {
  const shop = await start(t, { world: WORLD });
  shop.apply(workflow('refunds', [{ label: 'x' }], 'Refund'));
  await shop.idle();
  t.is(shop.ready('refund', 'Refund'), 'False WorkflowNotReady');
  shop.apply(workflow('refunds', [step('shared')], 'Refund'));
  await shop.idle();
  t.is(shop.ready('refund', 'Refund'), 'True Ready');
});

test('a definition that is missing at first is run when it comes', async (t) => {
  const shop = await start(t, { world: workflow('orders', [step('late')]) + order('one') });
  t.is(shop.ready('one'), 'False WorkflowNotReady');
  shop.newRuns('one');
  shop.apply(valueFunction('late', { text: '="now"' }));
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['definition']]);
  t.is(shop.ready('one'), 'True Ready');
});

test('what a run found by a computed name counts as used, missing or not', async (t) => {
  const world = [
    definition('ResourceFunction', 'invoice', {
      apiConfig: { apiVersion: 'shop.example/v1', kind: 'Invoice', name: '=inputs.name', namespace: 'shop' },
      resourceTemplateRef: { name: '="template-" + inputs.name' },
    }),
    workflow('orders', [
      {
        label: 'invoice',
        ref: { kind: 'ResourceFunction', name: 'invoice' },
        inputs: { name: '=parent.metadata.name' },
      },
    ]),
    order('one'),
    order('two'),
  ].join('');
  const shop = await start(t, { world });
  t.is(shop.ready('one'), 'Unknown Wait');
  shop.newRuns('one');
  shop.newRuns('two');
  const template = { apiVersion: 'shop.example/v1', kind: 'Invoice', spec: { total: 1 } };
  shop.apply(definition('ResourceTemplate', 'template-one', { template }));
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['definition']]);
  t.deepEqual(shop.newRuns('two'), []);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 1 } });
});

test('a definition that changes while a trigger runs causes one more run, with the new one', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(5);
  shop.newRuns('one');
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'get');
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.clock.settle();
  shop.apply(valueFunction('price', { total: '=inputs.count * 100' }));
  await shop.clock.settle();
  gate.open();
  await shop.pass(10);
  t.deepEqual(shop.newRuns('one').slice(0, 2), [['changed'], ['definition']]);
  t.like(shop.see('Invoice', 'one'), { spec: { total: 200 } });
});

test('a kind is watched when a Workflow names it, and no longer when none does', async (t) => {
  const shop = await start(t, { world: valueFunction('greet', { text: '="x"' }) + order('one') });
  t.deepEqual(shop.kernel.triggers(), []);
  shop.apply(workflow('orders', [step('greet')]));
  await shop.idle();
  t.is(shop.ready('one'), 'True Ready');
  t.is(shop.kernel.triggers().length, 1);

  shop.newRuns('one');
  shop.store.drop({ ...DEFS, kind: 'Workflow', name: 'orders' });
  await shop.idle();
  t.is(shop.ready('one'), 'False NoWorkflow', 'a last run says so');
  t.deepEqual(shop.newRuns('one'), [['definition']]);
  t.deepEqual(shop.kernel.triggers(), []);
  t.is(shop.clock.pending, 0);

  shop.edit('Order', 'one', { spec: { count: 9 } });
  await shop.pass(5000);
  t.deepEqual(shop.newRuns('one'), []);

  shop.apply(workflow('orders', [step('greet')]));
  await shop.idle();
  t.is(shop.ready('one'), 'True Ready');
});

test('a trigger that chose a Workflow that is not there is let go with its kind all the same', async (t) => {
  const shop = await start(t, { world: WORLD });
  shop.annotate('refund', { 'koreo.dev/workflow': 'nowhere' }, 'Refund');
  await shop.idle();
  t.is(shop.ready('refund', 'Refund'), 'False NoWorkflow');
  shop.store.drop({ ...DEFS, kind: 'Workflow', name: 'refunds' });
  await shop.idle();
  t.deepEqual(
    shop.kernel.triggers().map(({ trigger }) => trigger.kind),
    ['Order', 'Return'],
  );
});

test('a Workflow that moves to another kind lets go of the one and takes up the other', async (t) => {
  const shop = await start(t, {
    world: WORLD.replace(order('refund', {}, 'Refund'), '') + order('claim', {}, 'Claim'),
  });
  t.is(shop.ready('claim', 'Claim'), 'undefined undefined');
  shop.apply(workflow('refunds', [step('shared')], 'Claim'));
  await shop.idle();
  t.is(shop.ready('claim', 'Claim'), 'True Ready');
});
