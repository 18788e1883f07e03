import test from 'ava';
import {
  equalJson,
  getKey,
  hasKey,
  isObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  mergePatch,
  setKey,
} from 'koreo-kernel';
import { deepMerge } from '../../../kernel/resources/deep-merge.js';
import { dropNulls } from '../../../kernel/resources/nulls.js';
import { anyJson, anyMapping } from '../../support/json-arbitraries.js';
import { fc } from '../../support/property.js';

/** The table of RFC 7396, appendix A. */
const RFC_7396: readonly (readonly [Json, Json, Json])[] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

test('a merge patch gives what RFC 7396 says', (t) => {
  for (const [target, patch, expected] of RFC_7396) t.deepEqual(mergePatch(target, patch), expected);
});

test('a merge patch applied twice is as good as once, and changes neither argument', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyJson, anyJson, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        const once = mergePatch(target, patch);
        return equalJson(mergePatch(once, patch), once) && JSON.stringify([target, patch]) === before;
      }),
    ),
  );
});

/** The pseudo code of RFC 7396, section 2. */
function asTheRfcSays(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: MutableJsonObject = {};
  const base = isObject(target) ? target : {};
  for (const key of Object.keys(base)) setKey(result, key, base[key] ?? null);
  for (const key of Object.keys(patch)) {
    const value = patch[key] ?? null;
    if (value === null) delete result[key];
    else setKey(result, key, asTheRfcSays(getKey(result, key), value));
  }
  return result;
}

test('a merge patch gives what the pseudo code gives, with the keys in the same order', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyJson, anyJson, (target, patch) => {
        const [given, expected] = [mergePatch(target, patch), asTheRfcSays(target, patch)];
        return equalJson(given, expected) && (!isObject(given) || sameKeys(given, expected as JsonObject));
      }),
      { numRuns: 2000 },
    ),
  );
});

function sameKeys(a: JsonObject, b: JsonObject): boolean {
  return JSON.stringify(Object.keys(a)) === JSON.stringify(Object.keys(b));
}

/** Each part of a value that is a list or a mapping. */
function partsOf(value: Json): readonly Json[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

test('a merge patch shares all that stays as it was: the whole of it when it changes nothing', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMapping, anyMapping, (target, patch) => {
        const result = mergePatch(target, patch);
        const isAsBefore = (key: string): boolean =>
          hasKey(target, key) && equalJson(getKey(target, key), getKey(result, key));
        const kept = Object.keys(result).filter(isAsBefore);
        return (
          kept.every((key) => getKey(target, key) === getKey(result, key)) &&
          (equalJson(target, result) ? result === target : result !== target)
        );
      }),
      { numRuns: 2000 },
    ),
  );
});

test('what a merge patch gives holds nothing of its own that the two have already', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMapping, anyMapping, (target, patch) => {
        const known = new Set([...partsOf(target), ...partsOf(patch)]);
        const lists = partsOf(mergePatch(target, patch)).filter((part) => Array.isArray(part));
        return lists.every((list) => known.has(list));
      }),
    ),
  );
});

test('a prototype key in a patch is data', (t) => {
  const patched = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'));
  t.is((patched as { polluted?: boolean }).polluted, undefined);
  t.is(JSON.stringify(patched), '{"__proto__":{"polluted":true}}');
  t.is(({} as { polluted?: boolean }).polluted, undefined);
});

test('laying over merges mappings and replaces all else, null too', (t) => {
  const base = { a: { x: 1, y: 2 }, l: [1, 2], n: 1 };
  t.deepEqual(deepMerge(base, { a: { y: 3 }, l: [9], n: null }), { a: { x: 1, y: 3 }, l: [9], n: null });
});

/** Mappings in which a key holds a mapping everywhere or nowhere. */
const { agreeing } = fc.letrec<{ agreeing: JsonObject }>((tie) => ({
  agreeing: fc.record(
    {
      inner: fc.oneof({ maxDepth: 3 }, fc.constant({}), tie('agreeing')),
      other: fc.oneof({ maxDepth: 3 }, fc.constant({}), tie('agreeing')),
      scalar: fc.integer(),
      list: fc.array(fc.integer()),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>,
}));

test('laying over is associative where each key holds a mapping everywhere or nowhere', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(agreeing, agreeing, agreeing, (a, b, c) =>
        equalJson(deepMerge(deepMerge(a, b), c), deepMerge(a, deepMerge(b, c))),
      ),
    ),
  );
});

test('laying over nothing, or oneself, changes nothing', (t) => {
  t.notThrows(() =>
    fc.assert(fc.property(anyMapping, (a) => equalJson(deepMerge(a, {}), a) && equalJson(deepMerge(a, a), a))),
  );
});

test('dropping nulls leaves none in any mapping, keeps the places of a list, and shares what has none', (t) => {
  const value: JsonObject = { a: null, b: { c: null, d: [null, { e: null, f: 1 }] } };
  t.deepEqual(dropNulls(value), { b: { d: [null, { f: 1 }] } });
  const clean = { a: [1, { b: 'c' }] };
  t.is(dropNulls(clean), clean);
  t.notThrows(() => fc.assert(fc.property(anyJson, (a) => equalJson(dropNulls(dropNulls(a)), dropNulls(a)))));
});
