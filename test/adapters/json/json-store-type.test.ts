import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { type JsonObject, recordPlugin } from 'koreo-kernel';
import plugin, { JsonStoreOptionsError, jsonStore } from 'koreo-kernel/adapters/json';
import { VirtualClock } from 'koreo-kernel/testing';
import { ORDER, ORDERS, order, Shop } from './shop.js';

test('the plug-in brings the store type and nothing else', (t) => {
  const { storeType, ...others } = recordPlugin(plugin);
  t.deepEqual(storeType, [jsonStore]);
  t.deepEqual(Object.values(others).flat(), []);
});

test('a store is made as a configuration describes it', async (t) => {
  const shop = new Shop(t, '{"orders": []}');
  const context = { name: 'shop', baseDirectory: shop.folder, clock: new VirtualClock() };
  const options = { file: './shop.json', collections: [{ ...ORDERS }], status: { inline: 'koreo' } };
  const store = jsonStore.create(context, options);
  t.teardown(() => store.close());
  t.is(store.name, 'shop');
  await store.create(order('a'));
  t.deepEqual(
    (await store.list(ORDER)).items.map(({ metadata }) => metadata.name),
    ['a'],
  );
  t.deepEqual(shop.files, ['shop.json']);
});

test('options that contradict themselves are refused before anything is read', (t) => {
  const context = { name: 'shop', baseDirectory: '/nowhere', clock: new VirtualClock() };
  const options = { file: 'shop.json', collections: [{ ...ORDERS }, { ...ORDERS }] };
  t.throws(() => jsonStore.create(context, options), { instanceOf: JsonStoreOptionsError });
});

const fits: readonly (readonly [what: string, options: JsonObject, fits: boolean])[] = [
  ['the least', { file: 'a.json', collections: [{ at: '', ...ORDER }] }, true],
  ['a side file', { file: 'a.json', collections: [{ ...ORDERS }], status: { side: 'b.json' } }, true],
  ['no file', { collections: [{ ...ORDERS }] }, false],
  ['no collections', { file: 'a.json', collections: [] }, false],
  ['a pointer without a slash', { file: 'a.json', collections: [{ ...ORDERS, at: 'orders' }] }, false],
  ['an unknown option', { file: 'a.json', collections: [{ ...ORDERS, id: 'x' }] }, false],
  [
    'two places for status',
    { file: 'a.json', collections: [{ ...ORDERS }], status: { side: 'b', inline: 'c' } },
    false,
  ],
  ['an unknown container', { file: 'a.json', collections: [{ ...ORDERS, container: 'array' }] }, false],
  ['a depth beyond what can be parsed', { file: 'a.json', collections: [{ ...ORDERS }], maxDepth: 100_000 }, false],
];
for (const [what, options, expected] of fits) {
  test(`the schema ${expected ? 'takes' : 'refuses'} ${what}`, (t) => {
    t.is(new Ajv2020({ allErrors: true }).compile(jsonStore.optionsSchema)(options), expected);
  });
}

test('every option is described', (t) => {
  const undescribed = (schema: JsonObject, path: string): readonly string[] => {
    const inner = [...Object.entries((schema.properties ?? {}) as JsonObject), ['items', schema.items] as const];
    return inner.flatMap(([name, part]) => {
      if (typeof part !== 'object' || part === null) return [];
      const one = part as JsonObject;
      return [
        ...(one.description === undefined && name !== 'items' ? [path + name] : []),
        ...undescribed(one, `${path}${name}.`),
      ];
    });
  };
  t.deepEqual(undescribed(jsonStore.optionsSchema, ''), []);
});

test('a resource has one uid in every process, however its configuration spells the path', async (t) => {
  const shop = new Shop(t, '{"orders": [{"id": "a"}]}');
  const uids = await Promise.all(
    ['shop.json', './shop.json', 'data/../shop.json'].map(async (file) => {
      const resource = await shop.open({ file }).get({ ...ORDER, name: 'a' });
      return resource?.metadata.uid;
    }),
  );
  t.regex(uids[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  t.is(new Set(uids).size, 1);
});
