import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DEFAULT_EVALUATION_LIMITS,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  freezeDeep,
  type Json,
  LimitExceededError,
  RunBudget,
  recordPlugin,
  standardLibrary,
} from 'koreo-kernel/plugin';
import { expressionEngineContract } from 'koreo-kernel/testing/contracts';
import { text } from './dialect.js';
import plugin from './index.js';

const [engine] = recordPlugin(plugin).engine;
const scope = freezeDeep({
  inputs: {
    name: 'Ada',
    count: 3,
    tags: ['a', 'b'],
    nothing: null,
    labels: { 'app/name': 'web', constructor: 'own' },
  },
});

function compile(source: string) {
  if (engine === undefined) throw new Error('the plug-in brings no engine');
  return engine.compile(source, standardLibrary(), { expressionCharacters: 1000, expressionNesting: 10 });
}

async function evaluate(source: string, stringBytes = 1000): Promise<Json> {
  return compile(source).evaluate(scope, new RunBudget({ ...DEFAULT_EVALUATION_LIMITS, stringBytes }).evaluation());
}

// All that koreo relies on: its own languages pass the same cases.
for (const { title, run } of expressionEngineContract(text)) test(title, run);

test('holes are filled, and what is around them stays as it is', async () => {
  assert.equal(await evaluate('Dear {{inputs.name}}, {{ inputs.count }} times!\n'), 'Dear Ada, 3 times!\n');
  assert.equal(await evaluate('{{ inputs.labels["app/name"] }}/{{ inputs.tags[1] }}'), 'web/b');
  assert.equal(await evaluate('no hole } { here'), 'no hole } { here');
  assert.equal(await evaluate('{{ "{{" }} and {{ "}}" }}'), '{{ and }}');
  assert.equal(await evaluate(''), '');
});

test('a template that is one hole gives the value as it is', async () => {
  assert.deepEqual(await evaluate('{{ inputs.tags }}'), ['a', 'b']);
  assert.equal(await evaluate('{{ inputs.count }}'), 3);
  assert.equal(await evaluate('{{ inputs.nothing }}'), null);
});

test('functions of the library get what is left of the bar', async () => {
  assert.equal(await evaluate('{{ inputs.name | lower }}@example.com'), 'ada@example.com');
  assert.equal(await evaluate('{{ "a/b/c" | split("/") | to_json }}.'), '["a", "b", "c"].');
  assert.equal(await evaluate('{{ inputs.name | replace("A", inputs.tags[0]) }}'), 'ada');
});

test('a value that is not there is an error at its place, or what stands in for it', async () => {
  await assert.rejects(evaluate('line one\nand {{ inputs.nobody }}'), (error) => {
    assert.ok(error instanceof ExpressionEvaluationError);
    assert.deepEqual([error.message, error.position], ['`inputs.nobody` is not there', { line: 2, column: 8 }]);
    return true;
  });
  assert.equal(await evaluate('{{ inputs.nobody ?? "somebody" }}!'), 'somebody!');
  assert.equal(await evaluate('{{ inputs.nothing ?? "something" }}'), 'something');
  assert.equal(await evaluate('{{ inputs.nobody ?? inputs.name }}!'), 'Ada!');
});

test('what is read is known from the source', () => {
  const program = compile('{{ inputs.a ?? steps.b["c/d"] | replace("x", inputs.e) }}{{ inputs.f[0] }}');
  assert.deepEqual(program.reads, [
    ['inputs', 'a'],
    ['steps', 'b', 'c/d'],
    ['inputs', 'e'],
    ['inputs', 'f', 0],
  ]);
  assert.deepEqual(program.tests, [['inputs', 'a']]);
  assert.deepEqual(compile('{{ inputs.a.b }}').gives, [['inputs', 'a', 'b']]);
  assert.deepEqual(compile('x{{ inputs.a.b }}').gives, []);
});

test('what cannot be read is told with its place', () => {
  const faults = {
    '{{ inputs.': [11, 'expected a name after the dot'],
    '{{ inputs.a': [12, 'expected `}}`'],
    'a {{ }}': [6, 'expected a name'],
    '{{ inputs[x] }}': [11, 'expected a key in quotes'],
    '{{ inputs.a | }}': [15, 'expected the name of a function'],
    '{{ "\\x" }}': [4, 'expected a text or a number as in JSON'],
    '{{ inputs.a | shout }}': [15, 'there is no function `shout`'],
  } as const;
  for (const [source, [column, message]] of Object.entries(faults)) {
    assert.throws(
      () => compile(source),
      (error) => {
        assert.ok(error instanceof ExpressionSyntaxError, source);
        assert.deepEqual(error.position, { line: 1, column }, source);
        assert.ok(error.message.startsWith(message), error.message);
        return true;
      },
    );
  }
  assert.throws(() => compile('x'.repeat(1001)), /expressionCharacters/);
});

test('a value that is no text stands alone, or is an error that says what to do', async () => {
  await assert.rejects(evaluate('tags: {{ inputs.tags }}'), /list is not text; `\| to_json` writes it/);
});

test('no text grows beyond the budget', async () => {
  await assert.rejects(evaluate('{{ inputs.name }}'.repeat(5), 12), LimitExceededError);
});
