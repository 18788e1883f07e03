import test from 'ava';
import { Budget, ExpressionEvaluationError, freezeDeep, type Json, type Scope, standardLibrary } from 'koreo-kernel';
import { jsonataEngine } from 'koreo-kernel/plugins/jsonata';
import { evaluate } from './evaluate.js';

const scope = (): { readonly inputs: { readonly [key: string]: Json } } => ({
  inputs: { list: [3, 1, 2], one: ['a'], empty: [], matrix: [[], [1]], map: { a: { b: 1 } }, text: 'a-b' },
});

/** What JSONata by itself would do to its input: marks on lists, items put into them, changes of what `$$` leads to. */
const CHANGING = [
  'inputs.list[]',
  'inputs.one[]',
  'inputs.empty[]',
  'inputs.matrix[0][]',
  'inputs.empty{"a": 1}',
  '($e := inputs.empty; $e{"a": 1})',
  'inputs.matrix.{"a": 1}',
  'inputs ~> |$$.inputs|{"a": 2}|',
  'inputs ~> |map|{"a": 2}, "b"|',
  '($clone := function($x) { $x }; inputs ~> |map|{"a": 2}|)',
  'inputs.map ~> |$sum|{"implementation": 1}|',
  '(inputs.map)(1)',
  'inputs.map(1)',
  '$append(inputs.list, 4)',
  '$sort(inputs.list)',
  'inputs.list^($)',
  '$reverse(inputs.one)',
  '$distinct(inputs.list)',
  '$overlay(inputs.map, {"c": 1})',
  '$merge([inputs.map, {"c": 1}])',
  '$spread(inputs.map)',
];

for (const source of CHANGING) {
  test(`${source} changes nothing, whether the scope could be changed or not`, async (t) => {
    const open = scope();
    const [free] = await Promise.allSettled([evaluate(source, open)]);
    t.deepEqual(open, scope());
    t.true(
      Object.values(open.inputs).every((value) => !Array.isArray(value) || Object.keys(value).length === value.length),
    );
    const [frozen] = await Promise.allSettled([evaluate(source, freezeDeep(scope()))]);
    t.deepEqual(frozen, free);
    if (free?.status === 'rejected') t.is(free.reason.code.split('-')[0], 'expression', String(free.reason));
    t.is(await evaluate('$sum([1, 2])'), 3, 'functions are as they were');
  });
}

test('what is read from the scope is handed out as it is, without a copy', async (t) => {
  const inputs = { deep: { list: [1, 2, 3] } };
  t.is(await evaluate('inputs.deep.list', { inputs }), inputs.deep.list);
  t.is(await evaluate('true ? inputs.deep', { inputs }), inputs.deep);
  t.is(((await evaluate('{"a": inputs.deep}', { inputs })) as { a: Json }).a, inputs.deep);
});

test('one program runs any number of times at once, each with its own scope, budget and errors', async (t) => {
  const source = '$map(inputs.list, function($x) { $x < inputs.limit ? $x * inputs.n : $uppercase($x) })';
  const program = jsonataEngine().compile(source, standardLibrary());
  const list = Array.from({ length: 200 }, (_, index) => index);
  const runs = Array.from({ length: 20 }, async (_, n) => {
    const limit = n % 4 === 3 ? 150 : 1000;
    return program.evaluate({ inputs: { list, limit, n } }, new Budget());
  });
  for (const [n, result] of (await Promise.allSettled(runs)).entries()) {
    if (n % 4 === 3) {
      t.true(result.status === 'rejected' && result.reason instanceof ExpressionEvaluationError);
      if (result.status === 'rejected') t.deepEqual(result.reason.position, { line: 1, column: 70 });
    } else {
      t.deepEqual(result, { status: 'fulfilled', value: list.map((x) => x * n) });
    }
  }
});

test('when a part of a list fails, the parts beside it stop', async (t) => {
  let spent = 0;
  class Counting extends Budget {
    override spend(steps: number): void {
      spent += steps;
      super.spend(steps);
    }
  }
  const source = '($f := function($n) { $f($n + 1) }; [$uppercase(1), $f(0)])';
  await t.throwsAsync(evaluate(source, {}, new Counting()), { message: /must be a string/ });
  const then = spent;
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
  t.is(spent, then);
});

const RESERVED: readonly Scope[] = ['_jsonata_lambda', '_jsonata_function', 'outerWrapper', 'tupleStream'].map(
  (key) => ({
    inputs: { odd: { [key]: true, x: 1, body: { type: 'value', value: 'run' } }, list: [{ [key]: true, x: 1 }] },
  }),
);

for (const odd of RESERVED) {
  const [key] = Object.keys((odd.inputs as { odd: object }).odd);
  test(`data with the key ${key} is never taken for what JSONata marks by it`, async (t) => {
    t.is(await evaluate('inputs.odd.x', odd), 1);
    t.deepEqual(await evaluate('inputs.odd', odd), (odd.inputs as { odd: Json }).odd);
    const sources = [
      'inputs.odd ~> $string()',
      'inputs.odd(?)',
      '(inputs.odd)(1)',
      'inputs.list.($)',
      'inputs.odd{"a": x}',
    ];
    for (const source of [...sources, '$map(inputs.list, function($i) { $i })', 'inputs.list[x = 1]']) {
      const [result] = await Promise.allSettled([evaluate(source, odd)]);
      t.is(result?.status, 'rejected', source);
      if (result?.status === 'rejected')
        t.regex(String(result.reason), /keeps for itself|is no function|can be called/, source);
    }
  });
}
