import test from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { droppedFields } from '../../../kernel/resources/dropped-fields.js';
import { withLastApplied } from '../../../kernel/resources/last-applied.js';
import { remainingPatch } from '../../../kernel/resources/remaining-patch.js';
import { setOncePointers } from '../../../kernel/resources/set-once.js';

const applied = (spec: JsonObject): JsonObject => withLastApplied({ kind: 'Widget', metadata: { name: 'w' }, spec });
const paths = (target: JsonObject, actual: JsonObject) =>
  droppedFields({ kind: 'Widget', metadata: { name: 'w' }, spec: target }, actual).map(({ path }) => path.join('.'));

test('what the last target set and this one does not is dropped, as deep as it was set', (t) => {
  const actual = applied({ a: 1, deep: { x: 1, y: 2 }, gone: { all: 1 }, empty: {} });
  t.deepEqual(paths({ a: 1, deep: { x: 1 } }, actual), ['spec.deep.y', 'spec.gone.all', 'spec.empty']);
  t.deepEqual(paths({ a: 2, deep: { x: 1, y: 3 }, gone: { all: 1 }, empty: {} }, actual), []);
});

test('what is not there any more is not dropped, nor what was set only once', (t) => {
  const recorded = applied({ a: 1, b: 2, 'c/~d': 3 });
  const metadata = recorded.metadata as JsonObject;
  const annotations = { ...(metadata.annotations as JsonObject), 'koreo.dev/set-once': '["/spec/b", "/spec/c~1~0d"]' };
  t.deepEqual(paths({}, { ...recorded, spec: { b: 2, 'c/~d': 3 }, metadata: { ...metadata, annotations } }), []);
  const nonsense = { ...(metadata.annotations as JsonObject), 'koreo.dev/set-once': '{' };
  t.deepEqual(paths({}, { ...recorded, metadata: { ...metadata, annotations: nonsense } }), [
    'spec.a',
    'spec.b',
    'spec.c/~d',
  ]);
});

test('a resource without a record has dropped nothing', (t) => {
  t.deepEqual(paths({}, { kind: 'Widget', spec: { a: 1 } }), []);
});

test('a pointer leads to each value beyond the lasting part', (t) => {
  t.deepEqual(setOncePointers({ a: 1, b: { c: 1, d: {} }, e: [1] }, { a: 2, b: { c: 1 } }), ['/b/d', '/e']);
});

test('a list that others added to is replaced whole, unless it is compared as a set or a map', (t) => {
  const left = [{ name: 'mine' }, { name: 'theirs' }];
  t.deepEqual(remainingPatch({ spec: { list: [{ name: 'mine' }] } }, { spec: { list: left } }), {
    spec: { list: [{ name: 'mine' }] },
  });
  const keyed = { 'x-koreo-compare-as-map': { list: ['name'] }, list: [{ name: 'mine', size: 1 }] };
  t.is(remainingPatch({ spec: keyed }, { spec: { list: left } }), undefined);
});

test('what the target wants gone is removed, and other differences are left to the store', (t) => {
  t.deepEqual(remainingPatch({ spec: { a: null, b: 2, c: null } }, { spec: { a: 1, b: 1 } }), { spec: { a: null } });
  t.is(remainingPatch({ spec: { cpu: '1000m' } }, { spec: { cpu: '1' } }), undefined);
});
