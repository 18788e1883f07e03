import test from 'ava';
import { Budget, equalJson, isObject, type Json, type JsonObject, standardLibrary } from 'koreo-kernel';
import { fc } from '../../support/property.js';

const library = standardLibrary();

function call(name: string, ...args: readonly Json[]): Json {
  const definition = library.get(name);
  if (definition === undefined) throw new Error(`there is no function ${name}`);
  return definition.call(args, new Budget());
}

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString'),
  fc.string({ maxLength: 4 }),
);
const value = fc.letrec<{ json: Json; object: JsonObject }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isExact),
    fc.string({ unit: 'binary' }),
    fc.array(tie('json'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}));

/** Whole numbers between 2^53 and 2^63 stand for ints that plain numbers do not hold exactly; reading these is an error. */
function isExact(number: number): boolean {
  return !Number.isInteger(number) || Number.isSafeInteger(number) || Math.abs(number) >= 2 ** 63;
}

const same = (a: Json, b: Json): boolean => equalJson(a, b);

test('laying nothing over, and laying over nothing, change nothing', (t) => {
  fc.assert(fc.property(value.object, (a) => same(call('overlay', a, {}), a) && same(call('overlay', {}, a), a)));
  t.pass();
});

test('laying the same over twice is laying it over once', (t) => {
  fc.assert(
    fc.property(value.object, value.object, (a, b) => {
      const once = call('overlay', a, b);
      return same(call('overlay', once, b), once);
    }),
  );
  t.pass();
});

test('whatever is laid over is there afterwards, and the rest of the base is left', (t) => {
  fc.assert(
    fc.property(value.object, value.object, (a, b) => {
      const result = call('overlay', a, b);
      if (!isObject(result)) return false;
      const kept = Object.keys(a).every(
        (name) => Object.hasOwn(b, name) || same(result[name] ?? null, a[name] ?? null),
      );
      return kept && Object.keys(b).every((name) => isObject(b[name]) || same(result[name] ?? null, b[name] ?? null));
    }),
  );
  t.pass();
});

test('from_json reads what to_json writes', (t) => {
  fc.assert(fc.property(value.json, (a) => same(call('from_json', call('to_json', a)), a)));
  t.pass();
});

test('to_json writes printable ASCII that JSON.parse reads too', (t) => {
  fc.assert(
    fc.property(value.json, (a) => {
      const text = String(call('to_json', a));
      return /^[ -~]*$/.test(text) && same(JSON.parse(text), a);
    }),
  );
  t.pass();
});

test('from_json reads all that JSON.parse reads, and nothing else', (t) => {
  const fragment = fc.constantFrom(...'{}[]:,"\\ -0.e1'.split(''), 'true', 'null', '"a"', '\\u00e9', '12', '\n', 'é');
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 8 }), (parts) => {
      const text = parts.join('');
      // JSON.parse takes numbers for infinity.
      fc.pre(!/e-?\d{3}/.test(text));
      return read(() => call('from_json', text)) === read(() => JSON.parse(text));
    }),
    { numRuns: 3_000 },
  );
  t.pass();
});

function read(parse: () => Json): string {
  try {
    return JSON.stringify(parse());
  } catch {
    return 'error';
  }
}

test('b64decode reads what b64encode writes', (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (a) => call('b64decode', call('b64encode', a)) === a));
  t.pass();
});

test('joining the parts of a split with its separator gives the text', (t) => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀') });
  fc.assert(
    fc.property(
      text,
      text.filter((separator) => separator !== ''),
      (a, separator) => {
        const parts = call('split', a, separator);
        return Array.isArray(parts) && parts.join(separator) === a;
      },
    ),
  );
  t.pass();
});
