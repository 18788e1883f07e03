import type { EvaluationLimit } from '../../../plugin.js';

interface BudgetExpectation {
  /** The limits that may be the ones to end it. */
  readonly limits: readonly EvaluationLimit[];
}

/** Expressions that would go on, or grow, beyond any measure, over the scope of budgets. */
export const budgetCases = {
  'loops inside loops': { limits: ['evaluationSteps'] },
  'a text that grows': { limits: ['stringBytes', 'evaluationSteps'] },
  'a list that grows': { limits: ['listItems', 'evaluationSteps'] },
  'a text that is replaced by longer ones': { limits: ['stringBytes', 'evaluationSteps'] },
  'a result that holds one large value many times': { limits: ['evaluationSteps', 'listItems'] },
  'a limit that something could absorb': { limits: ['evaluationSteps'] },
} as const satisfies Readonly<Record<string, BudgetExpectation>>;

export type BudgetCase = keyof typeof budgetCases | 'a cheap loop';

const items = Array.from({ length: 1_000 }, (_, index) => index);

/** The scope of the expressions that go too far: 1,000 numbers, a long text, a wide mapping. */
export const budgetScope = {
  inputs: {
    items,
    big: 'x'.repeat(1_000_000),
    wide: Object.fromEntries(items.map((index) => [`k${index}`, index])),
  },
};
