import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { equalJson, formatPath, getAt, getKey, type Json, type MutableJsonObject, setKey } from 'koreo-kernel';
import { defined } from '../../../kernel/model/json.js';
import { fc } from '../../support/property.js';

test('a key named __proto__ is data and reaches no prototype', (t) => {
  const object: MutableJsonObject = {};
  setKey(object, '__proto__', { polluted: true });
  t.is(Object.getPrototypeOf(object), Object.prototype);
  t.deepEqual(getKey(object, '__proto__'), { polluted: true });
  t.is(JSON.stringify(object), '{"__proto__":{"polluted":true}}');
});

test('of a literal the fields are kept that are there, and the literal itself when all are', (t) => {
  const [uid, revision]: (string | undefined)[] = ['u', undefined];
  t.deepEqual(defined({ uid, revision, count: 0, none: null, empty: '' }), { uid, count: 0, none: null, empty: '' });
  t.false('revision' in defined({ uid, revision }));
  const whole = { uid };
  t.is(defined(whole) as unknown, whole);
});

test('what an object inherits is not among its keys', (t) => {
  t.is(getKey({}, 'constructor'), undefined);
  t.is(getAt({ a: [1] }, ['a', 'length']), undefined);
});

test('equality is deep, ignores the order of keys, and survives a round trip through text', (t) => {
  t.true(equalJson({ a: 1, b: [2] }, { b: [2], a: 1 }));
  t.false(equalJson({ a: 1 }, { a: 1, b: null }));
  t.false(equalJson([1, 2], [2, 1]));
  t.false(equalJson({}, []));
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const a = JSON.parse(JSON.stringify(one)) as Json;
      const b = JSON.parse(JSON.stringify(other)) as Json;
      t.true(equalJson(a, JSON.parse(JSON.stringify(a)) as Json));
      t.is(equalJson(a, b), isDeepStrictEqual(a, b));
    }),
  );
});

test('a path is written as its author would', (t) => {
  t.is(
    formatPath(['spec', 'steps', 0, 'inputs', 'app.kubernetes.io/name']),
    'spec.steps[0].inputs["app.kubernetes.io/name"]',
  );
});
