import test from 'ava';
import { nearest } from '../../../kernel/model/nearest.js';

const FIELDS = ['preconditions', 'locals', 'return', 'resourceTemplateRef'];

test('a word that was mistyped is guessed', (t) => {
  t.is(nearest('precondition', FIELDS), 'preconditions');
  t.is(nearest('retrun', FIELDS), 'return');
  t.is(nearest('Locals', FIELDS), 'locals');
  t.is(nearest('resourceTempalteRef', FIELDS), 'resourceTemplateRef');
});

test('a word that nothing is like is not guessed', (t) => {
  t.is(nearest('x', FIELDS), undefined);
  t.is(nearest('zzzzzz', FIELDS), undefined);
  t.is(nearest('locals', []), undefined);
});
