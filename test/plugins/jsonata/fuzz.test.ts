import test from 'ava';
import reference from 'jsonata';
import {
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  freezeDeep,
  type Json,
  LimitExceededError,
  standardLibrary,
} from 'koreo-kernel';
import { jsonataEngine } from 'koreo-kernel/plugins/jsonata';
import { isPlainJson } from '../../../kernel/testing/contracts/expression-engine/harness.js';
import { fc } from '../../support/property.js';
import { arbitraryExpression, scope } from './arbitrary-expression.js';
import { evaluate } from './evaluate.js';

/** JSONata loses regular expressions on the left side of `??` and `?:`. */
const BROKEN_THERE = /\/.*\/i?[^/]*\?[?:]/s;

/** What JSONata fails with where there is a value here, and why that is so. */
const FAILS_THERE: Readonly<Record<string, string>> = {
  T0410: 'the types of all arguments are judged, also when the first is missing, and so it comes to nothing here',
  T0411: 'the same, of the context',
  T0412: 'the same, of the items of a list; and `$max` and `$min` of the library take strings',
  D3010: '`$replace` of the library takes an empty string for the pattern',
  TypeError:
    'it calls a function that was left out, or in a way that it cannot, or has lost its signature left of `??` and `?:`',
};

const library = standardLibrary();
const frozen = freezeDeep(structuredClone(scope));

test('any expression gives plain JSON or an error of ours, the same each time, and changes nothing', async (t) => {
  let values = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryExpression, async (source) => {
      const open = structuredClone(scope);
      const [first, second] = await Promise.allSettled([evaluate(source, frozen), evaluate(source, open)]);
      t.deepEqual(second, first, source);
      t.deepEqual(open, scope, source);
      if (first.status === 'rejected') return isOurs(first.reason);
      values++;
      return isPlainJson(first.value);
    }),
    { numRuns: 1_500 },
  );
  t.true(values > 200, `only ${values} of the expressions give a value`);
});

test('what gives a value means what it means in JSONata by itself', async (t) => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryExpression, async (source) => {
      const [ours] = await Promise.allSettled([evaluate(source, frozen)]);
      if (ours.status === 'rejected') return;
      if (BROKEN_THERE.test(source)) return;
      const work = reference(source, { timeout: 2_000, stack: 1_000, sequence: 10_000 });
      const open = structuredClone(scope);
      const [theirs] = await Promise.allSettled([work.evaluate(open)]);
      // JSONata puts an item into an empty list that it groups, and reads it from there later.
      if (JSON.stringify(open) !== JSON.stringify(scope)) return;
      if (theirs.status === 'rejected') {
        const { code, name } = theirs.reason as { readonly code?: string; readonly name?: string };
        if (Object.hasOwn(FAILS_THERE, code ?? name ?? '')) return;
        throw new Error(`JSONata fails: ${(theirs.reason as Error).message}`);
      }
      t.deepEqual(plain(ours.value), plain(theirs.value), source);
      compared++;
    }),
    { numRuns: 1_500 },
  );
  t.true(compared > 200, `only ${compared} of the expressions give a value`);
});

test('any text is a program, or an error with its place', (t) => {
  const words = [
    '$',
    'a',
    '.',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '"',
    "'",
    '`',
    '/',
    '*',
    '%',
    '|',
    '??',
    '?:',
    '?',
    ':',
    ';',
    ',',
  ];
  const pieces = fc.oneof(
    fc.constantFrom(...words, '~>', ':=', '^(', '@$x', '#$i', 'function($x){', '/*', '1', '-', ' ', '\n'),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const source = parts.join('');
      try {
        jsonataEngine().compile(source, library);
        return true;
      } catch (error) {
        return error instanceof ExpressionSyntaxError && error.position.line >= 1 && error.position.column >= 1;
      }
    }),
    { numRuns: 3_000 },
  );
  t.pass();
});

/** As JSON, with numbers of 15 digits: that is all that is left of them where JSONata copies what it transforms. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value), (_, item: Json) =>
    typeof item === 'number' ? Number(item.toPrecision(15)) : item,
  );
}

function isOurs(error: unknown): boolean {
  if (error instanceof ExpressionEvaluationError) return !error.message.startsWith('JSONata failed');
  return error instanceof ExpressionSyntaxError || error instanceof LimitExceededError;
}
