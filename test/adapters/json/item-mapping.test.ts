import test from 'ava';
import { asResource, equalJson, InvalidResourceError, isObject, type JsonObject, type Resource } from 'koreo-kernel';
import type { CollectionOptions, StatusOptions } from 'koreo-kernel/adapters/json';
import { type Collection, toCollections } from '../../../adapters/json/collection.js';
import { nameText, type StoredItem, toResource, toStored } from '../../../adapters/json/item-mapping.js';
import { anyMapping } from '../../support/json-arbitraries.js';
import { fc } from '../../support/property.js';

const ORDER = { apiVersion: 'shop.example/v1', kind: 'Order' };

function collection(options: Partial<CollectionOptions>, status?: StatusOptions): Collection {
  const [one] = toCollections([{ at: '/orders', ...ORDER, name: 'id', ...options }], status);
  if (one === undefined) throw new Error('there is one collection');
  return one;
}

function shown(
  of: Collection,
  stored: StoredItem,
  names: { name: string; namespace?: string } = { name: '7' },
): Resource {
  return toResource(of, stored, { ...names, uid: 'u', resourceVersion: 'r' });
}

function resource(fields: JsonObject, metadata: JsonObject = { name: '7' }): Resource {
  return asResource({ ...ORDER, metadata, ...fields });
}

test("an item's fields are shown under spec, its name in the metadata", (t) => {
  const item = { id: 7, customer: 'ann', status: 'open' };
  t.deepEqual(shown(collection({}), { value: item }), {
    ...ORDER,
    metadata: { name: '7', uid: 'u', resourceVersion: 'r' },
    spec: item,
  });
});

test("an item's fields are shown at the top, but for those that every resource has", (t) => {
  const item = { id: 7, customer: 'ann', status: 'open', kind: 'rush', metadata: 1, apiVersion: 2 };
  t.deepEqual(shown(collection({ fields: 'top' }), { value: item }), {
    ...ORDER,
    metadata: { name: '7', uid: 'u', resourceVersion: 'r' },
    id: 7,
    customer: 'ann',
  });
});

test('a side record is shown as status and metadata, and cannot change who the resource is', (t) => {
  const side = { status: { a: 1 }, metadata: { labels: { b: 'c' }, name: 'other', uid: 'other' } };
  const { status, metadata } = shown(collection({}), { value: { id: 7 }, side });
  t.deepEqual(status, { a: 1 });
  t.deepEqual(metadata, { name: '7', uid: 'u', resourceVersion: 'r', labels: { b: 'c' } });
});

test('an inline record is the status, with the metadata under a key of its own', (t) => {
  const of = collection({}, { inline: 'koreo' });
  const value = { id: 7, koreo: { conditions: [], $metadata: { annotations: { a: 'b' } } } };
  const { status, metadata, spec } = shown(of, { value });
  t.deepEqual(status, { conditions: [] });
  t.deepEqual(metadata.annotations, { a: 'b' });
  t.deepEqual(spec, { id: 7 });
});

test('a new item begins with its name and namespace', (t) => {
  const of = collection({ namespace: '/place/zone', name: '/ids/main' });
  const given = resource({ spec: { customer: 'ann' } }, { name: '7', namespace: 'eu' });
  const { value } = toStored({ collection: of, resource: given, newName: 7 });
  t.is(JSON.stringify(value), '{"ids":{"main":7},"place":{"zone":"eu"},"customer":"ann"}');
});

test('an item whose name is a number keeps it a number', (t) => {
  const of = collection({});
  const before = { value: { id: 7, customer: 'ann' } };
  const without = toStored({ collection: of, resource: resource({ spec: { customer: 'bob' } }), before, newName: '7' });
  t.deepEqual(without.value, { id: 7, customer: 'bob' });
});

