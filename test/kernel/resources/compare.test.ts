import test from 'ava';
import type { Json, JsonObject } from 'koreo-kernel';
import { compareResource } from '../../../kernel/resources/compare.js';
import { formatDifference } from '../../../kernel/resources/difference.js';
import { directiveKeys } from '../../../kernel/resources/directives.js';
import { withLastApplied } from '../../../kernel/resources/last-applied.js';
import { mergePatch } from '../../../kernel/resources/merge-patch.js';
import { anyJson, anyMapping } from '../../support/json-arbitraries.js';
import { fc } from '../../support/property.js';

const paths = (target: JsonObject, actual: JsonObject) =>
  compareResource(target, actual).map(({ path }) => path.join('.'));

test('only what the target says counts', (t) => {
  t.deepEqual(compareResource({ spec: { a: 1 } }, { spec: { a: 1, b: 2 }, status: {} }), []);
});

test('all differences are found, each with its path and both values', (t) => {
  const target = { spec: { replicas: 3, image: 'b', ports: [80, 443], same: true } };
  const actual = { spec: { replicas: 2, ports: [80, 8443], same: true } };
  t.deepEqual(compareResource(target, actual), [
    { path: ['spec', 'replicas'], target: 3, actual: 2 },
    { path: ['spec', 'image'], target: 'b', actual: undefined },
    { path: ['spec', 'ports', 1], target: 443, actual: 8443 },
  ]);
});

test('owner references are never compared, but a field of that name elsewhere is', (t) => {
  const target = { metadata: { ownerReferences: [{ uid: 'a' }] }, spec: { ownerReferences: [] } };
  t.deepEqual(paths(target, { metadata: {}, spec: { ownerReferences: [1] } }), ['spec.ownerReferences.0']);
});

test('numbers are equal by value, booleans only to booleans, and text only to text', (t) => {
  t.deepEqual(paths({ a: 1.0, b: true, c: '1', d: false }, { a: 1, b: 1, c: 1, d: null }), ['b', 'c', 'd']);
});

test('null in the target equals a missing field and null, and differs from anything else', (t) => {
  t.deepEqual(paths({ a: null, b: null, c: null }, { b: null, c: 0 }), ['c']);
});

