import { chmodSync, statSync } from 'node:fs';
import test from 'ava';
import { order, orderRef, Shop } from './shop.js';

const documents: readonly [what: string, before: string, after: string][] = [
  [
    'spaces',
    '{\n  "name": "shop",\n  "orders": [\n    {\n      "id": 1,\n      "total": 10.0\n    },\n    {\n      "id": 2,\n      "total": 1e3\n    }\n  ]\n}\n',
    '{\n  "name": "shop",\n  "orders": [\n    {\n      "id": 2,\n      "total": 1e3,\n      "paid": true\n    },\n    {\n      "id": 3,\n      "lines": [\n        {\n          "sku": "a"\n        }\n      ]\n    }\n  ]\n}\n',
  ],
  [
    'tabs and CRLF',
    '{\r\n\t"orders": [\r\n\t\t{\r\n\t\t\t"id": 1\r\n\t\t},\r\n\t\t{\r\n\t\t\t"id": 2\r\n\t\t}\r\n\t]\r\n}\r\n',
    '{\r\n\t"orders": [\r\n\t\t{\r\n\t\t\t"id": 2,\r\n\t\t\t"paid": true\r\n\t\t},\r\n\t\t{\r\n\t\t\t"id": 3,\r\n\t\t\t"lines": [\r\n\t\t\t\t{\r\n\t\t\t\t\t"sku": "a"\r\n\t\t\t\t}\r\n\t\t\t]\r\n\t\t}\r\n\t]\r\n}\r\n',
  ],
  [
    'one item on a line, with a byte order mark',
    '\ufeff{ "orders": [\n  { "id": 1, "total": 10.0 },\n  { "id": 2, "total": 1e3 }\n] }',
    '\ufeff{ "orders": [\n  { "id": 2, "total": 1e3, "paid": true },\n  { "id": 3, "lines": [{ "sku": "a" }] }\n] }',
  ],
  [
    'no white space at all',
    '{"big":12345678901234567890,"orders":[{"id":1},{"id":2,"n":-0.0}],"z":1.50}',
    '{"big":12345678901234567890,"orders":[{"id":2,"n":-0.0,"paid":true},{"id":3,"lines":[{"sku":"a"}]}],"z":1.50}',
  ],
];
for (const [what, before, after] of documents) {
  test(`a document keeps its shape through create, patch and delete: ${what}`, async (t) => {
    const shop = new Shop(t, before);
    const store = shop.open();
    await store.delete(orderRef('1'));
    await store.patch(orderRef('2'), { spec: { paid: true } });
    await store.create(order('3', { lines: [{ sku: 'a' }] }));
    t.is(shop.text, after);
  });
}

test('a document that is not there is made', async (t) => {
  const shop = new Shop(t);
  const store = shop.open();
  t.deepEqual((await store.list(order('x'))).items, []);
  await store.create(order('a', { total: 1 }));
  t.is(shop.text, '{\n  "orders": [\n    {\n      "id": "a",\n      "total": 1\n    }\n  ]\n}\n');
  t.deepEqual(shop.files, ['shop.json']);
});

test('a document may be a collection itself', async (t) => {
  const shop = new Shop(t, '[{"id": "a"}]\n');
  const store = shop.open({ collections: [{ at: '', ...order('x'), name: 'id' }] });
  await store.create(order('b'));
  t.is(shop.text, '[{"id": "a"}, {"id": "b"}]\n');
});

test('the last item goes and leaves an empty collection', async (t) => {
  const shop = new Shop(t, '{\n  "orders": [\n    { "id": 1 }\n  ]\n}\n');
  await shop.open().delete(orderRef('1'));
  t.is(shop.text, '{\n  "orders": []\n}\n');
});

test('status goes to a side file, where the document is not touched by it', async (t) => {
  const before = '{"orders": [{"id": 1}]}';
  const shop = new Shop(t, before);
  const store = shop.open();
  await store.patchStatus(orderRef('1'), { status: { ready: true }, annotations: { 'koreo.dev/x': 'y' } });
  t.is(shop.text, before);
  t.deepEqual(shop.side, {
    resources: [
      {
        ...order('1'),
        spec: undefined,
        metadata: { name: '1', annotations: { 'koreo.dev/x': 'y' } },
        status: { ready: true },
      },
    ].map(({ spec: _, ...others }) => others),
  });
  await store.delete(orderRef('1'));
  t.deepEqual(shop.side, { resources: [] });
});

test('a side file may be configured', async (t) => {
  const shop = new Shop(t, '{"orders": [{"id": 1}]}');
  await shop.open({ status: { side: 'status/orders.json' } }).patchStatus(orderRef('1'), { status: { ready: true } });
  t.deepEqual(shop.files, ['shop.json', 'status/orders.json']);
});

test('status goes into the item where it is configured so, and no side file is made', async (t) => {
  const shop = new Shop(t, '{"orders": [{"id": 1, "n": 1.0}]}');
  const store = shop.open({ status: { inline: 'koreo' } });
  await store.patchStatus(orderRef('1'), { status: { ready: true } });
  t.is(shop.text, '{"orders": [{"id": 1, "n": 1.0, "koreo": {"ready": true}}]}');
  await store.patch(orderRef('1'), { metadata: { labels: { a: 'b' } } });
  t.is(shop.text, '{"orders": [{"id": 1, "n": 1.0, "koreo": {"ready": true, "$metadata": {"labels": {"a": "b"}}}}]}');
  await store.patchStatus(orderRef('1'), { status: { ready: null } });
  await store.patch(orderRef('1'), { metadata: { labels: null } });
  t.is(shop.text, '{"orders": [{"id": 1, "n": 1.0}]}');
  t.deepEqual(shop.files, ['shop.json']);
});

test('a document keeps its mode', async (t) => {
  const shop = new Shop(t, '{}');
  chmodSync(shop.path, 0o640);
  await shop.open().create(order('a'));
  t.is(statSync(shop.path).mode & 0o777, 0o640);
});

test('a hostile pointer makes data and reaches no prototype', async (t) => {
  const shop = new Shop(t, '{}');
  const store = shop.open({ collections: [{ at: '/__proto__/polluted', ...order('x') }] });
  await store.create(order('constructor', { a: 1 }));
  await store.create(order('__proto__', { a: 2 }));
  t.is(shop.text.replaceAll(/\s/g, ''), '{"__proto__":{"polluted":{"constructor":{"a":1},"__proto__":{"a":2}}}}');
  t.deepEqual((await store.get(orderRef('__proto__')))?.spec, { a: 2 });
  t.false('polluted' in {});
});
