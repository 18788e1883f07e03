import { fc } from '../../support/property.js';

/** What the expressions read. */
export const scope = {
  i: 7,
  s: 'héllo 😀 a1b2',
  l: [3, 1, 2],
  one: ['x'],
  none: [],
  ll: [[1, 2], [], [3]],
  m: { a: 1, b: { c: 'x', d: [1, { c: 'y' }] } },
  items: [
    { n: 'x', v: 2, t: ['p', 'q'] },
    { n: 'y', v: 1 },
    { n: 'x', v: 3, t: [] },
  ],
  n: null,
  t: true,
};

const atom = fc.constantFrom(
  ...['0', '1', '-1', '2.5', '7', 'true', 'false', 'null', '""', '"a"', '"b"', "'7'", '[]', '{}', '[1, 2]'],
  ...['["a", "b"]', '{"a": 1}', '[[1], []]', 'i', 's', 'l', 'one', 'none', 'll', 'm', 'n', 't', 'items', 'nope', 'm.b'],
  ...['m.b.c', 'm.nope.c', 'items.n', 'items.t', 'l[0]', 'l[-1]', 'l[9]', 'll[0]', 'one[]', 'items.v[]', 'm.*', 'm.**'],
  ...['items[v > 1]', 'items[n = "x"].v', 'items^(v).n', 'items^(>v, n).n', 'items{n: v}', 'items.t[0]', '[1..3]'],
  ...['items#$k.{"k": $k, "n": n}', 'items@$e.{"n": $e.n}', 'items.t.%.n', 'items.(n & v)', 'll.$count($)'],
);

const unary = fc.constantFrom(
  ...[
    '$string',
    '$length',
    '$uppercase',
    '$lowercase',
    '$trim',
    '$number',
    '$abs',
    '$floor',
    '$ceil',
    '$round',
    '$sqrt',
  ],
  ...[
    '$boolean',
    '$not',
    '$exists',
    '$type',
    '$count',
    '$average',
    '$reverse',
    '$distinct',
    '$spread',
    '$sort',
    '$clone',
  ],
  ...['$base64encode', '$encodeUrlComponent', '$formatBase', '$fromMillis', '$merge', '$zip', '-'],
);

const lambda = fc.constantFrom(
  ...['function($v) { $v }', 'function($v, $k) { $k }', 'function($v) { $v = 1 }', 'function($v) { [$v] }'],
  ...[
    'function($v) { $string($v) & "!" }',
    'function($a, $b) { $a & $b }',
    'function($v) { $v.n }',
    '$string',
    '$type',
  ],
  ...['function($v) { $v > 1 ? $v }', 'function($v) { {"v": $v} }', '$append(?, 1)', 'function($v) { $v.($ & $$.i) }'],
);

const binary = fc.constantFrom(...['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'and', 'or', 'in']);

/** Expressions with most of the language, over the scope above: many of them fail. */
export const arbitraryExpression = fc.letrec<{ expression: string }>((tie) => {
  const sub = tie('expression');
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc.tuple(sub, binary, sub).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
      fc.tuple(sub, binary, sub, binary, sub).map(([a, x, b, y, c]) => `(${a}) ${x} (${b}) ${y} (${c})`),
      fc.tuple(sub, fc.constantFrom('??', '?:'), sub).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
      fc.tuple(sub, sub, sub).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
      fc.tuple(unary, sub).map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(sub, fc.constantFrom('n', 'a', 'b.c', '*', '$', '$string()', '(n ?? $)', '{"x": $}', '[$]'))
        .map(([a, step]) => `(${a}).${step}`),
      fc
        .tuple(sub, fc.constantFrom('0', '-1', '$ = 1', 'n', 'v > 1', '[0, 1]', '$exists(n)'))
        .map(([a, test]) => `(${a})[${test}]`),
      fc.tuple(sub, sub).map(([a, b]) => `(${a}).(${b})`),
      fc
        .tuple(sub, fc.constantFrom('[]', '^($)', '^(>n)', '{$string($): $}', '{"all": $}'))
        .map(([a, after]) => `(${a})${after}`),
      fc
        .tuple(fc.constantFrom('$map', '$filter', '$single', '$each', '$sift', '$reduce', '$sort'), sub, lambda)
        .map(([name, a, f]) => `${name}(${a}, ${f})`),
      fc
        .tuple(sub, fc.constantFrom('$append', '$lookup', '$join', '$pad', '$substring', '$substringBefore'), sub)
        .map(([a, name, b]) => `${name}(${a}, ${b})`),
      fc
        .tuple(sub, fc.constantFrom('/[a-z]/', '/([a-z])([0-9])/i', '/^h/', '" "', '"a"'))
        .map(([a, p]) => `[$contains(${a}, ${p}), $replace(${a}, ${p}, "<$1>", 2), $split(${a}, ${p}, 3)]`),
      fc.tuple(sub, fc.constantFrom('/[a-z]/', '/([a-z])([0-9])/')).map(([a, p]) => `$match(${a}, ${p})`),
      fc.tuple(sub, lambda).map(([a, f]) => `(${a}) ~> ${f}`),
      fc.tuple(sub, sub).map(([a, b]) => `($x := ${a}; $y := ${b}; [$x, $y, $x])`),
      fc
        .tuple(sub, fc.constantFrom('|m|{"a": 2}|', '|**|{"z": 1}, "v"|', '|items|{"v": v + 1}|'))
        .map(([a, update]) => `(${a}) ~> ${update}`),
      fc.array(sub, { maxLength: 3 }).map((parts) => `[${parts.join(', ')}]`),
      fc
        .array(fc.tuple(fc.constantFrom('"a"', '"b"', '"__proto__"', 's'), sub), { maxLength: 2 })
        .map((entries) => `{${entries.map((entry) => entry.join(': ')).join(', ')}}`),
    ),
  };
}).expression;
