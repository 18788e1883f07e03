import test from 'ava';
import {
  Budget,
  indexOfText,
  LimitExceededError,
  lastIndexOfText,
  RunBudget,
  replaceText,
  searchSteps,
  splitText,
} from 'koreo-kernel';
import { fc } from '../../support/property.js';

/** Texts of few characters hold each other often; long ones are searched in one pass. */
const text = fc
  .tuple(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 40 }), fc.integer({ min: 0, max: 900 }))
  .map(([part, times]) => part.repeat(times));
const part = fc
  .tuple(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 4 }))
  .map(([piece, times]) => piece.repeat(times));

test('a part is found where the platform finds it, at any length', (t) => {
  fc.assert(
    fc.property(text, part, fc.nat(40_000), (whole, sought, from) => {
      t.is(indexOfText(whole, sought, from), whole.indexOf(sought, from));
      t.is(lastIndexOfText(whole, sought), whole.lastIndexOf(sought));
      t.is(lastIndexOfText(whole, sought, from), whole.lastIndexOf(sought, from));
    }),
    { numRuns: 500 },
  );
});

test('a text is split and its parts replaced as the platform does it', (t) => {
  fc.assert(
    fc.property(
      text,
      part,
      fc.string({ maxLength: 3 }),
      fc.integer({ min: 1, max: 5 }),
      (whole, sought, other, most) => {
        const pieces = whole.split(sought);
        t.deepEqual(splitText(whole, sought, new Budget()), pieces);
        t.deepEqual(
          splitText(whole, sought, new Budget(), most),
          pieces.length <= most ? pieces : [...pieces.slice(0, most - 1), pieces.slice(most - 1).join(sought)],
        );
        t.is(
          replaceText(whole, [sought, other], new Budget()),
          whole.replaceAll(sought, () => other),
        );
        const some = pieces.slice(0, most).concat(pieces.slice(most).join(sought));
        if (pieces.length > most) t.is(replaceText(whole, [sought, other], new Budget(), most), some.join(other));
      },
    ),
    { numRuns: 500 },
  );
});

test('what a search costs grows with both texts, and not with their product', (t) => {
  t.true(searchSteps(1_000_000, 1_000) < 2 * searchSteps(1_000_000, 10));
  t.true(searchSteps(2_000_000, 500_000) < 4 * searchSteps(1_000_000, 1_000));
});

test('a limit ends a split or a replacement before all of it is made', (t) => {
  const limits = { evaluationSteps: 100_000, runSteps: 100_000, stringBytes: 1_000, listItems: 10 };
  const budget = new RunBudget(limits).evaluation();
  t.is(t.throws<LimitExceededError>(() => splitText('a,'.repeat(20_000), ',', budget))?.limit, 'listItems');
  const error = t.throws<LimitExceededError>(() => replaceText('a'.repeat(900), ['a', 'bbb'], budget));
  t.true(error instanceof LimitExceededError);
  t.is(error?.limit, 'stringBytes');
});
