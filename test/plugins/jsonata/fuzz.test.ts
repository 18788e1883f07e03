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
import { isPlainJson } from '../../contract/expression-engine/harness.js';
import { fc } from '../../support/property.js';
import { arbitraryExpression, scope } from './arbitrary-expression.js';
import { evaluate } from './evaluate.js';

/** JSONata loses regular expressions on the left side of `??` and `?:`. */
const BROKEN_THERE = /\/.*\/i?[^/]*\?[?:]/s;

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
      const [theirs] = await Promise.allSettled([work.evaluate(structuredClone(scope))]);
      if (theirs.status === 'rejected') {
        // JSONata judges all arguments of a call whose first is missing, and so comes to nothing here.
        if (/^T041[012]$/.test((theirs.reason as { code?: string }).code ?? '')) return;
        throw new Error(`JSONata fails: ${(theirs.reason as Error).message}`);
      }
      t.deepEqual(ours.value, plain(theirs.value), source);
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

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

function isOurs(error: unknown): boolean {
  if (error instanceof ExpressionEvaluationError) return !error.message.startsWith('JSONata failed');
  return error instanceof ExpressionSyntaxError || error instanceof LimitExceededError;
}
