import type { Problem } from '../../kernel/index.js';
import type { CaseVerdict, FunctionTestResult } from '../../kernel/testing/index.js';

/** What a run of FunctionTests came to. */
export interface TestReport {
  readonly tests: readonly FunctionTestResult[];
  /** What keeps definitions from being used, and tests from being run. */
  readonly problems: readonly Problem[];
  readonly durationMs: number;
}

/** How many cases came to what. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly notRun: number;
}

/** Counts the cases of all tests. */
export function summarize({ tests }: TestReport): TestSummary {
  const verdicts = tests.flatMap(({ cases }) => cases.map(({ result }) => result));
  const count = (verdict: CaseVerdict): number => verdicts.filter((one) => one === verdict).length;
  return { passed: count('pass'), failed: count('fail'), skipped: count('skipped'), notRun: count('not-run') };
}

/** A test as people name it: `namespace/name`. */
export function testName({ namespace, name }: FunctionTestResult): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
