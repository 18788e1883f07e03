import { fc } from '../../support/property.js';

const ONE_ARGUMENT: Readonly<Record<string, readonly string[]>> = {
  text: [
    ...['$length', '$uppercase', '$lowercase', '$trim', '$number', '$base64encode', '$base64decode'],
    ...['$encodeUrlComponent', '$encodeUrl', '$decodeUrl', '$decodeUrlComponent', '$toMillis'],
  ],
  number: ['$abs', '$floor', '$ceil', '$round', '$sqrt', '$formatBase', '$fromMillis', '-'],
  any: ['$string', '$boolean', '$not', '$exists', '$type', '$count', '$distinct', '$spread', '$clone', '$zip'],
  list: ['$sum', '$average', '$max', '$min', '$reverse', '$sort', '$merge', '$join', '$single', '$sift', '$error'],
};

const MORE_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  $append: ['any', 'any'],
  $lookup: ['any', 'text'],
  $join: ['texts', 'text'],
  $pad: ['text', 'number', 'text'],
  $substring: ['text', 'number', 'number'],
  $substringBefore: ['text', 'text'],
  $substringAfter: ['text', 'text'],
  $contains: ['text', 'pattern'],
  $split: ['text', 'pattern', 'number'],
  $match: ['text', 'regex', 'number'],
  $replace: ['text', 'regex', 'replacement', 'number'],
  $string: ['any', 'flag'],
  $round: ['number', 'number'],
  $power: ['number', 'number'],
  $formatBase: ['number', 'number'],
  $formatNumber: ['number', 'picture'],
  $formatInteger: ['number', 'numbering'],
  $parseInteger: ['text', 'numbering'],
  $fromMillis: ['number', 'datetime', 'zone'],
  $zip: ['list', 'list', 'list'],
  $map: ['list', 'lambda'],
  $filter: ['list', 'lambda'],
  $single: ['list', 'lambda'],
  $sort: ['list', 'lambda'],
  $reduce: ['list', 'lambda', 'any'],
  $each: ['mapping', 'lambda'],
  $sift: ['mapping', 'lambda'],
  $assert: ['flag', 'text'],
};

/** Sources of arguments of a kind, besides any expression at all. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  text: [
    's',
    '"a"',
    '""',
    '"a,b;c"',
    '"12"',
    '"0x1F"',
    '"  a  b "',
    '"aGk="',
    '"%41"',
    '"2024-05-01T12:30:00Z"',
    'one',
  ],
  texts: ['one', 'items.n', '["a", "b"]', '[]', '"a"', '["a", 1]'],
  number: ['0', '1', '2', '-1', '-2', '2.5', '-0.5', '3.14159', '1e3', '10', '1714566600000', 'i', 'm.a', 'l[0]'],
  list: [
    'l',
    'one',
    'none',
    'nil',
    'll',
    'items',
    'items.v',
    'items.t',
    '[[1]]',
    '[{"a": 1}]',
    '[]',
    '["b", "a"]',
    'm.b.d',
  ],
  mapping: ['m', 'e', 'items[0]', 'items', '{"a": 1}', '{"a": [1], "b": []}', 'm.b'],
  flag: ['true', 'false', 't', 'nope'],
  regex: ['/[a-z]/', '/([a-z])([0-9])/i', '/^h/', '/ /', '/L/i', '/[a-z]./'],
  pattern: ['/[a-z]/', '/([a-z])([0-9])/', '/[,;] ?/', '" "', '"a"', '""', '"l"'],
  replacement: ['"<$1>"', '"$0$0"', '"$$"', '""', '"$2$1"', '"$12"', 'function($m) { $m.match & "!" }'],
  picture: ['"#,##0.00"', '"0"', '"00.0%"', '"#0.###e0"', '"(0)"', '"0;(0)"'],
  numbering: ['"0"', '"w"', '"W"', '"I"', '"a"', '"A"', '"#,##0"', '"01"', '"1;o"', '"w;o"'],
  datetime: ['"[Y0001]-[M01]-[D01]"', '"[H01]:[m01]:[s01] [z]"', '"[FNn], [D1o] [MNn]"', '"[W]"', '"[h]:[m] [P]"'],
  zone: ['"+0100"', '"-0530"', '"0000"'],
  any: [],
};

/** Partial applications, by what is given to them: JSONata does not check or put right what such a function gets. */
const PARTIAL: Readonly<Record<string, readonly string[]>> = {
  text: [
    ...[
      '$substring(?, 1)',
      '$substring(?, 1, 2)',
      '$pad(?, 5, "-")',
      '$replace(?, "a", "b")',
      '$split(?, ",")',
      '$length(?)',
    ],
    ...[
      '$contains(?, /a/)',
      '$substringBefore(?, ";")',
      '$match(?, /[a-z]/)',
      '$append(?, 1)',
      '$append(1, ?)',
      '$trim(?)',
    ],
  ],
  number: [
    '$power(?, 2)',
    '$power(2, ?)',
    '$round(?, 1)',
    '$formatBase(?, 2)',
    '$abs(?)',
    '$append(?, [])',
    '$type(?)',
  ],
};

/** Calls of each of the functions, with arguments of a right kind mostly, and in each of the ways in which one can be called. */
export function callsWith(sub: fc.Arbitrary<string>, lambda: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const argument = (kind: string): fc.Arbitrary<string> => {
    if (kind === 'lambda') return lambda;
    const sources = SOURCES[kind] ?? [];
    if (sources.length === 0) return sub;
    return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...sources) }, { weight: 1, arbitrary: sub });
  };
  const calls = [
    ...Object.entries(ONE_ARGUMENT).flatMap(([kind, names]) => names.map((name) => [name, [kind]] as const)),
    ...Object.entries(MORE_ARGUMENTS),
  ].map(([name, kinds]) => fc.tuple(...kinds.map(argument)).chain((args) => written(name, args)));
  const partial = Object.entries(PARTIAL).map(([kind, functions]) =>
    fc.tuple(fc.constantFrom(...functions), literal(kind)).map(([fn, value]) => `${fn}(${value})`),
  );
  return fc.oneof({ withCrossShrink: true }, ...calls, ...partial);
}

function literal(kind: string): fc.Arbitrary<string> {
  return fc.constantFrom(...(SOURCES[kind] ?? []).filter((source) => /^["\d]/.test(source)));
}

function written(name: string, args: readonly string[]): fc.Arbitrary<string> {
  const [first = '', ...rest] = args;
  const direct = `${name}(${args.join(', ')})`;
  if (name === '-') return fc.constant(direct);
  const ways = [
    direct,
    `${name}(${args.slice(0, -1).join(', ')})`,
    `(${first}).${name}(${rest.join(', ')})`,
    `(${first}) ~> ${name}(${rest.join(', ')})`,
    ...(rest.length > 0 ? [] : [`(${first}) ~> ${name}`]),
    `[${direct}]`,
    `$count(${direct})`,
    `${direct}.n`,
    `${direct}[]`,
    `${direct}[0]`,
  ];
  return fc.oneof({ weight: 4, arbitrary: fc.constant(direct) }, { weight: 3, arbitrary: fc.constantFrom(...ways) });
}
