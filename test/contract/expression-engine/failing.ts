import { inspect } from 'node:util';
import {
  DEFAULT_DOCUMENT_LIMITS,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  standardLibrary,
} from 'koreo-kernel';
import type { Faulty } from './dialect.js';
import { faultCases, isLeak, secretScope, syntaxCases } from './fault-cases.js';
import { type Contract, isExpressionError, isLacking } from './harness.js';

/** Errors have a type, a place, and never a value of the scope. */
export function failing({ test, dialect }: Contract): void {
  for (const name of syntaxCases) {
    const entry = dialect.syntax[name];
    if (isLacking(entry)) continue;
    test(`${name} is told when it is compiled, with its place: ${JSON.stringify(entry.source)}`, async (t, engine) => {
      const error = t.throws(() => engine.compile(entry.source), { instanceOf: ExpressionSyntaxError });
      t.is(error?.code, 'expression-syntax');
      t.deepEqual(error && [error.position.line, error.position.column], entry.at as [number, number]);
      t.not(error?.message, '');
    });
  }

  for (const name of faultCases) {
    const entry = dialect.faults[name];
    if (isLacking(entry)) continue;
    test(`${name} is told without any data: ${entry.source}`, async (t, engine) => {
      const error = await engine.failure(entry.source, secretScope);
      t.true(error instanceof ExpressionEvaluationError, String(error));
      t.not(error.message, '');
      // With causes and all else that a log might print.
      t.false(isLeak(inspect(error, { depth: 10, showHidden: true })), error.message);
      t.deepEqual(placeOf(error), entry.at);
    });
  }

  test('a source has as many characters as the limit says, and no more', async (t, engine) => {
    const { expressionCharacters } = DEFAULT_DOCUMENT_LIMITS;
    t.is(await engine.evaluate(`1${' '.repeat(expressionCharacters - 1)}`), 1);
    t.throws(() => engine.compile(`1${' '.repeat(expressionCharacters)}`), {
      instanceOf: ExpressionSyntaxError,
      message: /20000 characters \(limits\.expressionCharacters\)/,
    });
  });

  test('brackets stand inside one another as deep as the limit says, and no deeper', async (t, engine) => {
    const nested = (depth: number): string => `${'('.repeat(depth)}1${')'.repeat(depth)}`;
    const levels = dialect.nesting?.levels ?? DEFAULT_DOCUMENT_LIMITS.expressionNesting;
    t.is(await engine.evaluate(nested(levels)), 1);
    const error = t.throws(() => engine.compile(nested(levels + 1)), { instanceOf: ExpressionSyntaxError });
    t.regex(error?.message ?? '', new RegExp(`deeper than ${levels} levels`));
    if (dialect.nesting === undefined) t.regex(error?.message ?? '', /limits\.expressionNesting/);
  });

  test("limits are the kernel's when it gives some", async (t) => {
    const compile = (source: string) =>
      dialect.engine().compile(source, standardLibrary(), { expressionCharacters: 10, expressionNesting: 3 });
    t.notThrows(() => compile('(((1)))'));
    t.throws(() => compile('((((1))))'), { instanceOf: ExpressionSyntaxError });
    t.throws(() => compile('1          '), { instanceOf: ExpressionSyntaxError });
  });

  test('a source that is all brackets, or one that never ends, is a fault and no crash', async (t, engine) => {
    for (const part of ['(', '[', '{', '((', '[{', '-', '!', '1+', '1 ? ', 'a.', 'a[', '"', '\\', '\u0000', '$', '`']) {
      for (const count of [1, 199, 200, 201, 2_500, 10_000, 20_000]) {
        const error = await engine.failure(part.repeat(count));
        t.true(isExpressionError(error), `${part} ${count} times: ${error}`);
      }
    }
  });
}

function placeOf({ position }: ExpressionEvaluationError | (Error & { position?: undefined })): Faulty['at'] {
  return position === undefined ? 'unknown' : [position.line, position.column];
}
