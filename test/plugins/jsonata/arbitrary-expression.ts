import { fc } from '../../support/property.js';
import { callsWith } from './arbitrary-call.js';

/** What the expressions read. */
export const scope = {
  i: 7,
  s: 'héllo 😀 a1b2',
  l: [3, 1, 2],
  one: ['x'],
  none: [],
  nil: [null],
  ll: [[1, 2], [], [3]],
  m: { a: 1, b: { c: 'x', d: [1, { c: 'y' }] } },
  e: {},
  items: [
    { n: 'x', v: 2, t: ['p', 'q'] },
    { n: 'y', v: 1 },
    { n: 'x', v: 3, t: [], o: { n: null } },
  ],
  n: null,
  t: true,
};

/** Variables that expressions may use; each is bound in front of an expression that does. */
const VARIABLES: Readonly<Record<string, string>> = {
  $one: '[1]',
  $seq: 'items.v',
  $kept: 'items[0].n[]',
  $gone: 'm.nope',
  $f: 'function($v, $k) { $exists($k) ? [$v, $k] : $v }',
  $g: 'function($v) { $v.n }',
};

const atom = fc.constantFrom(
  ...['0', '1', '-1', '2.5', '7', 'true', 'false', 'null', '""', '"a"', '"b"', "'7'", '[]', '{}', '[1, 2]', '()', '$'],
  ...['["a", "b"]', '{"a": 1}', '[[1], []]', '[[]]', 'i', 's', 'l', 'one', 'none', 'nil', 'll', 'm', 'e', 'n', 't'],
  ...['items', 'nope', 'm.b', 'm.b.c', 'm.nope.c', 'items.n', 'items.t', 'l[0]', 'l[-1]', 'l[9]', 'll[0]', 'one[]'],
  ...['items.v[]', 'items[].n', 'items[0][].n', 'items.n[0][]', 'nope[]', 'm.*', 'm.**', 'items.*', '*.c', 'm.b.*[0]'],
  ...['items[v > 1]', 'items[n = "x"].v', 'items[[0..1]]', 'items[-1]', 'items.t[0]', '[1..3]', '[2..1]', '[i, 1..2]'],
  ...['items^(v).n', 'items^(>v, n).n', 'items^(<n, >v)', 'l^($)', 'l^(>$)[0]', 'items^(v)[0].n', 'items^(t[0]).v'],
  ...[
    'items{n: v}',
    'items{n: v[]}',
    'items.{n: v}',
    'items{n: $count($)}',
    'm.{"k": a}',
    'items.[n, v]',
    'items.[v][0]',
  ],
  ...['items#$k.{"k": $k, "n": n}', 'items@$e.{"n": $e.n}', 'items@$e#$k.t.{"k": $k, "v": $e.v}', 'items#$k[$k > 0].n'],
  ...[
    'items@$e.items[v = $e.v + 1].{"a": $e.n, "b": n}',
    'items^(>v)#$k.[$k, n]',
    'items#$k{n: $k}',
    'items@$e{$e.n: $e.v}',
  ],
  ...[
    'items.t.%.n',
    'items.t.{"t": $, "n": %.n}',
    'm.b.d.c.%.%.c',
    'items.o.n.%.%.v',
    'items.t[%.v > 1]',
    'items.t^(%.v)',
  ],
  ...[
    'items.(n & v)',
    'll.$count($)',
    'll.($)',
    'll[0][1]',
    'll.$',
    'l[$ > 1]',
    '$$.l',
    '$$.items.n',
    '$$.m.a',
    'm."a"',
    '/([a-z])([0-9]?)/($$.s).[match, start, groups]',
  ],
  ...Object.keys(VARIABLES),
);

