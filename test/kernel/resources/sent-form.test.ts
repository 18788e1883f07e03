import test from 'ava';
import { directiveKeys, stripDirectives } from '../../../kernel/resources/directives.js';
import {
  lastAppliedOf,
  lastAppliedText,
  withLastApplied,
  withoutLastApplied,
} from '../../../kernel/resources/last-applied.js';
import { isOwnedBy, ownerReference, unionOfOwners } from '../../../kernel/resources/owner-references.js';

test('directives are stripped wherever they stand, inside lists too', (t) => {
  const target = {
    [directiveKeys.asSet]: ['a'],
    a: [{ [directiveKeys.asMap]: { x: ['y'] }, x: [[{ [directiveKeys.lastApplied]: ['z'], z: 1 }]] }],
    'x-koreo-compare-as-other': 1,
  };
  t.deepEqual(stripDirectives(target), { a: [{ x: [[{ z: 1 }]] }], 'x-koreo-compare-as-other': 1 });
});

test('a value without directives is given back as it is', (t) => {
  const value = { a: [{ b: 1 }], c: { d: null } };
  t.is(stripDirectives(value), value);
});

test('the record of what was applied holds the target without the record itself', (t) => {
  const target = { kind: 'Pod', metadata: { name: 'a', annotations: { mine: '1' } }, spec: { n: 1 } };
  const sent = withLastApplied(target);
  t.deepEqual(lastAppliedOf(sent), target);
  t.is(lastAppliedText(sent), JSON.stringify(target));
  t.deepEqual(withoutLastApplied(sent), target);
  t.is(lastAppliedOf(target), undefined);
});

test('taking the record away takes empty annotations along', (t) => {
  const target = { metadata: { name: 'a' } };
  t.deepEqual(withoutLastApplied(withLastApplied(target)), target);
});

test('the record of a Secret holds hashes, which differ from Secret to Secret', (t) => {
  const secret = (name: string) => ({
    kind: 'Secret',
    metadata: { name, namespace: 'n' },
    type: 'Opaque',
    data: { k: 'c2VjcmV0' },
    stringData: 'odd secret',
  });
  const text = lastAppliedText(secret('a'));
  t.false(text.includes('c2VjcmV0'));
  t.false(text.includes('odd'));
  t.true(text.includes('"type":"Opaque"'));
  t.is(text, lastAppliedText(secret('a')));
  t.not(JSON.parse(text).data.k, JSON.parse(lastAppliedText(secret('b'))).data.k);
});

test('an owner reference has what a garbage collector reads, and is recognised by its uid', (t) => {
  const owner = { apiVersion: 'shop/v1', kind: 'Order', name: 'o', uid: 'u', extra: 1 };
  const reference = ownerReference(owner);
  t.deepEqual(reference, {
    apiVersion: 'shop/v1',
    kind: 'Order',
    name: 'o',
    uid: 'u',
    blockOwnerDeletion: true,
    controller: false,
  });
  t.true(isOwnedBy({ metadata: { ownerReferences: [{ uid: 'u' }] } }, 'u'));
  t.false(isOwnedBy({ metadata: { ownerReferences: 'odd' } }, 'u'));
  t.deepEqual(unionOfOwners([{ uid: 'a', n: 1 }], [{ uid: 'b' }, { uid: 'a', n: 2 }]), [
    { uid: 'a', n: 1 },
    { uid: 'b' },
  ]);
});
