import { fc } from '../../support/property.js';

/** What the expressions read. */
export const scope = { i: 7, s: 'héllo', l: [1, 2, 3], m: { a: 1, b: { c: 'x' } }, n: null };
const number = fc.constantFrom(
  ...['0', '1', '-1', '7', '9223372036854775807', '-9223372036854775808', '9007199254740993', '2u', '0u'],
  ...['0.0', '1.0', '2.5', '-0.5', '1e300', '0x1F', 'i', 'm.a', 'l[0]', 'l[5]'],
);
const key = fc.constantFrom('0', '1', '-1', '"a"', '"b"', '"z"', 'i', 's');
const atom = fc.oneof(
  number,
  fc.constantFrom(
    ...['true', 'false', 'null', '""', '"a"', '"b"', '"7"', "b'ab'", '[]', '[1, 2]', '["a", "b"]', '{}', '{"a": 1}'],
    ...['{1: 2}', '{true: "t"}', 's', 'l', 'm', 'n', 'm.b.c', 'm["b"]', 'm.nope', 'nope', 'int', 'string'],
  ),
);

/**
 * Expressions with all operators and macros. Left out is where the library takes what CEL does not: numbers from any text,
 * doubles as keys, one key as int and as uint, booleans as indexes, and `!(!x)` or `-(-x)` of anything.
 */
export const arbitraryExpression = fc.letrec<{ expression: string }>((tie) => {
  const sub = tie('expression');
  const binary = fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||');
  const convert = fc.constantFrom('string', 'type', 'size', 'dyn', 'bytes');
  const macro = fc.constantFrom('map', 'filter', 'all', 'exists', 'exists_one');
  const body = fc.oneof(sub, fc.constantFrom('x', 'x == 1', 'x > 1', 'x + x', 'size(x) > 0', '[x]', 'x in l'));
  const method = fc.constantFrom('startsWith', 'endsWith', 'contains', 'indexOf');
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc.tuple(sub, binary, sub).map(([a, operator, b]) => `${group(a)} ${operator} ${group(b)}`),
      fc.tuple(sub, binary, sub, binary, sub).map(([a, x, b, y, c]) => `${group(a)} ${x} ${group(b)} ${y} ${group(c)}`),
      fc.tuple(fc.constantFrom('int', 'uint', 'double'), number).map(([name, a]) => `${name}(${a})`),
      fc.tuple(convert, sub).map(([name, a]) => `${name}(${a})`),
      fc.tuple(sub, sub, sub).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
      fc.tuple(sub, macro, body).map(([a, name, b]) => `(${a}).${name}(x, ${b})`),
      fc.tuple(sub, method, sub).map(([a, name, b]) => `(${a}).${name}(${b})`),
      fc.tuple(sub, key).map(([a, index]) => `(${a})[${index}]`),
      fc.array(sub, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc
        .uniqueArray(fc.tuple(key, sub), { maxLength: 2, selector: ([name]) => name })
        .map((entries) => `{${entries.map((e) => e.join(': ')).join(', ')}}`),
      fc.tuple(sub, sub).map(([a, b]) => `!(${group(a)} == ${group(b)})`),
      fc.tuple(sub, sub).map(([a, b]) => `-(${group(a)} + ${group(b)})`),
    ),
  };
}).expression;

function group(source: string): string {
  return /^[\w."]+$/.test(source) ? source : `(${source})`;
}
