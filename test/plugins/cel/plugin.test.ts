import test from 'ava';
import { Budget, type LibraryFunction, recordPlugin, standardLibrary } from 'koreo-kernel';
import plugin, { celEngine } from 'koreo-kernel/plugins/cel';
import { repeat } from '../../support/repeat-function.js';

test('the plug-in registers an engine for the language cel, and nothing else', (t) => {
  const { engine, ...others } = recordPlugin(plugin);
  t.is(plugin.name, 'cel');
  t.deepEqual(
    engine.map(({ language }) => language),
    ['cel'],
  );
  t.deepEqual(Object.values(others).flat(), []);
});

function evaluate(source: string, ...functions: readonly LibraryFunction[]) {
  const library = new Map([
    ...standardLibrary(),
    ...functions.map((definition) => [definition.name, definition] as const),
  ]);
  return celEngine()
    .compile(source, library)
    .evaluate({ inputs: { n: 2 } }, new Budget());
}

test('a function of a plug-in can be called in both styles', (t) => {
  t.is(evaluate('repeat("ab", inputs.n) + "c".repeat(1 + 2)', repeat), 'ababccc');
});

test("a function's complaint is told with the place of the call", (t) => {
  const error = t.throws(() => evaluate('"a" + repeat("b", -1)', repeat), {
    message: 'repeat: `times` must not be negative',
  });
  t.like(error, { code: 'expression-evaluation', position: { line: 1, column: 7 } });
});

test('arguments are checked before a function is called', (t) => {
  t.throws(() => evaluate('repeat(1, 2)', repeat), { message: 'repeat: `text` must be a string, not number' });
  t.throws(() => evaluate('repeat("a", 1.5)', repeat), { message: 'repeat: `times` must be an integer, not number' });
  t.throws(() => evaluate('repeat("a", 2.0)', repeat), { message: 'repeat: `times` must be an integer, not number' });
});

test('a function that knows plain numbers only gets them plain, and whole numbers come back as ints', (t) => {
  const echo: LibraryFunction = {
    name: 'echo',
    parameters: [{ name: 'value', type: 'any' }],
    summary: 'The value.',
    call: ([value]) => value ?? null,
  };
  t.is(evaluate('to_json(echo(2.5))', echo), '2.5');
  t.is(evaluate('to_json(echo([2.0]))', echo), '[2]');
  t.throws(() => evaluate('echo(9007199254740993)', echo), { message: /does not fit a JSON number/ });
});

test("where the library and CEL have a function of one name, the library's meaning holds and CEL's other forms remain", (t) => {
  const size: LibraryFunction = {
    ...repeat,
    name: 'size',
    parameters: [{ name: 'value', type: 'any' }],
    call: () => 'ours',
  };
  t.is(evaluate('size([1])', size), 'ours');
  t.throws(() => evaluate('"abc".split("")'), { message: 'split separator may not be empty' });
  t.deepEqual(evaluate('"abc".split("", 2)'), ['a', 'bc']);
});