const binary = fc.constantFrom(...['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'and', 'or', 'in']);

const step = fc.constantFrom(
  ...[
    'n',
    'v',
    't',
    'a',
    'b.c',
    '*',
    '**',
    '$',
    '$string()',
    '(n ?? $)',
    '{"x": $}',
    '[$]',
    '[n]',
    '$spread()',
    '"n"',
    '$keys(items)',
  ],
  ...['%', '%.n', 'd[]', '(n; v)', '($w := n; $w)', '$type($)', '$[0]', '*[0]', '{n: v}', 'nope'],
);

const test = fc.constantFrom(
  ...[
    '0',
    '-1',
    '1.5',
    '$ = 1',
    'n',
    'v > 1',
    '[0, 1]',
    '$exists(n)',
    '[0..1]',
    '$$.i',
    'true',
    '"a"',
    '[]',
    '$',
    'null',
  ],
);

const after = fc.constantFrom(
  ...['[]', '[0][]', '[][0]', '[].n', '.n[]', '^($)', '^(>n)', '^(v, >n)', '{$string($): $}', '{"all": $}', '{n: v}'],
  ...[
    '#$k.[$k, $]',
    '#$k[$k = 0]',
    '@$e.[$e]',
    '@$e.$e.n',
    '.n.%',
    '.*.%.n',
    '#$k{$string($k): $}',
    '@$e#$k.{"k": $k}',
  ],
);

const update = fc.constantFrom(
  ...[
    '|m|{"a": 2}|',
    '|**|{"z": 1}, "v"|',
    '|items|{"v": v + 1}|',
    '|$|{"n": n}, ["v", "t"]|',
    '|$|{}, "n"|',
    '|o|nope|',
  ],
  ...['|*|{"z": $}|', '|b[0]|{"c": c & "!"}|', '|items[v > 1]|{"t": t[]}|'],
);

/** Expressions with most of the language, over the scope above: many of them fail. */
const withVariables = fc.letrec<{ expression: string; lambda: string }>((tie) => {
  const sub = tie('expression');
  const lambda = tie('lambda');
  return {
    lambda: fc.oneof(
      { weight: 6, arbitrary: plainLambda() },
      { weight: 1, arbitrary: sub.map((body) => `function($v, $k) { ${body} }`) },
      { weight: 1, arbitrary: fc.tuple(plainLambda(), plainLambda()).map(([f, g]) => `(${f} ~> ${g})`) },
    ),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 2, arbitrary: atom },
      fc.tuple(sub, binary, sub).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
      fc.tuple(sub, binary, sub, binary, sub).map(([a, x, b, y, c]) => `(${a}) ${x} (${b}) ${y} (${c})`),
      fc.tuple(sub, fc.constantFrom('??', '?:'), sub).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
      fc.tuple(sub, sub, sub).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
      fc.tuple(sub, sub).map(([a, b]) => `(${a}) ? (${b})`),
      { weight: 8, arbitrary: callsWith(sub, lambda) },
      fc.tuple(bare(sub), step).map(([a, next]) => `${a}.${next}`),
      fc.tuple(bare(sub), test).map(([a, filter]) => `${a}[${filter}]`),
      fc.tuple(sub, sub).map(([a, filter]) => `(${a})[${filter}]`),
      fc.tuple(sub, sub).map(([a, b]) => `(${a}).(${b})`),
      { weight: 2, arbitrary: fc.tuple(bare(sub), after).map(([a, rest]) => `${a}${rest}`) },
      fc.tuple(sub, sub, sub).map(([a, key, value]) => `(${a}){$string(${key}): ${value}}`),
      fc.tuple(sub, sub).map(([a, key]) => `(${a})^(${key})`),
      fc.tuple(sub, lambda).map(([a, f]) => `(${a}) ~> ${f}`),
      fc.tuple(lambda, sub).map(([f, a]) => `(${f})(${a})`),
      fc.tuple(sub, sub).map(([a, b]) => `($x := ${a}; $y := ${b}; [$x, $y, $x])`),
      fc.tuple(sub, update).map(([a, change]) => `(${a}) ~> ${change}`),
      fc.tuple(sub, sub, sub).map(([a, p, u]) => `(${a}) ~> |${p}|{"new": ${u}}, "n"|`),
      fc.tuple(sub, sub).map(([a, b]) => `[${a}..${b}]`),
      fc.array(sub, { maxLength: 3 }).map((parts) => `[${parts.join(', ')}]`),
      fc
        .array(fc.tuple(fc.constantFrom('"a"', '"b"', '"__proto__"', 's'), sub), { maxLength: 2 })
        .map((entries) => `{${entries.map((entry) => entry.join(': ')).join(', ')}}`),
    ),
  };
}).expression;

export const arbitraryExpression = withVariables.map((source) => {
  const used = Object.entries(VARIABLES).filter(([name]) => source.includes(name));
  return used.length === 0 ? source : `(${used.map((binding) => `${binding.join(' := ')}; `).join('')}${source})`;
});

/** In brackets or not, as JSONata tells steps from values by them. */
function bare(sub: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    atom.filter((source) => /^[a-z$]/.test(source)),
    sub.map((source) => `(${source})`),
  );
}

function plainLambda(): fc.Arbitrary<string> {
  return fc.constantFrom(
    ...[
      'function($v) { $v }',
      'function($v, $k) { $k }',
      'function($v) { $v = 1 }',
      'function($v) { [$v] }',
      '$f',
      '$g',
    ],
    ...[
      'function($v) { $string($v) & "!" }',
      'function($a, $b) { $a & $b }',
      'function($v) { $v.n }',
      '$string',
      '$type',
    ],
    ...[
      'function($v) { $v > 1 ? $v }',
      'function($v) { {"v": $v} }',
      '$append(?, 1)',
      'function($v) { $v.($ & $$.i) }',
    ],
    ...[
      'function($v, $k, $all) { $count($all) }',
      'function() { 1 }',
      'function($v)<n-:n> { $v + 1 }',
      '$append(1, ?)',
    ],
    ...['function($a, $b) { $a > $b }', '$sum', '$count', '$spread', '$not', '$boolean', '$exists', '$uppercase'],
    ...[
      'function($a, $b)<x-x?:x> { [$a, $b] }',
      'function($v)<a<s>:s> { $join($v) }',
      '$f(?, 1)',
      '$f(2, ?)',
      '$reverse',
    ],
    ...['function($v) { $v }(?)', '$sort', '$substring(?, 1)', '$lookup(?, "n")', '$max', '$append', '$zip'],
  );
}
