import test from 'ava';
import { equalJson, isList, isObject, type Json, type MutableJsonObject, setKey } from 'koreo-kernel';
import { printJson } from '../../../adapters/files/json-printer.js';
import { JsonText } from '../../../adapters/files/json-text.js';
import { fc } from '../../support/property.js';

const MAX_DEPTH = 100;

/** The text of the document when it is to say the value. */
function printed(text: string, value: Json): string {
  return printJson(JsonText.parse(text, MAX_DEPTH), value);
}

const ORDERS = `{
  "orders": [
    { "id": 1, "total": 10.0 },
    { "id": 2, "total": 1e3 }
  ],
  "shops": {
    "berlin": {
      "open": true,
      "tags": ["a", "b"]
    }
  }
}
`;

const cases: readonly [what: string, before: string, value: Json, after: string][] = [
  ['a scalar changes in its place', '{"a":1.0, "b" : 2.0}', { a: 1, b: 3 }, '{"a":1.0, "b" : 3}'],
  [
    'a large number that nobody changes stays exact',
    '[18446744073709551617,1]',
    [2 ** 64, 2],
    '[18446744073709551617,2]',
  ],
  ['an escape that nobody changes stays', '["\\u0041\\/",1]', ['A/', 2], '["\\u0041\\/",2]'],
  ['a property is added at the end, minified', '{"a":1}', { a: 1, b: { c: [1, 'x'] } }, '{"a":1,"b":{"c":[1,"x"]}}'],
  [
    'a property is added at the end, on one line',
    '{ "a": 1 }',
    { a: 1, b: { c: [1, 2] } },
    '{ "a": 1, "b": { "c": [1, 2] } }',
  ],
  [
    'a property is added at the end, on its own line',
    '{\n    "a": 1\n}',
    { a: 1, b: { c: 2 } },
    '{\n    "a": 1,\n    "b": {\n        "c": 2\n    }\n}',
  ],
  [
    'tabs stay tabs',
    '{\n\t"a": {\n\t\t"b": 1\n\t}\n}',
    { a: { b: 1, c: [2] } },
    '{\n\t"a": {\n\t\t"b": 1,\n\t\t"c": [\n\t\t\t2\n\t\t]\n\t}\n}',
  ],
  [
    'CRLF stays CRLF',
    '{\r\n  "a": 1\r\n}\r\n',
    { a: 1, b: [2] },
    '{\r\n  "a": 1,\r\n  "b": [\r\n    2\r\n  ]\r\n}\r\n',
  ],
  [
    'the spacing of colons is kept',
    '{\n  "a" : 1\n}',
    { a: 1, b: { c: 2 } },
    '{\n  "a" : 1,\n  "b" : {\n    "c" : 2\n  }\n}',
  ],
  ['the first property is removed with its line', '{\n  "a": 1,\n  "b": 2\n}', { b: 2 }, '{\n  "b": 2\n}'],
  [
    'a property in the middle is removed with its line',
    '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}',
    { a: 1, c: 3 },
    '{\n  "a": 1,\n  "c": 3\n}',
  ],
  ['the last property is removed with its line', '{\n  "a": 1,\n  "b": 2\n}', { a: 1 }, '{\n  "a": 1\n}'],
  ['the only property is removed', '{\n  "a": 1\n}\n', {}, '{}\n'],
  ['a property takes the place of the only one', '{\n  "a": 1\n}', { b: 2 }, '{\n  "b": 2\n}'],
  [
    'an empty mapping is filled where it stands',
    '{\n  "a": {},\n  "b": []\n}',
    { a: { x: 1 }, b: [1] },
    '{\n  "a": {\n    "x": 1\n  },\n  "b": [\n    1\n  ]\n}',
  ],
  ['an empty document is filled', '{}\n', { a: { b: 1 } }, '{\n  "a": {\n    "b": 1\n  }\n}\n'],
  ['a minified empty list is filled on its line', '{"a":[],"b":1}', { a: [{ x: 1 }], b: 1 }, '{"a":[{"x":1}],"b":1}'],
  ['doubled keys: the last is changed', '{"a":1,"a":2}', { a: 3 }, '{"a":1,"a":3}'],
  ['doubled keys: all are removed', '{"a":1,"b":0,"a":2}', { b: 0 }, '{"b":0}'],
  ['a list grows at its end and keeps its beginning', '[1.0,\n 2.0]', [1, 2, 3], '[1.0,\n 2.0,\n 3]'],
  ['a list loses an item in the middle', '[1.0, 2.0, 3.0]', [1, 3], '[1.0, 3.0]'],
  ['a list gets an item at its beginning', '[1.0, 2.0]', [0, 1, 2], '[0, 1.0, 2.0]'],
  ['a list gets an item in the middle', '[1.0, 2.0]', [1, 7, 2], '[1.0, 7, 2.0]'],
  ['a byte order mark stays', '\ufeff{"a":1}', { a: 2 }, '\ufeff{"a":2}'],
  ['the whole may become something else', ' {"a":1} \n', [1], ' [1] \n'],
  [
    'items that are written one on a line stay so',
    ORDERS,
    {
      orders: [
        { id: 1, total: 11 },
        { id: 2, total: 1000 },
        { id: 3, lines: [{ n: 1 }] },
      ],
      shops: { berlin: { open: true, tags: ['a', 'b'] } },
    },
    ORDERS.replace('10.0', '11').replace('1e3 }\n', '1e3 },\n    { "id": 3, "lines": [{ "n": 1 }] }\n'),
  ],
  [
    'items that are spread over lines stay so',
    ORDERS,
    {
      orders: [
        { id: 1, total: 10 },
        { id: 2, total: 1000 },
      ],
      shops: { berlin: { open: true, tags: ['a', 'b', 'c'] }, paris: { open: false } },
    },
    ORDERS.replace('"b"]\n    }\n', '"b", "c"]\n    },\n    "paris": {\n      "open": false\n    }\n'),
  ],
];
for (const [what, before, value, after] of cases) {
  test(what, (t) => {
    t.is(printed(before, value), after);
    t.true(equalJson(JsonText.parse(after, MAX_DEPTH).value, value));
  });
}

