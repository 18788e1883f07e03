import test from 'ava';
import { safeName, shortHash, slug } from '../../../adapters/files/safe-name.js';
import { fc } from '../../support/property.js';

const SAFE = /^[A-Za-z0-9_][A-Za-z0-9._~-]*$/;

test('plain names stay as they are', (t) => {
  for (const name of ['web', 'web-1', 'a.b', 'Deployment', 'x_y', '0', 'shop.example.com']) t.is(safeName(name), name);
});

test('what could harm keeps what is plain of it, and gets a hash', (t) => {
  t.regex(safeName('../../etc/passwd'), /^etc-passwd~[0-9a-f]{10}$/);
  t.regex(safeName('a/b'), /^a-b~[0-9a-f]{10}$/);
  for (const name of [
    '',
    '.',
    '..',
    '.git',
    'con',
    'NUL.txt',
    'trail.',
    '-x',
    'nul\0byte',
    'x'.repeat(300),
    '日本語',
    'a~b',
    'aux',
  ]) {
    t.regex(safeName(name), /~[0-9a-f]{10}$/, name);
  }
});

test('every name is safe, short, and belongs to one text', (t) => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 300 }),
      (a, b) => {
        for (const text of [a, b]) {
          t.regex(safeName(text), SAFE);
          t.true(safeName(text).length <= 100);
          t.regex(slug(text), /^[A-Za-z0-9._-]+$/);
        }
        t.is(safeName(a) === safeName(b), a === b);
        t.is(shortHash(a) === shortHash(b), a === b);
      },
    ),
  );
});

test('texts that UTF-8 cannot tell apart are told apart', (t) => {
  t.not(safeName('\ud800'), safeName('\ud801'));
});
