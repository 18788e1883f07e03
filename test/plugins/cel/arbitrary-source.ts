import { fc } from '../../support/property.js';

/** What the expressions read: among it a secret that no message may tell. */
export const fuzzScope = {
  inputs: {
    a: 1,
    b: -2.5,
    text: 'hunter2',
    list: [3, 1, 2],
    mixed: ['x', 1, null, true, ['y'], { k: 'v' }],
    map: { k: 'v', constructor: 'c', n: { deep: [1, { x: 'hunter2' }] } },
    none: null,
    yes: true,
  },
};

const atom = fc.constantFrom(
  ...['0', '1', '7', '2.5', '0x1F', '3u', '9007199254740993', '"a"', "'b'", '"a\\n"', '""', 'true', 'false', 'null'],
  ...['inputs', 'inputs.a', 'inputs.b', 'inputs.text', 'inputs.list', 'inputs.mixed', 'inputs.map', 'inputs.none'],
  ...['inputs.yes', 'inputs.map.k', 'inputs.map.n.deep', 'inputs.map["k"]', 'inputs.list[0]', 'inputs.mixed[5].k'],
  ...['inputs.nope', 'nope', 'x', 'inputs.constructor', 'inputs.__proto__', 'inputs.list.length', '[]', '{}', 'if'],
);
const binary = fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||');
const one = fc.constantFrom(
  ...['size', 'has', 'lower', 'keys', 'values', 'flatten', 'min', 'max', 'sum', 'to_json', 'from_json', 'b64encode'],
  ...['b64decode', 'self_ref', 'toUpper', 'nope', 'constructor', 'toString', '__defineGetter__'],
);
const two = fc.constantFrom('overlay', 'split', 'strip', 'rstrip', 'split_first', 'split_last', 'hasOwnProperty');
const macro = fc.constantFrom('map', 'filter', 'all', 'exists', 'exists_one');
const variable = fc.constantFrom('x', 'x', 'x', 'y', 'inputs', '__proto__', 'x.y', '1');
const noise = fc.constantFrom(
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '.',
  ',',
  ':',
  '?',
  '\\',
  '#',
  '//',
  '\n',
  '&',
  '=',
);

/** Expressions, well formed for the most part, in the words that CEL and its dialects share. */
const wellFormed = fc.letrec<{ expression: string }>((tie) => {
  const sub = tie('expression');
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { arbitrary: atom, weight: 4 },
      fc.tuple(sub, binary, sub).map(([a, operator, b]) => `${a} ${operator} ${b}`),
      sub.map((a) => `(${a})`),
      fc.tuple(fc.constantFrom('!', '-', '!!', '--'), sub).map(([operator, a]) => `${operator}${a}`),
      fc.tuple(sub, sub, sub).map(([a, b, c]) => `${a} ? ${b} : ${c}`),
      fc.tuple(one, sub).map(([name, a]) => `${name}(${a})`),
      fc.tuple(two, sub, sub).map(([name, a, b]) => `${name}(${a}, ${b})`),
      fc.tuple(atom, macro, variable, sub).map(([a, name, x, body]) => `${a}.${name}(${x}, ${body})`),
      fc.tuple(atom, variable, sub, sub).map(([a, x, test, body]) => `${a}.map(${x}, ${test}, ${body})`),
      fc.tuple(atom, sub).map(([a, index]) => `${a}[${index}]`),
      fc.array(sub, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc.array(fc.tuple(sub, sub), { maxLength: 2 }).map((all) => `{${all.map((e) => e.join(': ')).join(', ')}}`),
    ),
  };
}).expression;

/** The same, with something put in, cut out or turned around now and then. */
export const arbitrarySource = fc
  .tuple(wellFormed, fc.oneof({ arbitrary: fc.constant(null), weight: 4 }, fc.tuple(noise, fc.nat(200), fc.nat(2))))
  .map(([source, change]) => {
    if (change === null) return source;
    const [put, at, cut] = change;
    const index = at % (source.length + 1);
    return source.slice(0, index) + put + source.slice(index + cut);
  });
