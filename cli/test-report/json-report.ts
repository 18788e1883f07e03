import type { CaseResult, FunctionTestResult } from '../../kernel/testing/index.js';
import { problemRecord } from '../problems.js';
import { summarize, type TestReport } from './test-report.js';

/**
 * The report as `koreo test -o json` prints it; the shape is in docs/cli.md, and stays.
 * @param indent blanks for each level; 0 puts it on one line
 */
export function jsonReport(report: TestReport, indent: number): string {
  const { tests, problems } = report;
  const record = { tests: tests.map(testRecord), summary: summarize(report), problems: problems.map(problemRecord) };
  return JSON.stringify(record, null, indent);
}

function testRecord({ name, namespace, function: tested, cases }: FunctionTestResult): object {
  return { name, namespace, function: tested, cases: cases.map(caseRecord) };
}

function caseRecord({ label, variant, result, outcome, differences, message }: CaseResult): object {
  return { label, variant, result, outcome: outcome ?? null, differences, message: message ?? null };
}
