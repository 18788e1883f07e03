import test from 'ava';
import {
  Budget,
  type EvaluationLimit,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  LimitExceededError,
} from 'koreo-kernel';
import { evaluate } from './evaluate.js';

const items = Array.from({ length: 1_000 }, (_, index) => index);
const many = Array.from({ length: 100_000 }, (_, index) => index);
const big = 'x'.repeat(1_000_000);
const wide = Object.fromEntries(items.map((index) => [`k${index}`, index]));
const pairs = many.map((index) => ({ a: index % 7, b: `t${index}` }));
const inputs = { items, many, big, wide, pairs };

/** A few lists, or mappings, that hold one another so often that nobody could ever walk them. */
const NESTED_LISTS = '$reduce([1..60], function($s, $i) { [[$s], [$s]] }, [1])';
const NESTED_MAPPINGS = '$reduce([1..60], function($s, $i) { {"a": $s, "b": $s} }, 1)';

const bombs: readonly (readonly [source: string, limit: EvaluationLimit])[] = [
  ['$map(inputs.items, function($a) { $map(inputs.items, function($b) { $a + $b }) })', 'evaluationSteps'],
  ['inputs.items[$$.inputs.items[$ > 0]]', 'evaluationSteps'],
  ['inputs.pairs.($$.inputs.pairs.b)', 'evaluationSteps'],
  ['inputs.many.{"a": $}.{"b": a}.{"c": b}.{"d": c}', 'evaluationSteps'],
  ['($f := function($x) { $f($x) }; $f(1))', 'evaluationSteps'],
  ['($f := function() { $f() }; $f())', 'evaluationSteps'],
  [NESTED_LISTS, 'evaluationSteps'],
  [`${NESTED_LISTS}.foo`, 'evaluationSteps'],
  [`${NESTED_LISTS} ? 1 : 2`, 'evaluationSteps'],
  [`$not(${NESTED_LISTS})`, 'evaluationSteps'],
  [`$lookup(${NESTED_LISTS}, "x")`, 'evaluationSteps'],
  [`${NESTED_LISTS}.*`, 'evaluationSteps'],
  [`${NESTED_MAPPINGS}.**`, 'evaluationSteps'],
  [`${NESTED_MAPPINGS} & ""`, 'evaluationSteps'],
  [`$string(${NESTED_MAPPINGS})`, 'evaluationSteps'],
  [`${NESTED_MAPPINGS} = ${NESTED_MAPPINGS}`, 'evaluationSteps'],
  [`$to_json(${NESTED_MAPPINGS})`, 'evaluationSteps'],
  [`$clone(${NESTED_MAPPINGS})`, 'evaluationSteps'],
  [`${NESTED_MAPPINGS} ~> |a|{}|`, 'evaluationSteps'],
  [`$distinct([${NESTED_MAPPINGS}, ${NESTED_MAPPINGS}])`, 'evaluationSteps'],
  ['$reduce(inputs.items, function($s, $x) { $s & $s }, "a")', 'stringBytes'],
  ['$reduce(inputs.items, function($s, $x) { $append($s, $s) }, [1])', 'listItems'],
  ['$pad("a", 100000000)', 'stringBytes'],
  ['[1..10000000]', 'listItems'],
  ['[1..1000000000]', 'listItems'],
  ['$join(inputs.items.$string(), inputs.big)', 'stringBytes'],
  ['$replace(inputs.big, "x", inputs.big)', 'stringBytes'],
  ['$replace(inputs.big, /x/, inputs.big)', 'evaluationSteps'],
  ['$split(inputs.big, /x/)', 'evaluationSteps'],
  ['$match(inputs.big, /x/)', 'evaluationSteps'],
  ['$contains(inputs.big, /(.|x|xx)*y{500}/)', 'evaluationSteps'],
  ['$map(inputs.many, function($x) { $match($$.inputs.big, /x$/) })', 'evaluationSteps'],
  ['$map(inputs.many, function($x) { $length($$.inputs.big) })', 'evaluationSteps'],
  ['$map(inputs.many, function($x) { $substring($$.inputs.big, 999999) })', 'evaluationSteps'],
  ['$map(inputs.many, function($x) { inputs.big & $x < inputs.big & $x })', 'evaluationSteps'],
  ['$map(inputs.items, function($x) { [inputs.many] })', 'evaluationSteps'],
  ['$map(inputs.items, function($x) { $zip(inputs.many, inputs.many) })', 'evaluationSteps'],
  ['$map(inputs.items, function($x) { $spread(inputs.wide) })', 'evaluationSteps'],
  ['$map(inputs.many, function($x) { $formatInteger($x, "w") })', 'evaluationSteps'],
  ['$sort(inputs.many, function($a, $b) { $a < $b })', 'evaluationSteps'],
  ['$distinct(inputs.pairs)', 'evaluationSteps'],
  ['inputs.pairs{b: a}', 'evaluationSteps'],
  ['inputs.**.**.**', 'evaluationSteps'],
  ['inputs.items.($$.inputs.items.($$.inputs.items))', 'evaluationSteps'],
  ['inputs.many.$pad(?, 3)', 'evaluationSteps'],
  [`[${'inputs.items,'.repeat(1_500)}1]`, 'listItems'],
];

