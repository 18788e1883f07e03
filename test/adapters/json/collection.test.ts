import test from 'ava';
import { type CollectionOptions, JsonStoreOptionsError } from 'koreo-kernel/adapters/json';
import { toCollections } from '../../../adapters/json/collection.js';
import { findContainer, withContainer } from '../../../adapters/json/container.js';
import { formatPointer, parsePointer, parseProperty } from '../../../adapters/json/json-pointer.js';
import { fc } from '../../support/property.js';

const ORDER = { apiVersion: 'shop.example/v1', kind: 'Order' };
const INVOICE = { apiVersion: 'shop.example/v1', kind: 'Invoice' };

test('a collection is a list when its items have a name property, else a mapping', (t) => {
  const [list, mapping] = toCollections(
    [
      { at: '/a', ...ORDER, name: 'id' },
      { at: '/b', ...INVOICE },
    ],
    undefined,
  );
  t.is(list?.container, 'list');
  t.is(mapping?.container, 'mapping');
  t.deepEqual(list?.info, { ...ORDER, plural: 'orders', namespaced: false });
});

test('a namespace property makes the kind namespaced, and a plural can be given', (t) => {
  const [one] = toCollections([{ at: '', ...ORDER, namespace: 'zone', plural: 'commandes' }], undefined);
  t.deepEqual(one?.info, { ...ORDER, plural: 'commandes', namespaced: true });
});

const mistakes: readonly [what: string, options: readonly CollectionOptions[], message: RegExp][] = [
  ['a place that is no pointer', [{ at: 'orders', ...ORDER }], /"orders" is no JSON Pointer/],
  ['a pointer with a broken escape', [{ at: '/a~2', ...ORDER }], /no JSON Pointer/],
  ['a list without names', [{ at: '/a', ...ORDER, container: 'list' }], /say with `name`/],
  [
    'two collections of one kind',
    [
      { at: '/a', ...ORDER },
      { at: '/b', ...ORDER },
    ],
    /two collections hold/,
  ],
  [
    'two collections in one place',
    [
      { at: '/a', ...ORDER },
      { at: '/a', ...INVOICE },
    ],
    /inside the other/,
  ],
  [
    'a collection inside another',
    [
      { at: '/a', ...ORDER },
      { at: '/a/x/b', ...INVOICE },
    ],
    /inside the other/,
  ],
  [
    'a collection inside the whole document',
    [
      { at: '/a', ...ORDER },
      { at: '', ...INVOICE },
    ],
    /inside the other/,
  ],
];
for (const [what, options, message] of mistakes) {
  test(`${what} is an error`, (t) => {
    t.throws(() => toCollections(options, undefined), { instanceOf: JsonStoreOptionsError, message });
  });
}

test('collections whose pointers only begin alike do not lie inside one another', (t) => {
  t.is(
    toCollections(
      [
        { at: '/a', ...ORDER },
        { at: '/ab', ...INVOICE },
      ],
      undefined,
    ).length,
    2,
  );
});

test('all mistakes are told at once', (t) => {
  const options = [
    { at: 'x', ...ORDER },
    { at: 'y', ...ORDER, container: 'list' as const },
  ];
  const error = t.throws(() => toCollections(options, undefined), { instanceOf: JsonStoreOptionsError });
  for (const part of [/"x"/, /"y" is no JSON/, /say with `name`/, /two collections/]) t.regex(error.message, part);
});

test('a pointer is parsed as it is formatted, whatever its keys hold', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('~', '/', '~1', '~0', ''))), (path) => {
        return JSON.stringify(parsePointer(formatPointer(path))) === JSON.stringify(path);
      }),
    ),
  );
});

test('a property is a key, or a pointer when it begins with a slash', (t) => {
  t.deepEqual(parseProperty('a/b~0'), ['a/b~0']);
  t.deepEqual(parseProperty('/a/b~0'), ['a', 'b~']);
});

const found: readonly [at: string, document: unknown, type: string, path: readonly (string | number)[]][] = [
  ['', { a: 1 }, 'there', []],
  ['/a/b', { a: { b: {} } }, 'there', ['a', 'b']],
  ['/a/1/b', { a: [0, { b: {} }] }, 'there', ['a', 1, 'b']],
  ['/a/b', { a: {} }, 'missing', []],
  ['/a/b', {}, 'missing', []],
  ['/a/b', { a: null }, 'missing', []],
  ['/a', { a: null }, 'missing', []],
  ['/a', undefined, 'missing', []],
  ['/a/b', { a: 'text' }, 'blocked', ['a']],
  ['/a', { a: 7 }, 'blocked', ['a']],
  ['/a', { a: [] }, 'blocked', ['a']],
  ['/a/7/b', { a: [] }, 'blocked', ['a']],
  ['/a/length', { a: [] }, 'blocked', ['a']],
  ['/a/01', { a: [0, {}] }, 'blocked', ['a']],
  ['/__proto__/x', {}, 'missing', []],
  ['/constructor/prototype', {}, 'missing', []],
  ['/toString', {}, 'missing', []],
];
for (const [at, document, type, path] of found) {
  test(`"${at}" in ${JSON.stringify(document)} is ${type}`, (t) => {
    const [collection] = toCollections([{ at, ...ORDER }], undefined);
    if (collection === undefined) throw new Error('there is one collection');
    const container = findContainer(collection, document as never);
    t.is(container.type, type as never);
    if (container.type !== 'missing') t.deepEqual(container.path, path);
  });
}

test('what is missing on the way to a collection is made, and the rest is shared', (t) => {
  const kept = { x: 1 };
  const root = { kept, list: [{ a: 1 }] };
  const made = withContainer(root, ['list', '0', 'deep', 'items'], []);
  t.deepEqual(made, { kept: { x: 1 }, list: [{ a: 1, deep: { items: [] } }] });
  t.is((made as typeof root).kept, kept);
  const proto = withContainer({}, ['__proto__', 'x'], { a: 1 });
  t.is(JSON.stringify(proto), '{"__proto__":{"x":{"a":1}}}');
  t.is(Object.getPrototypeOf(proto), Object.prototype);
});
