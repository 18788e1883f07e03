import test from 'ava';
import { MemoryStore } from 'koreo-kernel/testing';
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

/** Definitions in one store, triggers in another, what they manage in a third. */
function threeStores() {
  const definitions = new MemoryStore({ name: 'definitions', resources: resources(SHOP) });
  const triggers = new MemoryStore({ name: 'triggers', resources: resources(order('one', { count: 2 })) });
  const managed = new MemoryStore({ name: 'managed' });
  return { definitions, triggers, managed };
}

const ROUTING = [
  { apiVersion: 'shop.example/*', kind: 'Order', store: 'triggers' },
  { apiVersion: 'shop.example/*', store: 'managed' },
];

test('definitions, triggers and managed resources may lie in different stores', async (t) => {
  const { definitions, triggers, managed } = threeStores();
  const shop = await start(t, {
    stores: [definitions, triggers, managed],
    routing: ROUTING,
    defaultStore: 'definitions',
    definitions: [{ store: 'definitions' }],
  });
  await shop.pass(5);
  t.deepEqual(
    managed.resources.map(({ kind, metadata }) => [kind, metadata.name, metadata.ownerReferences]),
    [['Invoice', 'one', undefined]],
    'an owner of another store is no owner',
  );
  t.like(triggers.resources[0], { status: { state: { total: 6 } } });
  t.is(definitions.writes + definitions.reads, 0);
  t.is(shop.last('one').store, 'triggers');
});

test('all triggers may lie in one store and all that is made of them in another, whatever their kinds', async (t) => {
  const { definitions, triggers, managed } = threeStores();
  const shop = await start(t, {
    stores: [definitions, triggers, managed],
    defaultStore: 'managed',
    triggerStore: 'triggers',
    definitions: [{ store: 'definitions' }],
  });
  await shop.pass(5);
  t.deepEqual(
    managed.resources.map(({ kind, metadata }) => [kind, metadata.name]),
    [['Invoice', 'one']],
  );
  t.is(shop.last('one').store, 'triggers');
  t.like(triggers.resources[0], { status: { state: { total: 6 } } });
});

test('a ResourceFunction may name a store that routing would not give', async (t) => {
  const { triggers, managed } = threeStores();
  const functions = SHOP.replace('"name":"=inputs.name"', '"store":"managed","name":"=inputs.name"');
  const definitions = new MemoryStore({ name: 'definitions', resources: resources(functions) });
  const shop = await start(t, {
    stores: [definitions, triggers, managed],
    defaultStore: 'triggers',
    definitions: [{ store: 'definitions' }],
  });
  await shop.pass(5);
  t.deepEqual(
    managed.resources.map(({ kind }) => kind),
    ['Invoice'],
  );
  t.deepEqual(
    triggers.resources.map(({ kind }) => kind),
    ['Order'],
  );
});

test('a ResourceFunction that names a store that is not there fails clearly, and only it', async (t) => {
  const { triggers, managed } = threeStores();
  const functions = SHOP.replace('"name":"=inputs.name"', '"store":"vault","name":"=inputs.name"');
  const definitions = new MemoryStore({ name: 'definitions', resources: resources(functions) });
  const shop = await start(t, {
    stores: [triggers, definitions, managed],
    defaultStore: 'triggers',
    definitions: [{ store: 'definitions' }],
  });
  t.is(shop.ready('one'), 'False Failure');
  t.regex(shop.readyMessage('one'), /no store is named 'vault'.*there are: 'triggers', 'definitions', 'managed'/);
});

test('a kind of trigger that no store holds is an incident, and other kinds run', async (t) => {
  const definitions = new MemoryStore({
    name: 'definitions',
    resources: resources(SHOP + workflow('refunds', [step('price', { inputs: { count: 1 } })], 'Refund')),
  });
  const triggers = new MemoryStore({ name: 'triggers', resources: resources(order('one', {}, 'Refund')) });
  const shop = await start(t, {
    stores: [triggers, definitions],
    routing: [{ kind: 'Refund', store: 'triggers' }],
    definitions: [{ store: 'definitions' }],
  });
  t.is(shop.ready('one', 'Refund'), 'True Ready');
  t.is(shop.incidents.length, 1);
  t.regex(String(shop.incidents[0]?.error), /no routing rule matches shop\.example\/v1 Order/);
});

test('of definitions of one name the first source counts, and the next takes over when it goes', async (t) => {
  const orders = workflow('orders', [step('greet', { state: { text: '=value.text' } })]);
  const first = new MemoryStore({
    name: 'first',
    resources: resources(orders + order('one') + valueFunction('greet', { text: '="first"' })),
  });
  const second = new MemoryStore({
    name: 'second',
    resources: resources(valueFunction('greet', { text: '="second"' })),
  });
  const shop = await start(t, {
    stores: [first, second],
    defaultStore: 'first',
    definitions: [{ store: 'first' }, { store: 'second' }],
  });
  t.like(shop.see('Order', 'one')?.status, { state: { text: 'first' } });
  first.drop({ apiVersion: 'koreo.dev/v1beta1', kind: 'ValueFunction', name: 'greet', namespace: 'defs' });
  await shop.idle();
  t.like(shop.see('Order', 'one')?.status, { state: { text: 'second' } });
  for (const resource of resources(valueFunction('greet', { text: '="first again"' }))) first.put(resource);
  await shop.idle();
  t.like(shop.see('Order', 'one')?.status, { state: { text: 'first again' } });
});

test('only the namespaces that are listed count, in their order', async (t) => {
  const inNamespace = (namespace: string) =>
    definition('ValueFunction', 'greet', { return: { text: `="${namespace}"` } }).replace('"defs"', `"${namespace}"`);
  const world =
    ['c', 'b', 'a'].map(inNamespace).join('') +
    workflow('orders', [step('greet', { state: { text: '=value.text' } })]) +
    order('one');
  const shop = await start(t, { world, definitions: [{ store: 'memory', namespaces: ['b', 'defs', 'a'] }] });
  t.like(shop.see('Order', 'one')?.status, { state: { text: 'b' } });
  shop.store.drop({ apiVersion: 'koreo.dev/v1beta1', kind: 'ValueFunction', name: 'greet', namespace: 'b' });
  await shop.idle();
  t.like(shop.see('Order', 'one')?.status, { state: { text: 'a' } });
});
