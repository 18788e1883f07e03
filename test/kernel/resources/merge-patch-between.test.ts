import test from 'ava';
import { equalJson, isObject, type Json, type JsonObject, mergePatch } from 'koreo-kernel';
import { mergePatchBetween } from '../../../kernel/resources/merge-patch-between.js';
import { fc } from '../../support/property.js';

const json = fc.object({
  key: fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'),
  maxDepth: 3,
  values: [fc.integer(), fc.constantFrom('x', ''), fc.boolean(), fc.constant(null)],
}) as fc.Arbitrary<JsonObject>;

/** As a merge patch sees a document: null is nothing, but inside of lists. */
function withoutNulls(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(
    kept.map(([key, item]): [string, Json] => [key, isObject(item) ? withoutNulls(item) : item]),
  );
}

test('applied to the one it gives the other, and there is none when they are the same', (t) => {
  fc.assert(
    fc.property(json, json, (actual, wanted) => {
      const patch = mergePatchBetween(actual, wanted);
      const result = patch === undefined ? actual : mergePatch(actual, patch);
      const same = equalJson(withoutNulls(result), withoutNulls(wanted));
      const silent = patch === undefined ? equalJson(withoutNulls(actual), withoutNulls(wanted)) : true;
      return same && silent && mergePatchBetween(result, wanted) === undefined;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test('it holds nothing but what changes', (t) => {
  const actual = { keep: 1, gone: 2, deep: { keep: [1], change: 'a', gone: {} } };
  const wanted = { keep: 1, gone: null, deep: { keep: [1], change: 'b' }, more: { x: null } };
  t.deepEqual(mergePatchBetween(actual, wanted), { gone: null, deep: { gone: null, change: 'b' }, more: {} });
});
