import test from 'ava';
import { UnavailableError } from 'koreo-kernel';
import { createJsonStore } from 'koreo-kernel/adapters/json';
import { EventLog } from '../../contract/store.js';
import { healthOf, ORDER, ORDERS, order, orderRef, told } from './shop.js';

test('a document in memory is changed in place, and what is not changed stays the very same object', async (t) => {
  const first: Record<string, unknown> = { id: 1, lines: [{ sku: 'a' }] };
  const lines = first.lines;
  const document = { orders: [first, { id: 2 }], other: { deep: true } };
  const { orders, other } = document;
  const store = createJsonStore({ document, collections: [ORDERS] });
  await store.delete(orderRef('2'));
  await store.patch(orderRef('1'), { spec: { paid: true } });
  await store.create(order('3', { n: 3 }));
  t.deepEqual(document, {
    orders: [
      { id: 1, lines: [{ sku: 'a' }], paid: true },
      { id: 3, n: 3 },
    ],
    other: { deep: true },
  } as never);
  t.is(document.orders, orders);
  t.is(document.orders[0], first);
  t.is(first.lines, lines);
  t.is(document.other, other);
});

test('a list in memory may be a collection itself', async (t) => {
  const document = [{ id: 'a' }];
  const store = createJsonStore({ document, collections: [{ at: '', ...ORDER, name: 'id' }] });
  await store.create(order('b'));
  t.deepEqual(document, [{ id: 'a' }, { id: 'b' }]);
});

test('status of items in memory stays out of the document', async (t) => {
  const document = { orders: [{ id: 1 }] };
  const store = createJsonStore({ document, collections: [ORDERS] });
  await store.patchStatus(orderRef('1'), { status: { ready: true } });
  t.deepEqual((await store.get(orderRef('1')))?.status, { ready: true });
  t.deepEqual(document, { orders: [{ id: 1 }] });
});

test('a change by the program is read at once, and told when the program says so', async (t) => {
  const document = { orders: [{ id: 1, n: 1 }] };
  const store = createJsonStore({ document, collections: [ORDERS] });
  const log = await EventLog.synced(store, ORDER);
  document.orders[0] = { id: 1, n: 2 };
  document.orders.push({ id: 2, n: 1 });
  await store.refresh();
  t.deepEqual(log.story, ['added 1', 'synced', 'modified 1', 'added 2']);
  document.orders.pop();
  t.is((await store.list(ORDER)).items.length, 1);
  log.stop();
});

test('what the program does to its document changes no resource that was given', async (t) => {
  const document = { orders: [{ id: 1, lines: [1] }] };
  const store = createJsonStore({ document, collections: [ORDERS] });
  const given = await store.get(orderRef('1'));
  document.orders[0]?.lines.push(2);
  t.deepEqual(given?.spec, { id: 1, lines: [1] });
});

test('what the caller sent is not shared with the document', async (t) => {
  const document: { orders: { lines?: number[] }[] } = { orders: [] };
  const lines = [1];
  await createJsonStore({ document, collections: [ORDERS] }).create(order('a', { lines }));
  document.orders[0]?.lines?.push(2);
  t.deepEqual(lines, [1]);
});

test('a document in memory that is no JSON is told, and what it said last stays in force', async (t) => {
  const document: Record<string, unknown> = { orders: [{ id: 1 }] };
  const store = createJsonStore({ document, collections: [ORDERS] });
  await store.list(ORDER);
  for (const value of [Number.NaN, 1n, () => 1, document]) {
    document.bad = value;
    t.is((await store.list(ORDER)).items.length, 1);
    t.regex(told((await healthOf(store)).problems).join(), /no JSON/);
    await t.throwsAsync(store.create(order('b')), { instanceOf: UnavailableError });
  }
  delete document.bad;
  await t.notThrowsAsync(store.create(order('b')));
  t.is((await healthOf(store)).state, 'healthy');
});
