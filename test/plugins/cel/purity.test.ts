import test from 'ava';
import {
  Budget,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  equalJson,
  type Json,
  type JsonObject,
  standardLibrary,
} from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';
import { fc } from '../../support/property.js';
import { arbitraryExpression, scope } from './arbitrary-expression.js';
import { evaluate } from './evaluate.js';

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) frozen(item);
    Object.freeze(value);
  }
  return value;
}

const json = fc.letrec<{ json: Json; object: JsonObject }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.array(tie('json'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc
    .array(
      fc.tuple(fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a'), fc.string({ maxLength: 3 })), tie('json')),
      { maxLength: 4 },
    )
    .map((entries) => Object.fromEntries(entries)),
})).json;

test('what goes in as JSON comes out as it was', (t) => {
  for (const source of [
    'inputs',
    '[inputs][0]',
    '{"a": inputs}.a',
    'inputs == null ? null : inputs',
    '[inputs].map(x, x)[0]',
  ]) {
    fc.assert(fc.property(json, (inputs) => equalJson(evaluate(source, { inputs }), inputs)));
  }
  fc.assert(fc.property(json, (inputs) => equalJson(evaluate('[[inputs] + [1]]', { inputs }), [[inputs, 1]])));
  t.pass();
});

test('what is read from the scope is handed out as it is, without a copy', (t) => {
  const inputs = { deep: { list: [1, 2, 3] } };
  t.is(evaluate('inputs.deep.list', { inputs }), inputs.deep.list);
  t.is((evaluate('{"a": inputs.deep}', { inputs }) as { a: Json }).a, inputs.deep);
});

test('evaluating changes nothing, and gives the same each time', (t) => {
  const scope = frozen({ inputs: { list: [3, 1, 2], map: { a: { b: 1 } }, text: 'a-b', n: 2.5 } });
  const sources = [
    'inputs.map.overlay({"a": {"c": 2}})',
    'inputs.list + [4]',
    'inputs.list.reduce(all, x, inputs.list, all + [x])',
    '[inputs.list, inputs.list.map(x, x * 2)].flatten()',
    '{"constant": [1, {"a": 2.0}], "text": inputs.text.split("-")}',
    'from_json(to_json(inputs))',
    '[min(inputs.list), max(inputs.list), sum(inputs.list)]',
  ];
  for (const source of sources) {
    const program = celEngine().compile(source, standardLibrary());
    const first = program.evaluate(scope, new Budget());
    t.deepEqual(program.evaluate(scope, new Budget()), first, source);
    t.deepEqual(program.evaluate(structuredClone(scope), new Budget()), first, source);
  }
});

test('constants are shared by all evaluations, and frozen', (t) => {
  const program = celEngine().compile('{"a": [1, {"b": 2}]}', standardLibrary());
  const value = program.evaluate({}, new Budget()) as { a: [number, JsonObject] };
  t.is(program.evaluate({}, new Budget()), value);
  t.true(Object.isFrozen(value) && Object.isFrozen(value.a) && Object.isFrozen(value.a[1]));
});

test('two scopes are never mixed by one program', (t) => {
  const program = celEngine().compile('inputs.list.map(x, x + inputs.n)', standardLibrary());
  t.deepEqual(program.evaluate({ inputs: { list: [1], n: 1 } }, new Budget()), [2]);
  t.deepEqual(program.evaluate({ inputs: { list: [1, 2], n: 10 } }, new Budget()), [11, 12]);
});

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every(isJson);
}

test('a result is plain JSON, whatever the expression, or there is an error of ours', (t) => {
  const wrapped = fc
    .tuple(
      arbitraryExpression,
      fc.constantFrom('$', '[$]', '{"a": $}', '[$].map(x, x)', 'overlay({"a": $}, {})', 'dyn($)'),
    )
    .map(([source, around]) => around.replace('$', () => source));
  fc.assert(
    fc.property(wrapped, (source) => {
      try {
        return isJson(evaluate(source, scope));
      } catch (error) {
        return error instanceof ExpressionEvaluationError || error instanceof ExpressionSyntaxError;
      }
    }),
    { numRuns: 3_000 },
  );
  t.pass();
});
