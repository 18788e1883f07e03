import test from 'ava';
import { ExpressionSyntaxError, standardLibrary } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';
import { evaluate } from './evaluate.js';

const faults: readonly (readonly [source: string, line: number, column: number, message: RegExp])[] = [
  ['', 1, 1, /expected a value, found the end of the expression/],
  ['  // nothing but words', 1, 23, /expected a value/],
  ['1 +', 1, 4, /expected a value, found the end of the expression/],
  ['1 + + 2', 1, 5, /expected a value, found `\+`/],
  ['(1', 1, 3, /expected `\)` to close the parenthesis/],
  ['[1, 2', 1, 6, /expected `\]` after the items of the list/],
  ['[1 2]', 1, 4, /expected `\]` after the items of the list, found `2`/],
  ['{"a" 1}', 1, 6, /expected `:` after the key, found `1`/],
  ['{"a": 1', 1, 8, /expected `\}` after the entries of the mapping/],
  ['f(1,)', 1, 5, /expected a value, found `\)`/],
  ['a.lower(', 1, 9, /expected a value/],
  ['a ? b', 1, 6, /expected `:` between the branches of the condition/],
  ['a..b', 1, 3, /expected the name of a field after `\.`/],
  ['a.1', 1, 2, /after the end of the expression/],
  ['a.true', 1, 3, /expected the name of a field/],
  ['a b', 1, 3, /unexpected `b` after the end of the expression/],
  ['a = b', 1, 3, /to compare, write `==`/],
  ['a & b', 1, 3, /write `&&` for and/],
  ['a | b', 1, 3, /write `\|\|` for or/],
  ['a @ b', 1, 3, /unexpected character `@`/],
  ['"é" + ☃', 1, 7, /unexpected character `☃`/],
  ['"😀" + @', 1, 7, /unexpected character `@`/],
  ['1 +\n  2 +\n  @', 3, 3, /unexpected character `@`/],
  ['// first\n1 + )', 2, 5, /expected a value, found `\)`/],
  ['"abc', 1, 1, /the string is not closed/],
  ['"a\nb"', 1, 1, /the string is not closed/],
  ["'''abc", 1, 1, /the string is not closed/],
  ['"a\\qb"', 1, 3, /`\\q` is no escape/],
  ['"\\u12"', 1, 2, /the escape needs 4 hexadecimal digits/],
  ['"\\ud800"', 1, 2, /the escape is no Unicode character/],
  ['"\\08"', 1, 2, /the escape needs 3 octal digits/],
  ['1x', 1, 1, /neither a number nor a name/],
  ['0x', 1, 1, /neither a number nor a name/],
  ['9223372036854775808', 1, 1, /the integer is beyond 64 bits/],
  ['18446744073709551616u', 1, 1, /the unsigned integer is beyond 64 bits/],
  ['1e999', 1, 1, /beyond the range of a double/],
  ['if', 1, 1, /`if` is a reserved word/],
  ['in', 1, 1, /expected a value, found `in`/],
  ['a.`b$`', 1, 3, /a name in back quotes holds letters/],
  ['Thing{a: 1}', 1, 6, /there are no message types here/],
  ['has(a)', 1, 5, /has needs one field to ask for/],
  ['has(a.b, c)', 1, 5, /has needs one field to ask for/],
  ['has(a.b())', 1, 5, /has needs one field to ask for/],
  ['a.map(1, x)', 1, 7, /map needs a plain name for its variable/],
  ['a.map(b.c, x)', 1, 7, /map needs a plain name for its variable/],
  ['a.filter(x)', 1, 3, /the macro is written `filter\(x, expression\)`/],
  ['a.reduce(b, c, d)', 1, 3, /the macro is written `reduce\(accumulator, x, initial, expression\)`/],
  ['a.reduce(x, x, 0, x)', 1, 13, /must have different names/],
  ['a + nope(1)', 1, 5, /there is no function `nope`/],
  ['a.nope()', 1, 3, /there is no function `nope`/],
  ['"a".strip()', 1, 5, /`strip` takes 2 arguments, what it is called on included, not 1/],
  ['split("a")', 1, 1, /`split` takes 2 or 3 arguments/],
  ['{"a": 1, "a": 2}', 1, 10, /a key of the mapping is there twice/],
  ['{1.5: 1}', 1, 2, /a double cannot be the key of a mapping/],
  ['a.matches("(")', 1, 3, /the pattern is not in RE2 syntax: missing closing \)/],
  ['a.matches("(?=a)")', 1, 3, /the pattern is not in RE2 syntax/],
  ['a.matches("(a)\\\\1")', 1, 3, /the pattern is not in RE2 syntax/],
];

