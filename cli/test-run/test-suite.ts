import type { EvaluationLimits } from '../../kernel/index.js';
import { type CaseResult, type FunctionTestResult, runFunctionTest } from '../../kernel/testing/index.js';
import type { DefinitionSet, FoundTest } from '../definitions/definition-set.js';
import type { TestReport } from '../test-report/test-report.js';

/** Runs all tests of a set, one after the other, in their order. */
export async function runSuite(set: DefinitionSet, limits: EvaluationLimits): Promise<TestReport> {
  const start = performance.now();
  const tests: FunctionTestResult[] = [];
  for (const found of set.tests) {
    const run = found.waitingFor.length === 0;
    tests.push(run ? await runFunctionTest(found.test, { definitions: set.definitions, limits }) : notRun(found));
  }
  return { tests, problems: set.problems, durationMs: performance.now() - start };
}

/** What waits for a definition is a problem, told among the others; its cases are not run. */
function notRun({ test, waitingFor }: FoundTest): FunctionTestResult {
  const { name, namespace, functionRef, location, cases } = test;
  return {
    name,
    namespace,
    function: functionRef.name,
    functionKind: functionRef.kind,
    location,
    cases: cases.map(({ label, variant, location: place }): CaseResult => {
      return { label, variant, location: place, result: 'not-run', differences: [], message: waitingFor.join(', ') };
    }),
  };
}
