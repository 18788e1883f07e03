import test from 'ava';
import { Budget, type EvaluationLimit, LimitExceededError, RunBudget } from 'koreo-kernel';
import { evaluate } from './evaluate.js';

const items = Array.from({ length: 1_000 }, (_, index) => index);
const big = 'x'.repeat(1_000_000);
const wide = Object.fromEntries(items.map((index) => [`k${index}`, index]));
const inputs = { items, big, wide };
const squared = (body: string): string => `inputs.items.all(a, inputs.items.all(b, ${body}))`;

const bombs: readonly (readonly [source: string, limit: EvaluationLimit])[] = [
  [squared('true'), 'evaluationSteps'],
  [squared('has(a.b) || true'), 'evaluationSteps'],
  [squared('a.missing || true'), 'evaluationSteps'],
  ['inputs.items.map(a, inputs.items.map(b, inputs.items.map(c, 1)))', 'evaluationSteps'],
  [squared('inputs.big.lower() != ""'), 'evaluationSteps'],
  [squared('inputs.big + string(b) in inputs.wide || true'), 'evaluationSteps'],
  [squared('has(inputs.wide[inputs.big + string(b)]) || true'), 'evaluationSteps'],
  [squared('{inputs.big + string(b): 1} != {}'), 'evaluationSteps'],
  [squared('inputs.big + string(b) < "" || true'), 'evaluationSteps'],
  [squared('inputs.wide == inputs.wide'), 'evaluationSteps'],
  [squared('inputs.big.matches("(x+x+)+y") || true'), 'evaluationSteps'],
  ['inputs.big.matches("(.|x|xx)*y{500}")', 'evaluationSteps'],
  [squared('timestamp("2024-01-01T00:00:00Z").getHours("Europe/Paris") >= 0'), 'evaluationSteps'],
  [squared('inputs.big.lastIndexOf("y" + inputs.big.substring(500000)) < 0'), 'evaluationSteps'],
  ['inputs.items.reduce(s, x, "a", s + s)', 'stringBytes'],
  ['inputs.items.reduce(s, x, b"a", s + s)', 'stringBytes'],
  ['inputs.items.reduce(s, x, [1], s + s)', 'listItems'],
  ['inputs.big.replace("x", inputs.big)', 'stringBytes'],
  ['inputs.items.map(x, inputs.big).join()', 'stringBytes'],
  ['"%s%s%s%s%s%s%s%s%s%s%s".format(inputs.items.filter(x, x < 11).map(x, inputs.big))', 'stringBytes'],
  ['inputs.items.map(x, inputs.big)', 'evaluationSteps'],
  ['inputs.items.map(x, inputs.wide)', 'evaluationSteps'],
  ['inputs.items.map(x, x < 40, x).reduce(s, x, [inputs.items], [s, s])', 'evaluationSteps'],
  ['inputs.items.map(x, x < 40, x).reduce(s, x, {"a": 1}, {"a": s, "b": s})', 'evaluationSteps'],
  ['to_json(inputs.items.map(x, x < 40, x).reduce(s, x, [1], [s, s]))', 'evaluationSteps'],
  [
    'inputs.items.map(x, x < 40, x).reduce(s, x, [1], [s, s]) == inputs.items.map(x, x < 40, x).reduce(s, x, [1], [s, s])',
    'evaluationSteps',
  ],
];

for (const [source, limit] of bombs) {
  test(`${source.slice(0, 90)} stops at the limit ${limit}`, (t) => {
    const error = t.throws(() => evaluate(source, { inputs }), { instanceOf: LimitExceededError });
    t.is(error?.limit, limit);
    t.is(error?.code, 'limit-exceeded');
  });
}

test('neither || nor a macro takes a limit for a failure that it may absorb', (t) => {
  const bomb = 'inputs.items.all(a, inputs.items.all(b, true))';
  t.throws(() => evaluate(`${bomb} || inputs.items[0] == 0`, { inputs }), { instanceOf: LimitExceededError });
  t.throws(() => evaluate(`[1, 2].exists(x, x == 2 || ${bomb})`, { inputs }), { instanceOf: LimitExceededError });
});

test('a list that grows at its end costs a step an item, and one that is copied costs its length', (t) => {
  const spent = (source: string): number => {
    let steps = 0;
    class Counting extends Budget {
      override spend(more: number): void {
        steps += more;
      }
    }
    evaluate(source, { inputs }, new Counting());
    return steps;
  };
  t.true(spent('inputs.items.reduce(all, x, [], all + [x]).size()') < 5_000);
  t.true(spent('inputs.items.reduce(all, x, [], [x] + all).size()') > 400_000);
});

test('lists that grew from one another keep what each of them had', (t) => {
  t.deepEqual(evaluate('[[1] + [2]].map(a, [a + [3], a + [4], a])[0]'), [
    [1, 2, 3],
    [1, 2, 4],
    [1, 2],
  ]);
  t.deepEqual(evaluate('[[1] + [2]].map(a, a + a)[0]'), [1, 2, 1, 2]);
  t.deepEqual(evaluate('[[1] + [2]].map(a, [a + a, a + [9], a])[0]'), [
    [1, 2, 1, 2],
    [1, 2, 9],
    [1, 2],
  ]);
});

test('a value that is nested more deeply than JSON should be is an error, not a crash', (t) => {
  const deep = Array.from({ length: 100_000 }, () => 0);
  t.throws(() => evaluate('inputs.reduce(s, x, [], [s])', { inputs: deep }), {
    message: /nested deeper than 500 levels/,
  });
  const compare = 'inputs.reduce(s, x, [], [s]) == inputs.reduce(s, x, [], [s])';
  t.throws(() => evaluate(compare, { inputs: deep }), { message: /nested too deeply/ });
});

test('what an evaluation spends counts against its run', (t) => {
  const run = new RunBudget({ evaluationSteps: 10_000, runSteps: 20_000, stringBytes: 100, listItems: 100 });
  const source = 'inputs.items.all(x, inputs.items[x] == x) && inputs.items.all(x, x >= 0)';
  const rounds = Array.from({ length: 5 }, () => evaluate(source, { inputs }, run.evaluation()));
  t.true(rounds.every((round) => round === true));
  const error = t.throws(
    () => {
      for (let round = 0; round < 5; round++) evaluate(source, { inputs }, run.evaluation());
    },
    { instanceOf: LimitExceededError },
  );
  t.is(error?.limit, 'runSteps');
});