for (const [source, line, column, message] of faults) {
  test(`the fault in ${JSON.stringify(source)} is told at line ${line}, column ${column}`, (t) => {
    const error = t.throws(() => evaluate(source), { instanceOf: ExpressionSyntaxError, message });
    t.deepEqual(error?.position, { line, column });
    t.is(error?.code, 'expression-syntax');
  });
}

const literals: readonly (readonly [source: string, value: unknown])[] = [
  ['0x1F', 31],
  ['-0x10', -16],
  ['1.5e3', 1500],
  ['.5', 0.5],
  ['1e2', 100],
  ['"a\\tb"', 'a\tb'],
  ["'it\\'s'", "it's"],
  ['r"a\\tb"', 'a\\tb'],
  ["R'\\\"'", '\\"'],
  ['"""two\nlines"""', 'two\nlines'],
  ["'''a'b\"c'''", 'a\'b"c'],
  ['"\\x41\\101\\u00e9\\U0001F600"', 'AAé😀'],
  ['string(b"\\xc3\\xa9")', 'é'],
  ['string(br"\\x")', '\\x'],
  ['[1, 2, ]', [1, 2]],
  ['{"a": 1, }', { a: 1 }],
  ['1 // one', 1],
  ['1 // one\n + 2 // and two', 3],
  ['"http://x" // not a comment inside of the string', 'http://x'],
  ['// before\n7', 7],
  ['\f\t\r\n 7 \n', 7],
  ['--1', 1],
  ['!!true', true],
  ['1 - -1', 2],
  ['1-1', 0],
  ['-1.0', -1],
  ['2 + 3 * 4 - 10 / 2 % 3', 12],
  ['1 < 2 == true', true],
  ['true || false && false', true],
  ['false ? 1 : true ? 2 : 3', 2],
];

for (const [source, value] of literals) {
  test(`${JSON.stringify(source)} is read as ${JSON.stringify(value)}`, (t) => {
    t.deepEqual(evaluate(source), value);
  });
}

const deepest = (open: string, close: string, depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;

test('a source may have as many characters as the limit says, and no more', (t) => {
  t.is(evaluate(`1${' '.repeat(19_999)}`), 1);
  const message = 'the expression is longer than 20000 characters (limits.expressionCharacters)';
  t.throws(() => evaluate(`1${' '.repeat(20_000)}`), { instanceOf: ExpressionSyntaxError, message });
});

test('a source may be nested as deep as the limit says, and no deeper', (t) => {
  const message = 'the expression is nested deeper than 200 levels (limits.expressionNesting)';
  for (const [open, close] of [
    ['(', ')'],
    ['[', ']'],
    ['{"a": ', '}'],
    ['dyn(', ')'],
    ['[1].map(x, ', ')'],
    ['-(', ')'],
    ['(true ? ', ' : 2)'],
    ['[1][', ' - 1]'],
  ] as const) {
    t.notThrows(() => evaluate(deepest(open, close, 200)), open);
    t.throws(() => evaluate(deepest(open, close, 201)), { instanceOf: ExpressionSyntaxError, message }, open);
  }
});

test('brackets in strings and comments are no nesting', (t) => {
  t.is(evaluate(`"${'('.repeat(500)}".size() // ${'['.repeat(500)}`), 500);
});

test('rows of operators, conditions and fields are no nesting, however long', (t) => {
  t.is(evaluate(`0${' + 1'.repeat(4_000)}`), 4_000);
  t.is(evaluate(`true${' && true'.repeat(2_000)}`), true);
  t.is(evaluate(`${'false ? 1 : '.repeat(1_500)}2`), 2);
  t.is(evaluate(`${'-'.repeat(10_001)}1`), -1);
  t.is(evaluate(`has(a${'.b'.repeat(9_000)})`), false);
});

test('more calls in a row than the limit on nesting are refused', (t) => {
  t.is(evaluate(`"A"${'.lower()'.repeat(200)}`), 'a');
  t.throws(() => evaluate(`"A"${'.lower()'.repeat(201)}`), { message: /more than 200 calls and indexes in a row/ });
});

test('an engine keeps to the limits that it is given', (t) => {
  const engine = celEngine({ expressionCharacters: 10, expressionNesting: 2 });
  t.throws(() => engine.compile('1 + 2 + 3 + 4', standardLibrary()), { message: /longer than 10 characters/ });
  t.throws(() => engine.compile('[[[1]]]', standardLibrary()), { message: /nested deeper than 2 levels/ });
  const limits = { expressionCharacters: 100, expressionNesting: 3 };
  t.notThrows(() => engine.compile('[[[1]]] + [2, 3, 4]', standardLibrary(), limits));
});

test('a term that decides makes a constant of && and ||, whatever the other terms call', (t) => {
  t.is(evaluate('nope(1) || true'), true);
  t.is(evaluate('false && nope(1)'), false);
  t.throws(() => evaluate('nope(1) || false'), { message: /there is no function `nope`/ });
});
