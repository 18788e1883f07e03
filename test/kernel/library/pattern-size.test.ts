import test from 'ava';
import { patternSize } from 'koreo-kernel';
import { RE2JS } from 're2js';
import { fc } from '../../support/property.js';

const piece = fc.letrec<{ piece: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      'a',
      '.',
      '\\d',
      '\\pL',
      '\\p{Greek}',
      '[a-z]',
      '[^]a]',
      '[[:alpha:]_]',
      '\\{',
      '\\(',
      '^',
      '$',
      '}',
    ),
    fc.tuple(tie('piece'), tie('piece')).map(([a, b]) => a + b),
    fc.tuple(tie('piece'), tie('piece')).map(([a, b]) => `(${a}|${b})`),
    fc
      .tuple(tie('piece'), fc.constantFrom('*', '+?', '?', '{3}', '{2,5}', '{0,7}', '{4,}'))
      .map(([a, b]) => `(?:${a})${b}`),
    tie('piece').map((a) => `(?P<name${a.length}>${a})`),
    tie('piece').map((a) => `(?i:${a})`),
  ),
})).piece;

test('the program of a pattern is never much larger than it was thought to be', (t) => {
  fc.assert(
    fc.property(piece, (pattern) => {
      let size: number;
      try {
        size = RE2JS.compile(pattern).programSize();
      } catch {
        return;
      }
      t.true(size <= 2 * patternSize(pattern) + 4, `${pattern}: ${size} and ${patternSize(pattern)}`);
    }),
    { numRuns: 1_000 },
  );
});

test('a group hides nothing, whatever it is called', (t) => {
  const repeated = 'x{1000}'.repeat(50);
  for (const group of [
    `(?P<name>${repeated}(?:y))`,
    `(?<name>${repeated}(?i:y))`,
    `(?i-s:${repeated})`,
    `(${repeated})`,
  ]) {
    t.true(patternSize(group) > 50_000, group);
  }
});

test('repetitions that are counted multiply', (t) => {
  t.true(patternSize('((x{100}){100}){100}') > 1_000_000);
  t.true(patternSize('(a|b){1000}') > 2_000);
  t.true(patternSize('[0-9]{1,3}(\\.[0-9]{1,3}){3}') < 30);
  t.true(patternSize('\\p{L}\\{5\\}[{9}]') < 20);
});