test('fields that no resource shows stay in the item', (t) => {
  const of = collection({ fields: 'top' });
  const before = { value: { id: 7, status: 'open', kind: 'rush', customer: 'ann' } };
  const { value } = toStored({ collection: of, resource: resource({ id: 7, customer: 'bob' }), before, newName: '7' });
  t.deepEqual(value, { id: 7, customer: 'bob', status: 'open', kind: 'rush' });
});

const misfits: readonly [what: string, of: Collection, given: Resource, message: RegExp][] = [
  ['a name that differs from the one in the item', collection({}), resource({ spec: { id: 8 } }), /another name/],
  ['fields beside spec', collection({}), resource({ spec: {}, data: {} }), /it has data/],
  ['a spec that is no mapping', collection({}), resource({ spec: [1] }), /spec is no mapping/],
  ['a status that is no mapping', collection({}), resource({ spec: {}, status: 'open' }), /status is no mapping/],
  [
    'a field in the place of the status',
    collection({}, { inline: 'state' }),
    resource({ spec: { state: 1 } }),
    /"state"/,
  ],
  [
    'a status with the key of the metadata',
    collection({}, { inline: 's' }),
    resource({ status: { $metadata: 1 } }),
    /\$metadata/,
  ],
  [
    'a scalar on the way to the name',
    collection({ name: '/ids/main' }),
    resource({ spec: { ids: 1 } }),
    /no mapping on the way/,
  ],
];
for (const [what, of, given, message] of misfits) {
  test(`${what} is refused`, (t) => {
    t.throws(() => toStored({ collection: of, resource: given, newName: '7' }), {
      instanceOf: InvalidResourceError,
      message,
    });
  });
}

test('a status is not written over something else in its place', (t) => {
  const of = collection({}, { inline: 'status' });
  const before = { value: { id: 7, status: 'open' } };
  const draft = { collection: of, before, newName: '7' };
  t.deepEqual(toStored({ ...draft, resource: resource({ spec: { id: 7, a: 1 } }) }).value, {
    id: 7,
    a: 1,
    status: 'open',
  });
  const told = resource({ spec: { id: 7 }, status: { ready: true } });
  t.throws(() => toStored({ ...draft, resource: told }), {
    instanceOf: InvalidResourceError,
    message: /something else/,
  });
});

const anyCollection = fc
  .record({
    fields: fc.constantFrom('spec' as const, 'top' as const),
    name: fc.constantFrom('id', '/ids/main', '/a/b'),
    status: fc.constantFrom(undefined, { inline: 'status' }, { inline: '__proto__' }, { side: 'side.json' }),
  })
  .map(({ fields, name, status }) => collection({ fields, name }, status));

test('there and back: an item that is shown and kept again is the same item', (t) => {
  const anyItem = fc.tuple(anyMapping, fc.oneof(fc.integer(), fc.string({ minLength: 1 })), anyMapping, anyMapping);
  t.notThrows(() =>
    fc.assert(
      fc.property(anyCollection, anyItem, (of, [fields, name, status, metadata]) => {
        const value = named(of, fields, name);
        const text = nameText(name) ?? '';
        const { name: _1, namespace: _2, uid: _3, resourceVersion: _4, ...others } = metadata;
        const side = { ...(size(status) > 0 && { status }), ...(size(others) > 0 && { metadata: others }) };
        const stored = of.inline === undefined && size(side) > 0 ? { value, side } : { value };
        const again = toStored({
          collection: of,
          resource: shown(of, stored, { name: text }),
          before: stored,
          newName: text,
        });
        return equalJson(again, stored);
      }),
      { numRuns: 1000 },
    ),
  );
});

/** The fields with a name where the collection looks for it. */
function named({ name = [] }: Collection, fields: JsonObject, text: string | number): JsonObject {
  const [first, second] = name.map(String);
  if (first === undefined) return fields;
  const inner = fields[first];
  return { ...fields, [first]: second === undefined ? text : { ...(isObject(inner) && inner), [second]: text } };
}

function size(value: object): number {
  return Object.keys(value).length;
}
