import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  Budget,
  ExpressionEvaluationError,
  type Json,
  type LibraryFunction,
  recordPlugin,
  type Scope,
  standardLibrary,
} from 'koreo-kernel';
import plugin, { celJsEngine } from 'koreo-kernel/plugins/cel-js';
import {
  CELLexer,
  CelParser,
  CelVisitor,
  getCelType,
  getResult,
  reservedIdentifiers,
  size,
} from '../../../plugins/cel-js/parts.js';

const engine = celJsEngine();

function evaluate(source: string, scope: Scope = {}, library = standardLibrary()): Json {
  return engine.compile(source, library).evaluate(scope, new Budget()) as Json;
}

test('the plug-in registers an engine for the language cel-js, and nothing else', (t) => {
  const { engine: engines, ...others } = recordPlugin(plugin);
  t.is(plugin.name, 'cel-js');
  t.deepEqual(
    engines.map(({ language }) => language),
    ['cel-js'],
  );
  t.deepEqual(Object.values(others).flat(), []);
});

test('the package is the version whose parts are known, and has them', (t) => {
  const root = new URL('../../../../', import.meta.url);
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  t.is(dependencies['cel-js'], '0.8.2');
  const installed = JSON.parse(readFileSync(new URL('node_modules/cel-js/package.json', root), 'utf8'));
  t.is(installed.version, '0.8.2');
  for (const part of [CelVisitor, CelParser, getResult, getCelType, size, CELLexer.tokenize])
    t.is(typeof part, 'function');
  const guarded = [
    ...['addition', 'relation', 'mapExpression', 'macrosExpression', 'identifierDotExpression'],
    ...['getIndexSection', 'getIdentifier', 'handleHasMacro', 'visit'],
  ];
  for (const method of guarded) t.is(typeof CelVisitor.prototype[method as 'visit'], 'function', method);
  t.true(reservedIdentifiers.includes('if'));
});

test('a variable of a macro hides a name of the scope only inside of it', (t) => {
  const inputs = { list: [1, 2], other: 'kept' };
  t.deepEqual(evaluate('inputs.list.map(inputs, inputs + 1)', { inputs }), [2, 3]);
  t.deepEqual(evaluate('[inputs.list.map(inputs, inputs), [inputs.other]]', { inputs }), [[1, 2], ['kept']]);
  t.deepEqual(evaluate('inputs.list.map(__proto__, __proto__ * 2)', { inputs }), [2, 4]);
});

test('operators group as cel-js has them', (t) => {
  t.is(evaluate('2 + 3 * 4 - 10 / 5'), 12);
  t.is(evaluate('1 < 2 && 2 < 3 || false'), true);
  t.is(evaluate('((1)) + (2 * (3 + 4))'), 15);
  t.is(evaluate('--3 - -2'), 5);
  t.is(evaluate('true ? false ? 1 : 2 : 3'), 2);
  t.deepEqual(evaluate('[1] + [2] + [3, 4]'), [1, 2, 3, 4]);
  t.is(evaluate('[[5, 6], [7]][0] == [5, 6] && 1 in [1]'), true);
  t.is(evaluate('{"a": {"b": 7}}.a.b + {"c": 1}["c"]'), 8);
});

test('a failure absorbed by has leaves no trace in what fails later', (t) => {
  const error = t.throws(() => evaluate('has(inputs.a.b) ? 1 :\n  inputs.c', { inputs: {} }), {
    instanceOf: ExpressionEvaluationError,
    message: 'no such key `c`',
  });
  t.deepEqual(error?.position, { line: 2, column: 10 });
});

test("a library function of a plug-in that throws what it should not is not taken for the expression's fault", (t) => {
  const broken: LibraryFunction = {
    name: 'broken',
    parameters: [],
    summary: 'Throws.',
    call: () => {
      throw new TypeError('a bug of the plug-in');
    },
  };
  const library = new Map([...standardLibrary(), ['broken', broken] as const]);
  t.throws(() => evaluate('broken()', {}, library), { instanceOf: TypeError, message: 'a bug of the plug-in' });
});

test('a library function comes before one of cel-js of the same name', (t) => {
  const own: LibraryFunction = {
    name: 'size',
    parameters: [{ name: 'value', type: 'any' }],
    summary: 'Ours.',
    call: () => 'ours',
  };
  t.is(evaluate('size([1])'), 1);
  t.is(evaluate('size([1])', {}, new Map([['size', own]])), 'ours');
});

test('numbers that JSON does not have are no results', (t) => {
  const huge = `9007199254740991${' * 9007199254740991'.repeat(30)}`;
  t.throws(() => evaluate(huge), { instanceOf: ExpressionEvaluationError });
  t.throws(() => evaluate(`[${huge}]`), { instanceOf: ExpressionEvaluationError });
});
