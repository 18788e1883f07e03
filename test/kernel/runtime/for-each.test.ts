import test from 'ava';
import { MemoryStore, VirtualClock } from 'koreo-kernel/testing';
import { Gate } from '../../support/gate.js';
import { orderTrigger, type RunSetup, runWorkflowOf } from '../../support/run.js';
import { outcomeOf, workflowOf } from '../../support/workflows.js';

const EACH_GUARD = '- {label: each, guard: true, forEach: {itemIn: =parent.spec.items, inputKey: value}}';
const EACH_WIDGET = '- {label: each, widget: true, forEach: {itemIn: =parent.spec.items, inputKey: name}}';

/** Runs the step `each` over the items. */
async function each(step: string, items: unknown, setup: RunSetup = {}) {
  const trigger = orderTrigger({ spec: { items } } as never);
  const run = await runWorkflowOf(workflowOf(step), 'w', { ...setup, trigger });
  return { outcome: outcomeOf(run, 'each'), run };
}

test('each item runs with the inputs and the item under its key; values come in the order of the items', async (t) => {
  const step = `
- label: each
  echo: true
  forEach: {itemIn: =parent.spec.items, inputKey: item}
  inputs: {value: kept, item: replaced}`;
  t.deepEqual((await each(step, [1, 2])).outcome, { type: 'Ok', value: [{ value: 'kept' }, { value: 'kept' }] });
  t.deepEqual((await each(EACH_GUARD, ['b', 'a'])).outcome, { type: 'Ok', value: [{ value: 'b' }, { value: 'a' }] });
});

test('a skipped item is a text in the place of its value', async (t) => {
  t.deepEqual((await each(EACH_GUARD, ['skip', 'a', 'dep'])).outcome, {
    type: 'Ok',
    value: ['Skip (message=told to skip)', { value: 'a' }, 'Dependency Skip (message=nothing there)'],
  });
});

test('any Retry or PermFail among the items decides, combined', async (t) => {
  t.like((await each(EACH_GUARD, ['a', 'retry', 'skip', 'later'])).outcome, {
    type: 'Retry',
    delay: 40,
    message: 'come back, come back later',
  });
  t.like((await each(EACH_GUARD, ['later', 'fail', 'a'])).outcome, { type: 'PermFail', message: 'never' });
});

test('no items give an empty list, and manage nothing', async (t) => {
  const { outcome, run } = await each(EACH_WIDGET, []);
  t.deepEqual(outcome, { type: 'Ok', value: [] });
  t.deepEqual(run.managed, { workflow: 'w', resources: { each: null } });
});

test('what is no list is a PermFail', async (t) => {
  t.like((await each(EACH_GUARD, { a: 1 })).outcome, {
    type: 'PermFail',
    message: 'spec.steps[0].forEach.itemIn must give a list, but it gives a mapping',
  });
});

test('more items than the limit are a PermFail that names it, and none is run', async (t) => {
  const store = new MemoryStore();
  const { outcome } = await each(EACH_WIDGET, ['a', 'b', 'c'], { store, limits: { forEachItems: 2 } });
  t.like(outcome, { type: 'PermFail', message: 'itemIn gives 3 items, but the limit is 2 (limits.forEachItems)' });
  t.is(store.reads, 0);
});

test('items run at the same time, at most as many as the limit, and none is left out', async (t) => {
  const store = new MemoryStore();
  const gate = new Gate();
  let running = 0;
  let most = 0;
  store.intercept(async ({ verb }) => {
    if (verb !== 'get') return;
    running += 1;
    most = Math.max(most, running);
    await gate.opened;
    running -= 1;
  });
  const items = Array.from({ length: 40 }, (_, index) => `item-${index}`);
  const done = each(EACH_WIDGET, items, { store });
  await new VirtualClock().settle();
  t.is(most, 32);
  gate.open();
  const { outcome, run } = await done;
  t.is(outcome.type, 'Retry');
  t.is(most, 32);
  t.deepEqual(store.resources.map(({ metadata }) => metadata.name).sort(), [...items].sort());
  t.deepEqual(
    run.steps[0]?.items?.map(({ action }) => action?.resource.name),
    items,
  );
});

test('each item chooses its own case, and one that cannot leaves the others alone', async (t) => {
  const store = new MemoryStore();
  const step = `
- label: each
  forEach: {itemIn: =parent.spec.items, inputKey: item}
  inputs: {value: 1}
  refSwitch:
    switchOn: =inputs.item.kind
    cases:
    - {case: plain, kind: ValueFunction, name: echo}
    - {case: made, kind: ResourceFunction, name: thing}`;
  const thing = `
kind: ResourceFunction
metadata: {name: thing}
spec:
  apiConfig: {apiVersion: example/v1, kind: Widget, name: =inputs.item.name, namespace: shop}
  resource: {}`;
  const items = [{ kind: 'plain' }, { kind: 'made', name: 'a' }, { kind: 'odd' }, {}];
  const trigger = orderTrigger({ spec: { items } });
  const run = await runWorkflowOf(workflowOf(step, thing), 'w', { store, trigger });
  t.deepEqual(
    run.steps[0]?.items?.map(({ outcome }) => outcome.type),
    ['Ok', 'Retry', 'PermFail', 'PermFail'],
  );
  t.is(store.resources.length, 1);
});

test('the record lists what the items manage, in their order', async (t) => {
  const { run } = await each(EACH_WIDGET, ['b', 'a']);
  const widget = (name: string) => ({
    apiVersion: 'example/v1',
    kind: 'Widget',
    plural: 'widgets',
    name,
    namespace: 'shop',
    readonly: false,
    resourceFunction: 'widget',
  });
  t.deepEqual(run.managed, { workflow: 'w', resources: { each: [widget('b'), widget('a')] } });
  t.deepEqual((await each(EACH_GUARD, ['a'])).run.managed, { workflow: 'w', resources: { each: null } });
});
