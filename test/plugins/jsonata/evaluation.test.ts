import test from 'ava';
import { ExpressionEvaluationError, ExpressionSyntaxError } from 'koreo-kernel';
import { evaluate } from './evaluate.js';

const inputs = {
  name: 'web',
  count: 3,
  nothing: null,
  list: [1, 2, 3],
  one: [7],
  empty: [],
  nested: { a: { b: [{ c: 'found' }] } },
  items: [
    { n: 'x', v: 2 },
    { n: 'y', v: 1 },
  ],
  'app.example/name': 'dotted',
};

const values: readonly (readonly [source: string, value: unknown])[] = [
  ['inputs.nested.a.b[0].c', 'found'],
  ['inputs.nested.a.b.c', 'found'],
  ['inputs.`app.example/name`', 'dotted'],
  ['inputs."app.example/name"', 'dotted'],
  ['inputs.items.n', ['x', 'y']],
  ['inputs.items[v = 1].n', 'y'],
  ['inputs.items[v = 1].n[]', ['y']],
  ['inputs.items[-1].n', 'y'],
  ['inputs.items^(v).n', ['y', 'x']],
  ['inputs.items^(>v).n', ['x', 'y']],
  ['inputs.items{n: v}', { x: 2, y: 1 }],
  ['inputs.items.{"name": n}', [{ name: 'x' }, { name: 'y' }]],
  ['inputs.items#$i.{"i": $i, "n": n}.(n & i)', ['x0', 'y1']],
  ['inputs.items@$item.($item.n & $$.inputs.name)', ['xweb', 'yweb']],
  ['inputs.nested.a.b.c.%.%.b.c', 'found'],
  ['inputs.nested.*.b.c', 'found'],
  ['inputs.nested.**.c', 'found'],
  ['inputs.list.($ * $$.inputs.count)', [3, 6, 9]],
  [
    'inputs ~> |items|{"w": v * 2}, "v"| ~> $lookup("items")',
    [
      { n: 'x', w: 4 },
      { n: 'y', w: 2 },
    ],
  ],
  ['($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))', 3_628_800],
  ['($f := function($n) { $n = 0 ? "end" : $f($n - 1) }; $f(5000))', 'end'],
  ['(λ($x) { $x + 1 })(2)', 3],
  ['$map(["a", "b"], $pad(?, 3, "-"))', ['a--', 'b--']],
  ['inputs.items.v ~> $map(function($v) { $v * 2 }) ~> $sum', 6],
  ['($trimmed := $trim ~> $uppercase; $trimmed("  a b "))', 'A B'],
  ['$map(inputs.items.n, $uppercase)', ['X', 'Y']],
  ['inputs.name.$uppercase()', 'WEB'],
  ['inputs.name ~> $strip("b")', 'we'],
  ['$filter(inputs.list, function($v, $i) { $i > 0 })', [2, 3]],
  ['$single(inputs.items, function($v) { $v.n = "y" }).v', 1],
  ['$sort(inputs.items, function($a, $b) { $a.v > $b.v }).n', ['y', 'x']],
  ['$sort([3, 1, 2])', [1, 2, 3]],
  ['$sort(["b", "a"])', ['a', 'b']],
  ['$distinct([1, 2, 1, {"a": 1}, {"a": 1}])', [1, 2, { a: 1 }]],
  ['$reverse([1, 2])', [2, 1]],
  [
    '$zip([1, 2], ["a", "b", "c"])',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  ['$each(inputs.items[0], function($v, $k) { $k & "=" & $v })', ['n=x', 'v=2']],
  ['$sift(inputs.items[0], function($v, $k) { $k = "n" })', { n: 'x' }],
  ['$spread(inputs.items[0])', [{ n: 'x' }, { v: 2 }]],
  ['$merge([{"a": 1}, {"b": 2}, {"a": 3}])', { a: 3, b: 2 }],
  ['$keys(inputs.items)', ['n', 'v']],
  ['$string({"a": [1, 0.1 + 0.2, null, "é"]})', '{"a":[1,0.3,null,"é"]}'],
  ['$string([1, {"a": 2}], true)', '[\n  1,\n  {\n    "a": 2\n  }\n]'],
  ['"a" & 1 & true & null & [1] & inputs.missing', 'a1truenull[1]'],
  ['$substring("a😀bc", 1, 2)', '😀b'],
  ['$substring("abc", -2)', 'bc'],
  ['$length("a😀")', 2],
  ['$substringBefore("a-b-c", "-") & $substringAfter("a-b-c", "-")', 'ab-c'],
  ['$pad("a", -3, "xy")', 'xya'],
  ['$split("a, b;c", /[,;] */)', ['a', 'b', 'c']],
  ['$split("a,b,c", ",", 2)', ['a', 'b']],
  ['$replace("abab", "a", "x", 1)', 'xbab'],
  ['$replace("john smith", /(\\w+) (\\w+)/, "$2, $1")', 'smith, john'],
  ['$replace("a1b2", /[0-9]/, function($m) { "<" & $m.match & ">" })', 'a<1>b<2>'],
  ['$replace("$5", "$", "€")', '€5'],
  [
    '$match("ababc", /a(b)/)',
    [
      { match: 'ab', index: 0, groups: ['b'] },
      { match: 'ab', index: 2, groups: ['b'] },
    ],
  ],
  ['$contains("ABC", /b/i)', true],
  ['$contains("abc", "z")', false],
  ['$formatNumber(1234.5, "#,##0.00")', '1,234.50'],
  ['$formatBase(255, 16)', 'ff'],
  ['$formatInteger(2789, "w")', 'two thousand, seven hundred and eighty-nine'],
  ['$parseInteger("twelve", "w")', 12],
  ['$number("0x1F") + $number("1e3") + $number(true)', 1032],
  ['$round(3.14159, 2)', 3.14],
  ['$sum([1, 2.5]) + $average([2, 4]) + $max([1, 9]) + $min([3, 2])', 17.5],
  ['$sum(5)', 5],
  ['$fromMillis(1714566600000, "[D01]/[M01]/[Y0001] [H01]:[m01]")', '01/05/2024 12:30'],
  ['$toMillis("2024-05-01T12:30:00Z")', 1_714_566_600_000],
  ['$toMillis("2024-05-01T14:30:00+0200")', 1_714_566_600_000],
  ['$base64decode($base64encode("koreo"))', 'koreo'],
  ['$decodeUrlComponent($encodeUrlComponent("a b/c"))', 'a b/c'],
  ['$type(inputs.list) & $type(null) & $type($sum)', 'arraynullfunction'],
  ['$boolean([0, ""]) or $not(0)', true],
  ['[1..3, 7]', [1, 2, 3, 7]],
  ['$append(1, [2])', [1, 2]],
  ['$count(inputs.list) + $count(inputs.missing) + $count("a")', 4],
  ['1 in [1, 2] and $not("1" in [1, 2])', true],
  ['-0', 0],
  ['[$ceil(-0.5), 1]', [0, 1]],
  ['$spread([null])', [null]],
  ['$spread([[]])', []],
  ['$spread([{"a": 1}])', [{ a: 1 }]],
  ['$spread({"a": 1})', { a: 1 }],
  ['{"a": [1]}.*', [1]],
  ['{"a": []}.*', []],
  ['{"a": 1}.*', 1],
  ['inputs.empty[]', []],
  ['inputs.items[0].[n, v][]', [['x', 2]]],
  ['inputs.items[0].[n, v][]{$string($): v}', {}],
  ['$split("a", ";", 1)', ['a']],
  ['$split("a", /;/)', ['a']],
  ['$split("a;b;c", ";", 1.5)', ['a']],
  ['$zip(inputs.list, inputs.missing)', []],
  ['inputs.items^(v)#$i.[$i, n]', [0, 'y', 1, 'x']],
  ['$sort(["b", "a"], function($l, $r) { [] })', ['a', 'b']],
  ['inputs.nested ~> |a|missing|', { a: { b: [{ c: 'found' }] } }],
  ['inputs.nested ~> |a|$$.inputs.items[1]|', { a: { b: [{ c: 'found' }], n: 'y', v: 1 } }],
  ['(function($x)<n:n> { $x + 1 })(1) ?? 0', 2],
  ['(function($x)<n:n> { $x })(0) ?: 3', 3],
];

for (const [source, value] of values) {
  test(`${source} gives ${JSON.stringify(value)}`, async (t) => {
    t.deepEqual(await evaluate(source, { inputs }), value);
  });
}

const failures: readonly (readonly [source: string, line: number, column: number, message: string])[] = [
  ['inputs.missing', 1, 8, 'no such key `missing` in `inputs`'],
  ['inputs.nested.a.missing.c', 1, 17, 'no such key `missing` in `inputs.nested.a`'],
  ['undeclared', 1, 1, 'undeclared name `undeclared` (in scope: `inputs`)'],
  ['1 +\n  inputs.missing', 2, 10, 'no such key `missing` in `inputs`'],
  ['inputs.count > 1 ? inputs.missing : 1', 1, 27, 'no such key `missing` in `inputs`'],
  ['inputs.items.nowhere', 1, 14, 'no such key `nowhere` in `inputs.items`'],
  [
    'inputs.list.($ * inputs.count)',
    1,
    18,
    'there is no `inputs` in the context of this part; `$$.inputs` is that of the scope',
  ],
  ['inputs.name + 1', 1, 13, 'the left side of `+` must be a number'],
  ['1 -\n  inputs.name', 1, 3, 'the right side of `-` must be a number'],
  ['inputs.name < 1', 1, 13, 'both sides of `<` must be of one type'],
  ['-inputs.name', 1, 1, 'only numbers can be negated with `-`'],
  ['[1..inputs.name]', 1, 3, 'the right side of `..` must be an integer'],
  ['{inputs.count: 1}', 1, 1, 'the keys of an object must be strings'],
  ['1 / 0', 1, 3, 'the result is not a number that JSON has'],
  ['$power(10, 400)', 1, 1, '$power: the result is not a number that JSON has'],
  ['$uppercase(inputs.count)', 1, 1, '$uppercase: `text` must be a string, not number'],
  ['$map(inputs.list, function($x) {\n  $uppercase($x)\n})', 2, 3, '$uppercase: `text` must be a string, not number'],
  ['$map(inputs.list, function($x) { $x + "a" })', 1, 37, 'the right side of `+` must be a number'],
  ['inputs.list ~> $map($uppercase)', 1, 16, '$uppercase: `text` must be a string, not number'],
  ['$join(inputs.list)', 1, 1, '$join: item 0 of `list` is no string'],
  ['$strip(inputs.name, 1)', 1, 1, 'strip: `characters` must be a string, not number'],
  ['$lower(inputs.missing)', 1, 1, '$lower: `text` is missing'],
  ['$sqrt(-1)', 1, 1, '$sqrt: the number is negative'],
  ['$number("twelve")', 1, 1, '$number: the value is no number'],
  ['$abs("a")', 1, 1, '$abs: argument 1 is of a type that it does not take'],
  ['$single(inputs.list)', 1, 1, '$single: more than one item matches'],
  ['$toMillis("2024-05-01T12:30:00")', 1, 1, /^\$toMillis: not an ISO 8601 date/.source],
  ['$error("no way")', 1, 1, '$error: no way'],
  ['$assert(false, "as said")', 1, 1, '$assert: as said'],
  [
    '$error("no " & inputs.name)',
    1,
    1,
    '$error failed; its message is computed and may hold values, so it is not shown',
  ],
  ['$sum()', 1, 1, '$sum: `list` is missing'],
  ['inputs.items[0].n.$pad(missing, "-")', 1, 19, '$pad: `width` is missing'],
  ['$zip()', 1, 1, '$zip: `first` is missing'],
  ['{"a": inputs.items^(v).n, "b": 0 / 0, "c": inputs.items^(v).n}', 1, 34, 'the result is not a number that JSON has'],
  ['{"a": (inputs.items^(v)[0].n), "b": $parseInteger("?", "w")}', 1, 37, 'the result is not a number that JSON has'],
  ['$sum', 1, 1, 'a function is no value of JSON'],
  ['{"f": function($x) { $x }}', 1, 1, 'a function is no value of JSON'],
  ['(inputs.name)(1)', 1, 1, 'a value of type string cannot be called; only functions can'],
  ['1 ~> 2', 1, 3, 'the right side of `~>` must be a function'],
  [
    '$formatNumber(1, "0", {"grouping-separator": ""})',
    1,
    1,
    '$formatNumber: each of the `options` must be one character',
  ],
  ['$fromMillis(0, "[Y,999999]")', 1, 1, '$fromMillis: a width in the picture is of more than two digits'],
];

for (const [source, line, column, message] of failures) {
  test(`${source} fails with the place and a reason`, async (t) => {
    const error = await t.throwsAsync(evaluate(source, { inputs }), { instanceOf: ExpressionEvaluationError });
    if (message.startsWith('^')) t.regex(error?.message ?? '', new RegExp(message));
    else t.is(error?.message, message);
    t.deepEqual(error?.position, { line, column });
    t.is(error?.code, 'expression-evaluation');
  });
}

const refused: readonly (readonly [source: string, column: number, message: RegExp])[] = [
  ['1 + $now()', 5, /`\$now` is switched off: the same inputs must always give the same result; take a time/],
  ['$millis()', 1, /`\$millis` is switched off/],
  ['$random()', 1, /`\$random` is switched off: the same inputs must always give the same result/],
  ['$map([1], $shuffle)', 11, /`\$shuffle` is switched off/],
  ['$eval("1")', 1, /`\$eval` is switched off: what an expression reads must be known before it runs/],
  ['$uppercaze("a")', 1, /there is no variable or function `\$uppercaze`; did you mean `\$uppercase`\?/],
  ['$x + 1', 1, /there is no variable or function `\$x`/],
  ['uppercase("a")', 1, /`uppercase` is no function; did you mean `\$uppercase`\?/],
  ['inputs.f(1)', 8, /`f` is no function; names of functions begin with `\$`/],
  ['$$', 1, /this takes the whole scope for a value; name what is read of it/],
  ['1 + $count(*)', 12, /the whole scope/],
  ['$keys()', 1, /the whole scope/],
  ['$string($)', 9, /the whole scope/],
  ['(inputs.a', 10, /there should be `\)` before the expression ends/],
  ['inputs..a', 7, /`\.\.` cannot stand here/],
  ['inputs.a && inputs.b', 11, /`&` cannot stand here; an operand is missing before it/],
  ['$match("a", /(?=b)/)', 19, /not in RE2 syntax/],
  ['$match("a", /(a)\\1/)', 19, /not in RE2 syntax/],
];

for (const [source, column, message] of refused) {
  test(`${source} is refused before anything runs`, async (t) => {
    const error = await t.throwsAsync(evaluate(source, { inputs }), { instanceOf: ExpressionSyntaxError, message });
    t.deepEqual(error?.position, { line: 1, column });
  });
}

test('messages never hold values of the scope', async (t) => {
  const secret = 's3cr3t-value';
  const scope = { inputs: { secret, list: [secret], mapping: { [secret]: 1 }, n: 424_242 } };
  const sources = [
    'inputs.secret + 1',
    'inputs.secret < 1',
    '-inputs.secret',
    '[1..inputs.secret]',
    '$number(inputs.secret)',
    '{inputs.mapping: 1}',
    '{"a": 1, inputs.secret: 1, inputs.secret & "": 2}',
    '$error(inputs.secret)',
    '$assert(false, inputs.secret)',
    '$toMillis(inputs.secret)',
    '$fromMillis(inputs.n, inputs.secret & "[")',
    '$formatNumber(inputs.n, inputs.secret)',
    '$formatBase(inputs.n, inputs.n)',
    '$decodeUrl(inputs.secret & "%")',
    '$sort([inputs.secret, 1])',
    '$from_json(inputs.secret)',
    '$lookup(inputs.mapping, inputs.secret & "x")',
    '$reduce(inputs.list, function($x) { $x })',
    '$map(inputs.secret, inputs.secret)',
    '(inputs.secret)(1)',
    'inputs ~> |secret|{"a": 1}|',
    'inputs ~> |mapping|$$.inputs.secret|',
    '$base64encode(inputs.secret & "€")',
  ];
  for (const source of sources) {
    const error = await t.throwsAsync(evaluate(source, scope), { instanceOf: ExpressionEvaluationError }, source);
    const told = `${error?.message}${error?.stack}`;
    t.false(told.includes(secret) || told.includes('424242'), `${source}: ${error?.message}`);
  }
});

test('a long list that is written out is what a short one is', async (t) => {
  const long = (first: string): string => `[${first}${', 0'.repeat(40)}]`;
  const zeros = Array.from({ length: 40 }, () => 0);
  t.deepEqual(await evaluate(long('inputs.list, [inputs.list], inputs.missing, inputs.name'), { inputs }), [
    ...[1, 2, 3],
    [1, 2, 3],
    'web',
    ...zeros,
  ]);
  t.deepEqual(await evaluate(`[${long('1')}, 2]`, { inputs }), [[1, ...zeros], 2]);
  t.deepEqual(await evaluate(`${long('1')}.($ + 1)`, { inputs }), [2, ...zeros.map(() => 1)]);
  t.deepEqual(await evaluate(`inputs.items.${long('n')}`, { inputs }), [
    ['x', ...zeros],
    ['y', ...zeros],
  ]);
});
