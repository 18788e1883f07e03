import test from 'ava';
import { standardLibrary } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';

function paths(source: string) {
  const { reads, tests } = celEngine().compile(source, standardLibrary());
  return { reads: reads.map((path) => path.join('.')), tests: tests.map((path) => path.join('.')) };
}

test('a path that has asks after is read and tested', (t) => {
  t.deepEqual(paths('has(inputs.a) ? inputs.a.b : inputs["c d"]'), {
    reads: ['inputs.a', 'inputs.a.b', 'inputs.c d'],
    tests: ['inputs.a'],
  });
  t.deepEqual(paths('has(inputs["a"]) && has(inputs.b.c)').tests, ['inputs.a', 'inputs.b.c']);
});

test('a question with a computed part tests no path', (t) => {
  t.deepEqual(paths('has(inputs[inputs.key].a) || has(inputs.b[inputs.key])').tests, []);
});

test('a question about a variable of a macro tests no path of the scope', (t) => {
  t.deepEqual(paths('[inputs.a].all(inputs, has(inputs.a))'), { reads: ['inputs.a'], tests: [] });
});
