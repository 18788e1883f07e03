import { Budget, ExpressionEvaluationError, ExpressionSyntaxError, type Json } from '../../../plugin.js';
import { entryOf } from './dialect.js';
import { type Contract, isDiffering, isExpressionError, isPlainJson, sourceOf } from './harness.js';
import { type Expected, type SharedCase, sharedCases, sharedScope } from './shared-cases.js';

/** The same meaning gives the same value in every language; where it does not, the dialect says so and is held to that. */
export function shared({ test, dialect }: Contract): void {
  for (const [name, expected] of Object.entries(sharedCases) as [SharedCase, Expected][]) {
    const entry = entryOf(dialect.shared, name);
    const source = sourceOf(entry);
    if (source === undefined) continue;
    const here = isDiffering(entry) ? expectedOf(entry.gives) : expected;
    test(`${name}: ${source}`, async (t, engine) => {
      if ('gives' in here) {
        const value = await engine.evaluate(source, sharedScope);
        t.deepEqual(value, here.gives, `${source} gives another value than it does in the other languages`);
        t.true(isPlainJson(value), 'plain JSON');
        if (isDiffering(entry)) t.notDeepEqual(expected, here, 'what is said to differ does not');
        return;
      }
      const error = await engine.failure(source, sharedScope);
      const type = isDiffering(entry) ? isExpressionError(error) : error instanceof ExpressionEvaluationError;
      t.true(type, `${source} should throw an ExpressionEvaluationError, not ${String(error)}`);
      if (isDiffering(entry)) t.true('gives' in expected, 'what is said to differ does not');
    });
  }

  test('every value is the same each time, and each time from the start', async (t, engine) => {
    for (const name of Object.keys(sharedCases) as SharedCase[]) {
      const source = sourceOf(entryOf(dialect.shared, name));
      if (source === undefined) continue;
      const program = compiled(() => engine.compile(source));
      if (program === undefined) continue;
      const once = async () => program.evaluate(structuredClone(sharedScope), new Budget());
      const [first, second] = await Promise.allSettled([once(), once()]);
      const third = await Promise.allSettled([once()]);
      t.deepEqual(second, first, name);
      t.deepEqual(third[0], first, name);
    }
  });
}

function expectedOf(gives: Json | undefined): Expected {
  return gives === undefined ? { fails: true } : { gives };
}

function compiled<T>(compile: () => T): T | undefined {
  try {
    return compile();
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return undefined;
    throw error;
  }
}
