import { inspect } from 'node:util';
import { DEFAULT_DOCUMENT_LIMITS, ExpressionEvaluationError } from '../../../plugin.js';
import { type Dialect, entryOf, type Faulty } from './dialect.js';
import { faultCases, isLeak, secretScope, syntaxCases } from './fault-cases.js';
import { type Contract, type EngineUnderTest, isExpressionError, isLacking } from './harness.js';

/** Errors have a type, a place, and never a value of the scope. */
export function failing({ test, dialect }: Contract): void {
  for (const name of syntaxCases) {
    const entry = entryOf(dialect.syntax, name);
    if (isLacking(entry)) continue;
    test(`${name} is told when it is compiled, with its place: ${JSON.stringify(entry.source)}`, async (t, engine) => {
      const { code, message, position } = engine.refusal(entry.source);
      t.is(code, 'expression-syntax');
      t.deepEqual([position.line, position.column], entry.at, message);
      t.not(message, '');
    });
  }

  for (const name of faultCases) {
    const entry = entryOf(dialect.faults, name);
    if (isLacking(entry)) continue;
    test(`${name} is told without any data: ${entry.source}`, async (t, engine) => {
      const error = await engine.failure(entry.source, secretScope);
      t.true(error instanceof ExpressionEvaluationError, String(error));
      t.not(error.message, '');
      // With causes and all else that a log might print.
      t.false(
        isLeak(inspect(error, { depth: 10, showHidden: true })),
        `${error.message}, or its cause, quotes a value`,
      );
      t.deepEqual(placeOf(error), entry.at, error.message);
    });
  }

  test('a source has as many characters as the limit says, and no more', async (t, engine) => {
    const { expressionCharacters } = DEFAULT_DOCUMENT_LIMITS;
    const { source, value } = sized(dialect, engine, expressionCharacters);
    t.is(await engine.evaluate(source), value);
    const { message } = engine.refusal(sized(dialect, engine, expressionCharacters + 1).source);
    t.regex(message, /20000 characters \(limits\.expressionCharacters\)/, 'as long as the kernel gives no limits');
  });

  test("the limit on characters is the kernel's when it gives one", async (t, engine) => {
    const limits = { expressionCharacters: sized(dialect, engine, 0).source.length + 10, expressionNesting: 3 };
    engine.compile(sized(dialect, engine, limits.expressionCharacters).source, limits);
    const error = engine.refusal(sized(dialect, engine, limits.expressionCharacters + 1).source, limits);
    t.regex(error.message, /limits\.expressionCharacters/);
  });

  nesting({ test, dialect });

  test('a source that is all brackets, or one that never ends, is a fault and no crash', async (t, engine) => {
    for (const part of ['(', '[', '{', '((', '[{', '-', '!', '1+', '1 ? ', 'a.', 'a[', '"', '\\', '\u0000', '$', '`']) {
      for (const count of [1, 199, 200, 201, 2_500, 10_000, 20_000]) {
        const error = await engine.failure(engine.whole(part.repeat(count)));
        t.true(isExpressionError(error), `${part} ${count} times: ${error}`);
      }
    }
  });
}

function nesting({ test, dialect }: Contract): void {
  if (dialect.brackets === undefined) return;
  const nested = (depth: number): string => {
    let expression = '1';
    for (let level = 0; level < depth; level++) expression = dialect.brackets?.(expression) ?? expression;
    return dialect.whole?.(expression) ?? expression;
  };

  test('brackets stand inside one another as deep as the limit says, and no deeper', async (t, engine) => {
    const levels = dialect.nesting?.levels ?? DEFAULT_DOCUMENT_LIMITS.expressionNesting;
    t.is(await engine.evaluate(nested(levels)), 1);
    const { message } = engine.refusal(nested(levels + 1));
    t.regex(message, new RegExp(`deeper than ${levels} levels`));
    if (dialect.nesting === undefined) t.regex(message, /limits\.expressionNesting/);
  });

  test("the limit on brackets is the kernel's when it gives one", async (t, engine) => {
    const limits = { expressionCharacters: 1_000, expressionNesting: 3 };
    engine.compile(nested(3), limits);
    t.not(engine.refusal(nested(4), limits).message, '');
  });
}

/** A source of so many characters, or of as few as there can be, and its value: a text. */
function sized(
  { text }: Pick<Dialect, 'text'>,
  engine: EngineUnderTest,
  characters: number,
): { readonly source: string; readonly value: string } {
  const value = 'x'.repeat(Math.max(0, characters - engine.whole(text('')).length));
  return { source: engine.whole(text(value)), value };
}

function placeOf({ position }: ExpressionEvaluationError | (Error & { position?: undefined })): Faulty['at'] {
  return position === undefined ? 'unknown' : [position.line, position.column];
}
