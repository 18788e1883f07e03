import test from 'ava';
import { ExpressionEvaluationError } from 'koreo-kernel';
import { fc } from '../../support/property.js';
import { evaluate } from './evaluate.js';

test('integers from JSON are ints, other numbers doubles', (t) => {
  const inputs = { whole: 7, half: 0.5, huge: 1e300, zero: -0 };
  t.is(evaluate('inputs.whole / 2', { inputs }), 3);
  t.is(evaluate('inputs.half / 2.0', { inputs }), 0.25);
  t.is(
    evaluate('type(inputs.whole) == int && type(inputs.half) == double && type(inputs.huge) == double', { inputs }),
    true,
  );
  t.is(evaluate('inputs.zero + 0', { inputs }), 0);
  t.throws(() => evaluate('inputs.whole + inputs.half', { inputs }), { message: 'no such overload: int + double' });
});

test('a double stays a double when its value is whole', (t) => {
  t.is(evaluate('(1.5 + 1.5) / 2.0'), 1.5);
  t.is(evaluate('to_json(1.5 + 1.5)'), '3.0');
  t.is(evaluate('to_json([2.0, 2, 4.0 / 2.0, double(2), -0.0])'), '[2.0, 2, 2.0, 2.0, -0.0]');
  t.is(evaluate('to_json({"a": 2.0}.overlay({"b": [3.0]}))'), '{"a": 2.0, "b": [3.0]}');
  t.is(evaluate('from_json("2.0") / 4.0'), 0.5);
  t.is(evaluate('sum([1.0, 2.0]) / 2.0'), 1.5);
  t.is(evaluate('sum([1, 2]) / 2'), 1);
  t.is(evaluate('max([1.0, 3.0]) / 2.0'), 1.5);
  t.is(evaluate('min([1, 3]) / 2'), 0);
  t.is(evaluate('flatten([[3.0]])[0] / 2.0 + {"a": 3.0}.values()[0] / 2.0'), 3);
});

test('doubles come out as plain JSON numbers', (t) => {
  t.deepEqual(evaluate('[2.0, 1e21, {"a": 3.0}]'), [2, 1e21, { a: 3 }]);
});

test('ints are exact to 64 bits inside of an expression', (t) => {
  t.is(evaluate('string(9007199254740993 - 1)'), '9007199254740992');
  t.is(evaluate('string(9223372036854775807)'), '9223372036854775807');
  t.is(evaluate('string(-9223372036854775808)'), '-9223372036854775808');
  t.is(evaluate('9007199254740993 - 9007199254740992'), 1);
  t.is(evaluate('9007199254740993 == 9007199254740992'), false);
  t.is(evaluate('9223372036854775807 % 10 + 9223372036854775807 / 9223372036854775807'), 8);
  t.is(evaluate('to_json(from_json("9223372036854775807"))'), '9223372036854775807');
});

test('an int beyond 2^53 - 1 in a result is an error, and never loses digits in silence', (t) => {
  t.is(evaluate('9007199254740991'), Number.MAX_SAFE_INTEGER);
  t.is(evaluate('-9007199254740991'), Number.MIN_SAFE_INTEGER);
  const message = /an int beyond 2\^53 - 1 does not fit a JSON number without loss/;
  for (const source of [
    '9007199254740992',
    '[9007199254740991 + 1]',
    '{"a": from_json("9007199254740993")}',
    '9007199254740992u',
  ]) {
    t.throws(() => evaluate(source), { instanceOf: ExpressionEvaluationError, message }, source);
  }
  t.throws(() => evaluate('keys({"a": 9007199254740992})'), { message });
});

test('infinity and what is no number are no results', (t) => {
  for (const source of ['1.0 / 0.0', '-1.0 / 0.0', '[0.0 / 0.0]', 'double("NaN")']) {
    t.throws(() => evaluate(source), { instanceOf: ExpressionEvaluationError, message: /JSON has no number/ }, source);
  }
  t.is(evaluate('1.0 / 0.0 > 1.0'), true);
});

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const anyInt = fc.oneof(fc.integer().map(BigInt), fc.maxSafeInteger().map(BigInt), int64);

test('int arithmetic is that of 64-bit integers, or an overflow', (t) => {
  const operations: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  };
  fc.assert(
    fc.property(anyInt, anyInt, fc.constantFrom(...Object.keys(operations)), (a, b, operator) => {
      fc.pre(b !== 0n || (operator !== '/' && operator !== '%'));
      const exact = operations[operator]?.(a, b) ?? 0n;
      const fits = BigInt.asIntN(64, exact) === exact;
      const source = `string(int("${a}") ${operator} int("${b}"))`;
      if (fits) t.is(evaluate(source), String(exact), source);
      else t.throws(() => evaluate(source), { message: /int overflow/ }, source);
    }),
  );
});

test('ints and doubles compare by value', (t) => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), (a, b) => {
      const scope = { a, b };
      t.is(
        evaluate('double(a) < b', { ...scope, b: b === Math.trunc(b) ? b + 0.5 : b }),
        a < (b === Math.trunc(b) ? b + 0.5 : b),
      );
      t.is(evaluate('a == double(a) && a <= double(a) && !(a < double(a))', scope), true);
    }),
  );
});
