import assert from 'node:assert/strict';
import test from 'node:test';
import { dnsLabel } from './dns-label.js';

test('a text becomes lower case, with dashes for what a label cannot hold', () => {
  assert.equal(dnsLabel('Équipe Données', 63), 'equipe-donnees');
  assert.equal(dnsLabel('  Platform & Infrastructure! ', 63), 'platform-infrastructure');
  assert.equal(dnsLabel('ﬁrst №1', 63), 'first-no1');
});

test('a text without anything that a label can hold gives none', () => {
  for (const text of ['', ' ', '---', '数据', '😀']) assert.equal(dnsLabel(text, 63), undefined);
});

test('a label is a label already', () => {
  for (const label of ['a', 'web-1', 'x'.repeat(63)]) assert.equal(dnsLabel(label, 63), label);
});

test('a long text is shortened to the last character, and differs from another that begins alike', () => {
  const [one = '', two = ''] = ['one', 'two'].map((end) => dnsLabel(`${'department-'.repeat(9)}${end}`, 40));
  assert.equal(one.length, 40);
  assert.match(one, /^department-department-departmen-[0-9a-f]{8}$/);
  assert.notEqual(one, two);
});

test('a shortened text is a label at every length', () => {
  for (let length = 16; length <= 63; length++) {
    const label = dnsLabel('a b '.repeat(40), length) ?? '';
    assert.ok(label.length <= length);
    assert.match(label, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    assert.doesNotMatch(label, /--/);
  }
});
