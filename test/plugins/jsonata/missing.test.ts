import test from 'ava';
import { ExpressionEvaluationError } from 'koreo-kernel';
import { evaluate } from './evaluate.js';

const inputs = { a: 1, one: ['only'], many: ['x', 'y'], none: [], items: [{ n: 1 }, {}, { n: 3 }] };

const values: readonly (readonly [source: string, value: unknown])[] = [
  ['{"a": inputs.a, "b": inputs.missing}', { a: 1 }],
  ['{"in": {"b": inputs.missing.deeper}}', { in: {} }],
  ['[inputs.missing, inputs.a]', [1]],
  ['inputs.items.n', [1, 3]],
  ['inputs.missing ?? "other"', 'other'],
  ['inputs.missing.deeper ?? "other"', 'other'],
  ['inputs.none ?? "other"', []],
  ['inputs.missing ?: "other"', 'other'],
  ['inputs.missing ? 1 : 2', 2],
  ['inputs.missing = 1', false],
  ['inputs.missing != 1', false],
  ['$exists(inputs.missing)', false],
  ['inputs.missing and true', false],
  ['$count(inputs.missing)', 0],
  ['"a" & inputs.missing', 'a'],
  ['$sum([inputs.missing])', 0],
];

for (const [source, value] of values) {
  test(`missing: ${source} gives ${JSON.stringify(value)}`, async (t) => {
    t.deepEqual(await evaluate(source, { inputs }), value);
  });
}

for (const source of [
  'inputs.missing',
  'inputs.missing + 1',
  '1 > inputs.missing',
  '$uppercase(inputs.missing)',
  'inputs.many[5]',
  'inputs.many[$ = "z"]',
  'inputs.none.n',
  'inputs.a = 2 ? 1',
  '$map(inputs.none, function($x) { $x })',
  '$not(inputs.missing)',
]) {
  test(`missing: ${source} gives nothing, which is an error with a place`, async (t) => {
    const error = await t.throwsAsync(evaluate(source, { inputs }), { instanceOf: ExpressionEvaluationError });
    t.regex(error?.message ?? '', /no such key|gives nothing/);
    t.truthy(error?.position);
  });
}

test('a sequence of one item is that item, and one that must stay a list is written in brackets', async (t) => {
  t.is(await evaluate('inputs.one.($ & "!")', { inputs }), 'only!');
  t.deepEqual(await evaluate('[inputs.one.($ & "!")]', { inputs }), ['only!']);
  t.deepEqual(await evaluate('inputs.one.($ & "!")[]', { inputs }), ['only!']);
  t.deepEqual(await evaluate('[inputs.none.($ & "!")]', { inputs }), []);
  t.deepEqual(await evaluate('[inputs.many.($ & "!")]', { inputs }), ['x!', 'y!']);
});

test('a list of the scope is given as it is, of one item or none', async (t) => {
  t.deepEqual(await evaluate('inputs.one', { inputs }), ['only']);
  t.deepEqual(await evaluate('inputs.none', { inputs }), []);
  t.deepEqual(await evaluate('{"one": inputs.one, "none": inputs.none}', { inputs }), { one: ['only'], none: [] });
  t.deepEqual(await evaluate('$overlay({"a": inputs.one}, {"b": inputs.none})', { inputs }), { a: ['only'], b: [] });
});
