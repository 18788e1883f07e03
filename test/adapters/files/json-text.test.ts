import test from 'ava';
import { JsonSyntaxError, JsonText } from '../../../adapters/files/json-text.js';
import { fc } from '../../support/property.js';

const MAX_DEPTH = 100;

function parse(text: string): JsonText {
  return JsonText.parse(text, MAX_DEPTH);
}

const malformed: readonly [what: string, text: string, line: number, column: number, message: RegExp][] = [
  ['an empty file', '', 1, 1, /empty/],
  ['white space alone', ' \n ', 1, 1, /empty/],
  ['a file that is cut off', '{\n  "a": [1, 2', 2, 13, /closing bracket/],
  ['a string that is cut off', '{\n  "a": "te', 2, 8, /closing double quote/],
  ['a comma too many in a mapping', '{\n  "a": 1,\n}', 3, 1, /comma too many/],
  ['a comma too many in a list', '[1,\n2,]', 2, 3, /comma too many/],
  ['a comma too few', '[1\n2]', 2, 1, /comma is expected/],
  ['a colon too few', '{"a" 1}', 1, 6, /colon/],
  ['a key without quotes', '{a: 1}', 1, 2, /double quotes/],
  ['single quotes', "{'a': 1}", 1, 2, /double quotes/],
  ['a comment', '{\r\n  // note\r\n}', 2, 3, /no comments/],
  ['two documents', '{}\n{}', 2, 1, /should end/],
  ['a control character', '["a\tb"]', 1, 2, /escape/],
  ['an unknown escape', '["\\x"]', 1, 2, /escape/],
  ['a broken \\u', '["\\u12"]', 1, 2, /hexadecimal/],
  ['NaN', '[NaN]', 1, 2, /value/],
  ['a leading zero', '[01]', 1, 3, /comma/],
  ['a number beyond what numbers can hold', '{"a": 1e3,\n "b": -1e999}', 2, 7, /too large/],
  ['a number of too many digits', `[${'9'.repeat(400)}]`, 1, 2, /too large/],
];
for (const [what, text, line, column, message] of malformed) {
  test(`${what} is refused, with its place`, (t) => {
    const error = t.throws(() => parse(text), { instanceOf: JsonSyntaxError, message });
    t.deepEqual(error.position, { line, column });
  });
}

test('what is nested too deep is refused, however deep', (t) => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  t.notThrows(() => parse(nested(MAX_DEPTH)));
  for (const depth of [MAX_DEPTH + 1, 1_000_000]) {
    const error = t.throws(() => parse(nested(depth)), { instanceOf: JsonSyntaxError, message: /maxDepth/ });
    t.deepEqual(error.position, { line: 1, column: MAX_DEPTH + 1 });
  }
});

test('brackets inside of strings are no nesting', (t) => {
  const text = JSON.stringify(['['.repeat(1000), '\\"[', '{{"'.repeat(200)]);
  t.deepEqual(parse(text).value, JSON.parse(text));
});

test('a byte order mark is no part of the document, and is remembered', (t) => {
  const document = parse('\ufeff{"a": 1}');
  t.deepEqual(document.value, { a: 1 });
  t.is(document.written, '\ufeff{"a": 1}');
  t.deepEqual(document.locate(['a']), { line: 1, column: 7 });
});

test('a value is located, or its nearest ancestor that is there', (t) => {
  const document = parse('{\n  "a": {\r\n    "b": [10,\n 20]\n}}');
  t.deepEqual(document.locate([]), { line: 1, column: 1 });
  t.deepEqual(document.locate(['a', 'b', 1]), { line: 4, column: 2 });
  t.deepEqual(document.locate(['a', 'b', 7, 'x']), { line: 3, column: 10 });
  t.deepEqual(document.locate(['a', 'toString']), { line: 2, column: 8 });
});

test('what is JSON is read as JSON.parse reads it, and what is not, or holds a number that is none, is refused', (t) => {
  const mutated = fc
    .tuple(
      fc.json({ maxDepth: 3 }),
      fc.nat(),
      fc.constantFrom('', ',', '"', '{', ']', '0', '\\', '\n', '/', 'e', '-', '\u00a0'),
    )
    .map(([text, at, what]) => text.slice(0, at % (text.length + 1)) + what + text.slice((at % (text.length + 1)) + 1));
  t.notThrows(() =>
    fc.assert(
      fc.property(mutated, (text) => {
        const expected = reference(text);
        if (expected === undefined) t.throws(() => parse(text), { instanceOf: JsonSyntaxError });
        else t.deepEqual(parse(text).value, expected);
      }),
      { numRuns: 1000 },
    ),
  );
});

/** What JSON.parse makes of it; undefined when it is not JSON, or holds a number that would be Infinity. */
function reference(text: string): unknown {
  let huge = false;
  try {
    const value: unknown = JSON.parse(text, (_key, part: unknown) => {
      huge ||= part === Infinity || part === -Infinity;
      return part;
    });
    return huge ? undefined : value;
  } catch {
    return undefined;
  }
}
