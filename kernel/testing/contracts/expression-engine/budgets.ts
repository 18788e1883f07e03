import { type EvaluationLimits, LimitExceededError, RunBudget } from '../../../plugin.js';
import { type BudgetCase, budgetCases, budgetScope } from './budget-cases.js';
import { entryOf } from './dialect.js';
import { type Contract, isLacking } from './harness.js';

const LIMITS: EvaluationLimits = {
  evaluationSteps: 100_000,
  runSteps: 1_000_000,
  stringBytes: 2_000_000,
  listItems: 5_000,
};

/** Nothing goes beyond a budget, and nothing in the language can catch its end. */
export function budgets({ test, dialect }: Contract): void {
  for (const [name, { limits }] of Object.entries(budgetCases) as [
    keyof typeof budgetCases,
    { limits: readonly string[] },
  ][]) {
    const source = entryOf(dialect.budgets, name);
    if (isLacking(source)) continue;
    test(`${name} ends within its budget: ${source}`, async (t, engine) => {
      const error = await engine.failure(source, budgetScope, new RunBudget(LIMITS).evaluation());
      t.true(error instanceof LimitExceededError, String(error));
      if (!(error instanceof LimitExceededError)) return;
      t.true(limits.includes(error.limit), error.limit);
      t.is(error.maximum, LIMITS[error.limit]);
    });
  }

  const loop = entryOf(dialect.budgets, 'a cheap loop' satisfies BudgetCase);
  // Nothing is done again and again where there are no loops.
  if (isLacking(loop)) return;

  test('an evaluation has its own steps, and all of a run share those of the run', async (t, engine) => {
    const run = new RunBudget({ ...LIMITS, runSteps: 30_000 });
    const program = engine.compile(loop);
    const rounds = async (): Promise<void> => {
      for (let round = 0; round < 1_000; round++) await program.evaluate(budgetScope, run.evaluation());
    };
    const error = await t.throwsAsync(rounds(), { instanceOf: LimitExceededError });
    t.is(error instanceof LimitExceededError && error.limit, 'runSteps');
    // Another run is not affected.
    await program.evaluate(budgetScope, new RunBudget(LIMITS).evaluation());
  });

  test('the same work costs the same each time', async (t, engine) => {
    const enough = async (evaluationSteps: number): Promise<boolean> => {
      const budget = new RunBudget({ ...LIMITS, evaluationSteps }).evaluation();
      return engine.evaluate(loop, budgetScope, budget).then(
        () => true,
        () => false,
      );
    };
    let [low, high] = [0, LIMITS.evaluationSteps];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (await enough(middle)) high = middle;
      else low = middle;
    }
    t.true(high >= budgetScope.inputs.items.length, `every item is counted, and all cost ${high}`);
    for (let round = 0; round < 3; round++) {
      t.true(await enough(high));
      t.false(await enough(high - 1));
    }
  });
}
