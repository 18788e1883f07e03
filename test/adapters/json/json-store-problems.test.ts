import test from 'ava';
import type { Path, Position } from 'koreo-kernel';
import { EventLog } from '../../contract/store.js';
import { healthOf, ORDER, ORDERS, order, orderRef, Shop, told } from './shop.js';

const INVOICE = { apiVersion: 'shop.example/v1', kind: 'Invoice' };

test('a store is starting until it is first used', async (t) => {
  const store = new Shop(t, '{}').open();
  t.is((await healthOf(store)).state, 'starting');
  await store.list(ORDER);
  t.is((await healthOf(store)).state, 'healthy');
});

test('items that are no resources are told with line and column, and the others count', async (t) => {
  const shop = new Shop(
    t,
    `{"orders": [
  {"id": "a", "n": 1},
  7,
  {"n": 2},
  {"id": ""},
    {"id": true},
  {"id": "a", "n": 3},
  {"id": 8},
  {"id": 12345678901234567890}
]}`,
  );
  const store = shop.open();
  const { items } = await store.list(ORDER);
  t.deepEqual(
    items.map(({ metadata, spec }) => [metadata.name, spec]),
    [
      ['a', { id: 'a', n: 1 }],
      ['8', { id: 8 }],
    ],
  );
  const { state, problems } = await healthOf(store);
  t.is(state, 'degraded');
  t.deepEqual(told(problems), [
    'item-shape shop.json:3:3 this item is no mapping, and is ignored',
    'item-name shop.json:4:3 this item has no name (id: a text, or a number of up to 15 digits), and is ignored',
    'item-name shop.json:5:3 this item has no name (id: a text, or a number of up to 15 digits), and is ignored',
    'item-name shop.json:6:5 this item has no name (id: a text, or a number of up to 15 digits), and is ignored',
    'item-duplicate shop.json:7:3 another Order before this one has its name; this one is ignored',
    'item-name shop.json:9:3 this item has no name (id: a text, or a number of up to 15 digits), and is ignored',
  ]);
  t.true(problems.every((problem) => problem.store === 'json'));
});

test('a write leaves items that are ignored as they are', async (t) => {
  const shop = new Shop(t, '{"orders": [7, {"id": "a", "n": 1}, {"n": 2.0}, {"id": "a", "n": 3}]}');
  const store = shop.open();
  await store.patch(orderRef('a'), { spec: { n: 5 } });
  await store.create(order('b'));
  t.is(shop.text, '{"orders": [7, {"id": "a", "n": 5}, {"n": 2.0}, {"id": "a", "n": 3}, {"id": "b"}]}');
});

test('of two items of one name the second counts when the first is gone', async (t) => {
  const shop = new Shop(t, '{"orders": [{"id": "a", "n": 1}, {"id": "a", "n": 2}]}');
  const store = shop.open();
  const log = await EventLog.synced(store, ORDER);
  await store.delete(orderRef('a'));
  t.deepEqual((await store.get(orderRef('a')))?.spec, { id: 'a', n: 2 });
  t.deepEqual(log.story, ['added a', 'synced', 'modified a']);
  t.deepEqual(await healthOf(store), { state: 'healthy', problems: [] });
  log.stop();
});

test('a pointer that leads to no collection is a problem that names it, and other collections count', async (t) => {
  const shop = new Shop(t, '{\n  "orders": [{"id": "a"}],\n  "bills": {"x": {}},\n  "deep": "text"\n}');
  const store = shop.open({
    collections: [ORDERS, { at: '/bills', ...INVOICE, name: 'id' }, { at: '/deep/er', ...INVOICE, kind: 'Deep' }],
  });
  t.is((await store.list(ORDER)).items.length, 1);
  t.is((await store.list(INVOICE)).items.length, 0);
  t.deepEqual(told((await healthOf(store)).problems), [
    'collection-shape shop.json:3:12 "/bills" leads to no collection: a mapping stands where a list is expected (container: list)',
    'collection-shape shop.json:4:11 "/deep/er" leads to no collection: a string stands where a mapping is expected',
  ]);
});

test('a key that is there twice is a problem, and the last counts', async (t) => {
  const shop = new Shop(t, '{"orders": {\n"a": {"n": 1},\n"a": {"n": 2}}}');
  const store = shop.open({ collections: [{ at: '/orders', ...ORDER }] });
  t.deepEqual((await store.get(orderRef('a')))?.spec, { n: 2 });
  t.deepEqual(told((await healthOf(store)).problems), [
    'item-duplicate shop.json:3:6 the key "a" is there twice; the last counts',
  ]);
  await store.patch(orderRef('a'), { spec: { n: 3 } });
  t.is(shop.text, '{"orders": {\n"a": {"n": 1},\n"a": {"n": 3}}}');
});

test('fields that a resource cannot show at its top are told once', async (t) => {
  const shop = new Shop(t, '{"orders": [{"id": 1, "status": "open"},\n{"id": 2, "status": "paid", "kind": "x"}]}');
  const store = shop.open({ collections: [{ ...ORDERS, fields: 'top' }] });
  await store.patch(orderRef('2'), { paid: true });
  t.is(shop.text, '{"orders": [{"id": 1, "status": "open"},\n{"id": 2, "status": "paid", "kind": "x", "paid": true}]}');
  const problems = told((await healthOf(store)).problems);
  t.is(problems.length, 2);
  t.regex(problems[0] ?? '', /^item-field shop\.json:1:33 .*field status.*`fields: spec` shows it/);
  t.regex(problems[1] ?? '', /^item-field shop\.json:2:37 .*field kind/);
});

test('a property that is meant for status and holds something else is told', async (t) => {
  const shop = new Shop(t, '{"orders": [{"id": 1, "status": "open"}]}');
  const store = shop.open({ status: { inline: 'status' } });
  t.deepEqual((await store.get(orderRef('1')))?.spec, { id: 1 });
  t.regex(told((await healthOf(store)).problems).join(), /^item-field shop\.json:1:33 .*under "status"/);
});

test('a watch says where each resource and each of its fields stands', async (t) => {
  const shop = new Shop(t, '{"orders": [\n  {"id": "a",\n   "lines": [{"n": 1}],\n   "koreo": {"ready": true}}\n]}');
  const store = shop.open({ status: { inline: 'koreo' } });
  const log = await EventLog.synced(store, ORDER);
  const [event] = log.events;
  const origin = event !== undefined && 'origin' in event ? event.origin : undefined;
  t.is(origin?.file, 'shop.json');
  const locate = (path: Path): Position | undefined => origin?.locate?.(path);
  t.deepEqual(locate([]), { line: 2, column: 3 });
  t.deepEqual(locate(['metadata', 'name']), { line: 2, column: 10 });
  t.deepEqual(locate(['spec', 'lines', 0, 'n']), { line: 3, column: 20 });
  t.deepEqual(locate(['spec', 'nowhere', 'x']), { line: 2, column: 3 });
  t.deepEqual(locate(['status', 'ready']), { line: 4, column: 23 });
  log.stop();
});
