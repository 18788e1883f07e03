import { formatPath, formatProblem, type Problem } from '../../kernel/index.js';
import type { CaseDifference, CaseResult, FunctionTestResult } from '../../kernel/testing/index.js';
import { summarize, type TestReport, testName } from './test-report.js';

/** The report as JUnit XML: a suite for each FunctionTest, and one with an error for each problem. */
export function junitReport(report: TestReport): string {
  const { passed, failed, skipped, notRun } = summarize(report);
  const counts = {
    tests: passed + failed + skipped + notRun + report.problems.length,
    failures: failed,
    errors: report.problems.length,
    skipped: skipped + notRun,
    time: (report.durationMs / 1000).toFixed(3),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    openTag('testsuites', { name: 'koreo', ...counts }),
    ...report.tests.flatMap(suite),
    ...problemSuite(report.problems),
    '</testsuites>',
  ].join('\n');
}

function suite(test: FunctionTestResult): readonly string[] {
  const { failed, skipped, notRun } = summarize({ tests: [test], problems: [], durationMs: 0 });
  const name = testName(test);
  const counts = { tests: test.cases.length, failures: failed, errors: 0, skipped: skipped + notRun };
  return [
    `  ${openTag('testsuite', { name, ...counts })}`,
    ...test.cases.flatMap((one) => testCase(one, name)),
    '  </testsuite>',
  ];
}

function testCase(one: CaseResult, classname: string): readonly string[] {
  const { file, line } = one.location;
  const tag = openTag('testcase', { name: one.label, classname, file, line });
  const body = verdict(one);
  return body === undefined ? [`    ${tag}</testcase>`] : [`    ${tag}`, `      ${body}`, '    </testcase>'];
}

function verdict({ result, message, differences }: CaseResult): string | undefined {
  switch (result) {
    case 'pass':
      return undefined;
    case 'fail':
      return `${openTag('failure', { message: message ?? 'failed' })}${escapeXml(differences.map(difference).join('\n'))}</failure>`;
    case 'skipped':
      return `${openTag('skipped', { message: message ?? 'skipped' })}</skipped>`;
    case 'not-run':
      return `${openTag('skipped', { message: message ?? 'not run' })}</skipped>`;
  }
}

function difference({ path, expected, actual }: CaseDifference): string {
  return `${path === '' ? '(the whole)' : path}: expected ${JSON.stringify(expected)}, actual ${JSON.stringify(actual)}`;
}

function problemSuite(problems: readonly Problem[]): readonly string[] {
  if (problems.length === 0) return [];
  const counts = { tests: problems.length, failures: 0, errors: problems.length, skipped: 0 };
  return [
    `  ${openTag('testsuite', { name: 'problems', ...counts })}`,
    ...problems.flatMap(problemCase),
    '  </testsuite>',
  ];
}

function problemCase(problem: Problem): readonly string[] {
  const { location, subject } = problem;
  const path = location === undefined ? '' : formatPath(location.path);
  const name = [subject ?? location?.file, path].filter((part) => part !== undefined && part !== '').join(' ');
  return [
    `    ${openTag('testcase', { name, classname: 'problems', file: location?.file, line: location?.line })}`,
    `      ${openTag('error', { type: problem.code, message: formatProblem(problem) })}</error>`,
    '    </testcase>',
  ];
}

function openTag(tag: string, attributes: Readonly<Record<string, string | number | undefined>>): string {
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}="${escapeXml(String(value))}"`],
  );
  return `<${tag}${written.join('')}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Everything but the characters of XML 1.0; with the flag `u` a lone surrogate is one of them. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Text for an attribute or an element. What XML 1.0 cannot say at all becomes the replacement character. */
function escapeXml(text: string): string {
  return text.replace(NOT_XML, '\uFFFD').replace(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? character);
}