for (const [source, limit] of bombs) {
  test.serial(`${source.slice(0, 100)} stops at the limit ${limit}`, async (t) => {
    const error = await t.throwsAsync(evaluate(source, { inputs }), { instanceOf: LimitExceededError });
    t.is(error?.limit, limit);
  });
}

const failing: readonly (readonly [source: string, message: RegExp])[] = [
  ['($f := function($x) { 1 + $f($x) }; $f(1))', /functions call one another too deeply/],
  ['($f := function($x) { [$f($x), $f($x)] }; $f(1))', /functions call one another too deeply/],
  ['(λ($f) { $f($f) })(λ($f) { {"a": $f($f)} })', /handed on too deeply from function to function/],
  ['inputs.many^(>$)', /too long to be ordered with `\^\(…\)`; use `\$sort`/],
  ['inputs.pairs#$i{$string(a): $i}', /too long to be grouped together with/],
  ['$formatInteger(1e300, "I")', /beyond 1000000000/],
  ['$formatNumber(1, $pad("", 1000, "0"))', /more than 200 characters/],
  ['$reduce([1..600], function($s, $i) { {"a": $s} }, 1)', /nested deeper than 500 levels/],
  ['$string($reduce([1..20000], function($s, $i) { {"a": $s} }, 1))', /nested deeper than 500 levels/],
];

for (const [source, message] of failing) {
  test.serial(`${source} is an error that says why`, async (t) => {
    await t.throwsAsync(evaluate(source, { inputs }), { instanceOf: ExpressionEvaluationError, message });
  });
}

/** Sources that JSONata's parser would copy or follow without end. */
const sources: Readonly<Record<string, string>> = {
  'defaults of defaults': `${'('.repeat(150)}inputs.a${' ?? 1)'.repeat(150)}`,
  'defaults of defaults after a pattern that looks like a division': `* and /"/ ("x") & ${'('.repeat(150)}inputs.a${' ?: 1)'.repeat(150)}`,
  'defaults in lists': `${'['.repeat(100)}1${' ?? 1]'.repeat(100)}`,
  'defaults in filters': `${'a['.repeat(150)}1${'] ?? 1'.repeat(150)}`,
  'a long sum': Array.from({ length: 9_000 }, () => '1').join('+'),
  'a long path': `a${'.a'.repeat(9_000)}`,
  'many signs': `${'-'.repeat(19_000)}1`,
  'many comments': `${'/**/'.repeat(4_900)}1`,
  'a huge pattern': `$match("", /${'a?'.repeat(3_000)}/)`,
  'repeated repetition': '$match("", /(a{1000}){1000}/)',
};

for (const [name, source] of Object.entries(sources)) {
  test.serial(`${name} is refused before it costs anything`, async (t) => {
    await t.throwsAsync(evaluate(source), { instanceOf: ExpressionSyntaxError });
  });
}

test.serial('others get a turn while an evaluation is long, also when its parts run side by side', async (t) => {
  for (const source of [
    '$map(inputs.items, function($a) { $map(inputs.items, function($b) { $a + $b }) })',
    '($f := function($n) { $n = 0 ? 0 : $f($n - 1) }; [$f(5000), $f(5000), $f(5000), $f(5000)])',
    '$map(inputs.many, $uppercase)',
    '$sort(inputs.many, $append)',
  ]) {
    let turns = 0;
    let spent = 0;
    let longest = 0;
    class Counting extends Budget {
      override spend(steps: number): void {
        spent += steps;
        super.spend(steps);
      }
    }
    let over = false;
    const watch = (before: number): void => {
      turns++;
      longest = Math.max(longest, spent - before);
      const now = spent;
      if (!over) setImmediate(() => watch(now));
    };
    setImmediate(() => watch(0));
    await Promise.allSettled([evaluate(source, { inputs: { ...inputs, many: many.map(String) } }, new Counting())]);
    over = true;
    t.true(spent > 100_000 && turns >= spent / 40_000, `${source}: ${turns} turns in ${spent} steps`);
    t.true(longest < 40_000, `${source}: ${longest} steps without a turn`);
  }
});
