import test from 'ava';
import { order, start, step, valueFunction, workflow } from '../../support/kernel-harness.js';

const FUNCTIONS = valueFunction('first', { text: '="1"' }) + valueFunction('second', { text: '="2"' });
const TWO = FUNCTIONS + workflow('first', [step('first')]) + workflow('second', [step('second')]);

test('of two Workflows for a kind none runs, and the condition names both', async (t) => {
  const shop = await start(t, { world: TWO + order('one') });
  t.is(shop.ready('one'), 'False MultipleWorkflows');
  t.regex(shop.readyMessage('one'), /first, second/);
  t.deepEqual(shop.last('one').steps, []);
  t.is(shop.last('one').workflow, undefined);
});

test('the annotation chooses one by name, and only that one counts', async (t) => {
  const shop = await start(t, { world: TWO + order('one') });
  shop.newRuns('one');
  shop.annotate('one', { 'koreo.dev/workflow': 'second' });
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['changed']]);
  t.is(shop.last('one').workflow, 'second');
  t.is(shop.ready('one'), 'True Ready');

  shop.apply(valueFunction('first', { text: '="changed"' }));
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), []);
  shop.apply(valueFunction('second', { text: '="changed"' }));
  await shop.idle();
  t.deepEqual(shop.newRuns('one'), [['definition']]);
});

test('when all but one of several Workflows go, that one runs', async (t) => {
  const shop = await start(t, { world: TWO + order('one') });
  shop.store.drop({ apiVersion: 'koreo.dev/v1beta1', kind: 'Workflow', name: 'first', namespace: 'defs' });
  await shop.idle();
  t.is(shop.ready('one'), 'True Ready');
  t.is(shop.last('one').workflow, 'second');
});

test('an annotation that names no Workflow says so, until there is one', async (t) => {
  const shop = await start(t, { world: FUNCTIONS + workflow('first', [step('first')]) + order('one') });
  shop.annotate('one', { 'koreo.dev/workflow': 'second' });
  await shop.idle();
  t.is(shop.ready('one'), 'False NoWorkflow');
  shop.apply(workflow('second', [step('second')], null));
  await shop.idle();
  t.is(shop.ready('one'), 'True Ready');
  t.is(shop.last('one').workflow, 'second');
});

test('a run that was not possible is told where errors are, and taken back when it is', async (t) => {
  const shop = await start(t, { world: TWO + order('one') });
  t.regex(String(JSON.stringify(shop.see('Order', 'one')?.status?.koreo)), /Several Workflows/);
  shop.annotate('one', { 'koreo.dev/workflow': 'first' });
  await shop.idle();
  t.is(shop.see('Order', 'one')?.status?.koreo, undefined);
});
