import type { Json } from '../../kernel/index.js';
import type { CaseDifference, CaseResult, FunctionTestResult } from '../../kernel/testing/index.js';
import { problemLine } from '../problems.js';
import { formatTable } from '../table.js';
import type { Style } from '../terminal.js';
import { summarize, type TestReport, testName } from './test-report.js';

/** Values that are longer than this are shown below each other, not side by side. */
const SIDE_BY_SIDE = 48;
const NOTHING = '(nothing)';

/** The report for a person: what passed in a line, what failed with its place and all differences. */
export function textReport(report: TestReport, style: Style): readonly string[] {
  const { tests, problems } = report;
  return [
    ...tests.flatMap((test) => testLines(test, style)),
    ...(problems.length === 0 ? [] : ['', ...problems.map((problem) => problemLine(problem, style))]),
    '',
    summaryLine(report, style),
  ];
}

function testLines(test: FunctionTestResult, style: Style): readonly string[] {
  const failed = test.cases.some(({ result }) => result === 'fail');
  const name = style('bold', testName(test));
  const tested = style('dim', `${test.functionKind} ${test.function}, ${count(test.cases.length, 'case')}`);
  const head = `${headMark(test, style)} ${name} ${tested}`;
  const telling = test.cases.filter(({ result }) => failed || result !== 'pass');
  return [head, ...telling.flatMap((one) => caseLines(one, style))];
}

/** A test of which nothing was run did not pass. */
function headMark({ cases }: FunctionTestResult, style: Style): string {
  if (cases.some(({ result }) => result === 'fail')) return style('red', '✘');
  return cases.some(({ result }) => result === 'pass') ? style('green', '✔') : style('yellow', '-');
}

function caseLines(one: CaseResult, style: Style): readonly string[] {
  const { label, message } = one;
  const why = message === undefined ? '' : `: ${message}`;
  switch (one.result) {
    case 'pass':
      return [`    ${style('green', '✔')} ${label}`];
    case 'skipped':
      return [`    ${style('yellow', '-')} ${label} ${style('dim', `skipped${why}`)}`];
    case 'not-run':
      return [`    ${style('yellow', '-')} ${label} ${style('dim', `not run${why}`)}`];
    case 'fail':
      return [
        `    ${style('red', '✘')} ${style('bold', label)} ${style('dim', place(one))}`,
        ...(message === undefined ? [] : message.split('\n').map((line) => `        ${line}`)),
        ...differenceLines(one.differences, style).map((line) => `        ${line}`),
      ];
  }
}

function place({ location: { file, line } }: CaseResult): string {
  if (file === undefined) return '';
  return line === undefined ? `(${file})` : `(${file}:${line})`;
}

function differenceLines(differences: readonly CaseDifference[], style: Style): readonly string[] {
  if (differences.length === 0) return [];
  const rows = differences.map(({ path, expected, actual }) => ({
    path: path === '' ? '(the whole)' : path,
    expected: shown(expected),
    actual: shown(actual),
  }));
  if (rows.some(({ expected, actual }) => Math.max(expected.length, actual.length) > SIDE_BY_SIDE)) {
    return rows.flatMap(({ path, expected, actual }) => [
      path,
      `  expected ${style('green', expected)}`,
      `  actual   ${style('red', actual)}`,
    ]);
  }
  return formatTable([
    ['', 'expected', 'actual'].map((title) => style('dim', title)),
    ...rows.map(({ path, expected, actual }) => [path, style('green', expected), style('red', actual)]),
  ]);
}

function shown(value: Json | undefined): string {
  return value === undefined ? NOTHING : JSON.stringify(value);
}

function summaryLine(report: TestReport, style: Style): string {
  const { passed, failed, skipped, notRun } = summarize(report);
  const problems = report.problems.length;
  const parts = [
    failed > 0 ? style('red', `${failed} failed`) : '',
    passed > 0 ? style('green', `${passed} passed`) : '',
    skipped > 0 ? style('yellow', `${skipped} skipped`) : '',
    notRun > 0 ? style('yellow', `${notRun} not run`) : '',
    problems > 0 ? style('red', count(problems, 'problem')) : '',
  ].filter((part) => part !== '');
  const what = parts.length === 0 ? 'no tests' : parts.join(', ');
  return `${what} ${style('dim', `(${count(report.tests.length, 'test')}, ${(report.durationMs / 1000).toFixed(2)} s)`)}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