test('a plan says which items of a list stay, so that those around a removed one keep their text', (t) => {
  const text = '[\n  {"n": 1.0},\n  {"n": 2.0},\n  {"n": 3.0},\n  {"n": 4.0}\n]';
  const value: Json = [{ n: 2 }, { n: 5 }, { n: 6 }];
  const plan = [
    { type: 'kept', index: 1 },
    { type: 'changed', index: 3, before: { n: 4 }, value: { n: 5 } },
    { type: 'added', value: { n: 6 } },
  ] as const;
  const after = printJson(JsonText.parse(text, MAX_DEPTH), value, new Map([[value, plan]]));
  t.is(after, '[\n  {"n": 2.0},\n  {"n": 5},\n  {"n": 6}\n]');
});

test('__proto__ is a key like any other', (t) => {
  const value = JSON.parse('{"__proto__": {"a": 2}, "constructor": 1}') as Json;
  t.is(printed('{"__proto__":{"a":1}}', value), '{"__proto__":{"a":2},"constructor":1}');
  t.is(printed('{"__proto__":{"a":1},"b":2}', { b: 2 }), '{"b":2}');
});

const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => normalised(value as Json));
const anyIndent = fc.constantFrom(undefined, '', ' ', '  ', '\t', '    ');
const anyLineBreak = fc.constantFrom('\n', '\r\n');
const anyText = fc.tuple(anyJson, anyIndent, anyLineBreak).map(([value, indent, lineBreak]) => {
  return `${JSON.stringify(value, null, indent)}\n`.replaceAll('\n', lineBreak);
});

test('whatever a document says and is to say, its new text says it', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyText, anyJson, (text, value) => {
        return equalJson(JSON.parse(printed(text, value)) as Json, value);
      }),
      { numRuns: 500 },
    ),
  );
});

test('what is laid out as JSON.stringify lays out stays so, whatever is removed', (t) => {
  const twoNamed = fc.tuple(anyJson, anyJson, fc.constantFrom('\t', '  ', '    '));
  t.notThrows(() =>
    fc.assert(
      fc.property(twoNamed, ([first, second, indent]) => {
        const before = JSON.stringify({ first, second, third: {} }, null, indent);
        const without = printed(before, { first, third: {} });
        return without === JSON.stringify({ first, third: {} }, null, indent);
      }),
    ),
  );
});

test('what is laid out as JSON.stringify lays out stays so, whatever is added at the end', (t) => {
  const spreadMapping = fc.dictionary(fc.string(), fc.integer(), { minKeys: 1 });
  t.notThrows(() =>
    fc.assert(
      fc.property(spreadMapping, anyJson, fc.constantFrom('\t', '  ', '    '), (mapping, value, indent) => {
        const { added: _, ...before } = mapping;
        const after = { ...before, added: value };
        const text = JSON.stringify(before, null, indent);
        const expected = JSON.stringify(after, null, Object.keys(before).length === 0 ? '  ' : indent);
        return printed(text, after) === expected;
      }),
    ),
  );
});

/** Without what JSON text does not keep: the sign of zero. */
function normalised(value: Json): Json {
  if (isList(value)) return value.map(normalised);
  if (!isObject(value)) return value === 0 ? 0 : value;
  const result: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) setKey(result, key, normalised(item));
  return result;
}
