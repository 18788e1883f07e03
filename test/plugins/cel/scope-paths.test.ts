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

const reads: readonly (readonly [source: string, paths: readonly (readonly (string | number)[])[]])[] = [
  ['1 + 2', []],
  ['inputs', [['inputs']]],
  ['inputs.a.b', [['inputs', 'a', 'b']]],
  ['steps.config["a"].b', [['steps', 'config', 'a', 'b']]],
  ['inputs.list[0].x', [['inputs', 'list', 0, 'x']]],
  ['inputs.`app.example/name`', [['inputs', 'app.example/name']]],
  [
    'inputs.list[inputs.index].x',
    [
      ['inputs', 'list'],
      ['inputs', 'index'],
    ],
  ],
  ['inputs[steps.a.key][0].b', [['inputs'], ['steps', 'a', 'key']]],
  ['has(steps.late.v)', [['steps', 'late', 'v']]],
  [
    'has(inputs["a"][locals.k])',
    [
      ['inputs', 'a'],
      ['locals', 'k'],
    ],
  ],
  [
    'inputs.a ? inputs.b : inputs.c',
    [
      ['inputs', 'a'],
      ['inputs', 'b'],
      ['inputs', 'c'],
    ],
  ],
  ['inputs.a.lower().b', [['inputs', 'a']]],
  [
    'lower(inputs.a) + inputs.b.strip(inputs.c)',
    [
      ['inputs', 'a'],
      ['inputs', 'b'],
      ['inputs', 'c'],
    ],
  ],
  [
    '[inputs.a, {inputs.b: inputs.c}]',
    [
      ['inputs', 'a'],
      ['inputs', 'b'],
      ['inputs', 'c'],
    ],
  ],
  ['inputs.a + inputs.a', [['inputs', 'a']]],
  [
    'inputs.list.map(x, x.name + locals.suffix)',
    [
      ['inputs', 'list'],
      ['locals', 'suffix'],
    ],
  ],
  ['inputs.list.map(inputs, inputs.name)', [['inputs', 'list']]],
  [
    'inputs.list.map(inputs, .inputs.name)',
    [
      ['inputs', 'list'],
      ['inputs', 'name'],
    ],
  ],
  ['inputs.list.filter(x, x > locals.min).map(y, y + x)', [['inputs', 'list'], ['locals', 'min'], ['x']]],
  [
    'inputs.list.reduce(acc, x, acc.start, acc + x)',
    [
      ['inputs', 'list'],
      ['acc', 'start'],
    ],
  ],
  ['inputs.a.all(x, inputs.b.exists(y, x == y && z))', [['inputs', 'a'], ['inputs', 'b'], ['z']]],
  [
    '!inputs.a && -inputs.b < 0 || false',
    [
      ['inputs', 'a'],
      ['inputs', 'b'],
    ],
  ],
  ['type(inputs.a) == int', [['inputs', 'a']]],
  ['type(inputs.a) == google.protobuf.Timestamp', [['inputs', 'a']]],
  ['strings.quote(inputs.a)', [['inputs', 'a']]],
  ['true || steps.never.x', [['steps', 'never', 'x']]],
  ['{"a": 1}.b + "x".c', []],
];

for (const [source, paths] of reads) {
  test(`${source} reads ${JSON.stringify(paths)}`, (t) => {
    t.deepEqual(celEngine().compile(source, standardLibrary()).reads, paths);
  });
}

test('a path whose value an expression may give as it is, is told, and no other', (t) => {
  const gives = (source: string) =>
    celEngine()
      .compile(source, standardLibrary())
      .gives.map((path) => path.join('.'));
  t.deepEqual(gives('inputs'), ['inputs']);
  t.deepEqual(gives('inputs.a["b"][0]'), ['inputs.a.b.0']);
  t.deepEqual(gives('has(inputs.a) ? inputs.a : inputs.b > 1 ? steps.c.d : "none"'), ['inputs.a', 'steps.c.d']);
  for (const none of ['inputs.a + 1', 'inputs[inputs.k]', 'inputs.a.lower()', '[inputs.a]', 'has(inputs.a)', 'int']) {
    t.deepEqual(gives(none), [], none);
  }
});