test('a mapping differs from what is no mapping, and a list from what is no list', (t) => {
  const target = { a: {}, b: {}, c: {}, d: [], e: [], f: [], g: 1 };
  const actual = { a: [], b: null, d: {}, e: 'x', g: { x: 1 } };
  t.deepEqual(paths(target, actual), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

test('lists are compared by position and length', (t) => {
  t.deepEqual(paths({ l: [1, 2] }, { l: [2, 1] }), ['l.0', 'l.1']);
  t.deepEqual(paths({ l: [1, 2, 3] }, { l: [1] }), ['l.1', 'l.2']);
  t.deepEqual(paths({ l: [1] }, { l: [1, null] }), ['l.1']);
});

test('a list that is compared as a set has no order and no repetitions', (t) => {
  const target = { [directiveKeys.asSet]: ['l'], l: ['a', 'b', 1], m: ['a', 'b'] };
  t.deepEqual(paths(target, { l: [1, 'b', 'a', 'a'], m: ['b', 'a'] }), ['m.0', 'm.1']);
  t.deepEqual(paths(target, { l: ['a', 'b', true], m: ['a', 'b'] }), ['l']);
  t.deepEqual(paths(target, { l: ['a', 'b', 1, 'c'], m: ['a', 'b'] }), ['l']);
  t.deepEqual(paths(target, { l: 'ab', m: ['a', 'b'] }), ['l']);
});

test('a list that is compared as a map is matched by its key fields, and entries of others are no difference', (t) => {
  const target = {
    [directiveKeys.asMap]: { env: ['name'] },
    env: [
      { name: 'b', value: 2 },
      { name: 'a', value: 1 },
    ],
  };
  const injected = { name: 'injected', value: 9 };
  t.deepEqual(paths(target, { env: [injected, { name: 'a', value: 1, more: 1 }, { name: 'b', value: 2 }] }), []);
  t.deepEqual(paths(target, { env: [{ name: 'a', value: 7 }] }), ['env.0', 'env.1.value']);
});

test('entries are told apart by all their key fields, of whatever type', (t) => {
  const target = {
    [directiveKeys.asMap]: { ports: ['port', 'protocol'] },
    ports: [
      { port: 53, protocol: 'TCP', name: 't' },
      { port: 53, protocol: 'UDP', name: 'u' },
    ],
  };
  const same = [...target.ports].reverse();
  t.deepEqual(paths(target, { ports: same }), []);
  t.deepEqual(paths(target, { ports: [{ port: '53', protocol: 'TCP', name: 't' }, ...same.slice(0, 1)] }), ['ports.0']);
});

test('a field that the API never gives back is compared with what was last applied', (t) => {
  const target = {
    metadata: { name: 'db' },
    spec: { [directiveKeys.lastApplied]: ['password'], password: 'x', size: 1 },
  };
  const sent = { metadata: { name: 'db' }, spec: { password: 'x', size: 1 } };
  const actual = { ...withLastApplied(sent), spec: { size: 1 } };
  t.deepEqual(paths(target, actual), []);
  t.deepEqual(paths({ ...target, spec: { ...target.spec, password: 'y' } }, actual), ['spec.password']);
  t.deepEqual(paths(target, { metadata: { name: 'db' }, spec: { size: 1, password: 'x' } }), ['spec.password']);
});

test('a Secret is compared with what was last applied without its values being recorded', (t) => {
  const secret = { kind: 'Secret', metadata: { name: 's' }, [directiveKeys.lastApplied]: ['stringData'] };
  const sent = { kind: 'Secret', metadata: { name: 's' }, stringData: { password: 'hunter2' } };
  const actual = withLastApplied(sent);
  t.false(JSON.stringify(actual.metadata).includes('hunter2'));
  t.deepEqual(paths({ ...secret, stringData: { password: 'hunter2' } }, actual), []);
  t.deepEqual(paths({ ...secret, stringData: { password: 'other' } }, actual), ['stringData.password']);
});

test('what has not the form of a directive says nothing', (t) => {
  const target = {
    [directiveKeys.asSet]: 'l',
    [directiveKeys.asMap]: ['m'],
    [directiveKeys.lastApplied]: { n: true },
    l: [1],
    m: [{}],
    n: 1,
  };
  t.deepEqual(paths(target, { l: [1], m: [{}], n: 1 }), []);
});

test('a record of what was applied that cannot be read is as good as none', (t) => {
  const target = { [directiveKeys.lastApplied]: ['a'], a: 1 };
  for (const text of ['{', '[]', '"a"', 'null']) {
    const actual = { a: 1, metadata: { annotations: { 'koreo.dev/last-applied-configuration': text } } };
    t.deepEqual(paths(target, actual), ['a']);
  }
});

test('a difference is shown as quoted keys and two values', (t) => {
  const [first] = compareResource({ spec: { replicas: 3 } }, { spec: { replicas: 2 } });
  t.is(first && formatDifference(first, 'Deployment'), "'spec' -> 'replicas' -> <target:[3], resource:[2]>");
  const [item] = compareResource({ l: ['a'] }, { l: [] });
  t.is(item && formatDifference(item, 'Deployment'), `'l' -> '0' -> <target:["a"], resource:[missing]>`);
});

test('a message shows no value of a Secret, and no value at full length', (t) => {
  const [secret] = compareResource({ data: { k: 'YQ==' } }, { data: { k: 'Yg==' } });
  t.is(secret && formatDifference(secret, 'Secret'), "'data' -> 'k' -> <target:[hidden], resource:[hidden]>");
  const [long] = compareResource({ a: 'x'.repeat(10_000) }, {});
  t.true(long !== undefined && formatDifference(long, 'ConfigMap').length < 300);
});

test('a message shows what is wanted without the directives in it, which are never sent', (t) => {
  const [whole] = compareResource({ spec: { ports: [1], 'x-koreo-compare-as-set': ['ports'] } }, {});
  t.is(whole && formatDifference(whole, 'Service'), `'spec' -> <target:[{"ports":[1]}], resource:[missing]>`);
});

test('anything equals itself', (t) => {
  t.notThrows(() => fc.assert(fc.property(anyMapping, (value) => compareResource(value, value).length === 0)));
});

test('whatever the shapes, comparing never throws', (t) => {
  const directive = fc.record(
    { [directiveKeys.asSet]: anyJson, [directiveKeys.asMap]: anyJson, [directiveKeys.lastApplied]: anyJson },
    { requiredKeys: [] },
  );
  const target = fc
    .tuple(anyMapping, directive, fc.constantFrom('Secret', 'Pod'))
    .map(([value, directives, kind]): JsonObject => ({ kind, ...value, ...(directives as JsonObject) }));
  t.notThrows(() => fc.assert(fc.property(target, anyMapping, (a, b) => Array.isArray(compareResource(a, b)))));
});

test('once a target is merged onto a resource, nothing differs', (t) => {
  const settled = (target: JsonObject, actual: Json) =>
    compareResource(target, mergePatch(actual, target)).length === 0;
  t.notThrows(() => fc.assert(fc.property(anyMapping, anyJson, settled)));
});
