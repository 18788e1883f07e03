import test from 'ava';
import { Budget, type ExactValue, Float, FunctionError, standardLibrary } from 'koreo-kernel';

const library = standardLibrary();

function exact(name: string, ...args: readonly ExactValue[]): ExactValue {
  const definition = library.get(name);
  if (definition?.callExact === undefined) throw new Error(`${name} has no exact form`);
  return definition.callExact(args, new Budget());
}

const floatOf = (value: ExactValue): number | undefined => (value instanceof Float ? value.value : undefined);

test('to_json tells whole floats from integers, and keeps integers exact', (t) => {
  t.is(
    exact('to_json', [2, new Float(2), 2.5, new Float(-0), 9007199254740993n]),
    '[2, 2.0, 2.5, -0.0, 9007199254740993]',
  );
});

test('to_json writes floats as their shortest text, with an exponent from 1e16 and below 1e-4', (t) => {
  const texts: readonly (readonly [number, string])[] = [
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e16, '1.5e+16'],
    [123456789.125, '123456789.125'],
    [1e21, '1e+21'],
    [1e22, '1e+22'],
    [1e-4, '0.0001'],
    [0.00012, '0.00012'],
    [1e-5, '1e-05'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [0.1, '0.1'],
    [0, '0.0'],
  ];
  for (const [value, text] of texts) t.is(exact('to_json', Number.isInteger(value) ? new Float(value) : value), text);
});

test('to_json refuses what JSON has no number for', (t) => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => exact('to_json', value), { instanceOf: FunctionError, message: /Out of range float values/ });
  }
});

test('from_json tells 2.0 from 2, and keeps integers exact to 64 bits', (t) => {
  t.is(floatOf(exact('from_json', '2.0')), 2);
  t.is(exact('from_json', '2'), 2);
  t.is(exact('from_json', '9223372036854775807'), 9223372036854775807n);
  t.throws(() => library.get('from_json')?.call(['9223372036854775807'], new Budget()), {
    message: /would lose digits/,
  });
});

test('min and max keep the kind of the number that they choose', (t) => {
  t.is(floatOf(exact('min', [3, new Float(1)])), 1);
  t.is(exact('max', [3, new Float(1)]), 3);
  t.is(exact('max', [1, new Float(1)]), 1);
  t.is(exact('max', [9007199254740992n, 9007199254740993n]), 9007199254740993n);
});

test('the sum of integers is an integer, and of anything with floats a float', (t) => {
  t.is(exact('sum', [1, 2]), 3);
  t.is(floatOf(exact('sum', [new Float(1), 2])), 3);
  t.is(exact('sum', [Number.MAX_SAFE_INTEGER, 2]), 9007199254740993n);
  t.is(exact('sum', [9007199254740993n, -2n]), Number.MAX_SAFE_INTEGER);
  t.throws(() => exact('sum', [9223372036854775807n, 1]), { message: 'sum: the sum is beyond a 64-bit integer' });
});

test('floats pass through overlay, flatten and values', (t) => {
  const float = new Float(1);
  t.deepEqual(exact('overlay', { a: float }, { b: float }), { a: float, b: float });
  t.is((exact('flatten', [[float]]) as readonly ExactValue[])[0], float);
  t.is((exact('values', { a: float }) as readonly ExactValue[])[0], float);
});

test('the plain form of a function gives plain numbers', (t) => {
  t.is(library.get('from_json')?.call(['2.0'], new Budget()), 2);
});
