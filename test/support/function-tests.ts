import { type FunctionTestResult, runFunctionTest } from 'koreo-kernel/testing';
import { definitionsOf } from './definitions.js';

/** Runs a FunctionTest of the function `f`, given as text, over these cases. */
export function runCases(functionText: string, cases: string, more = ''): Promise<FunctionTestResult> {
  const kind = functionText.includes('kind: ResourceFunction') ? 'ResourceFunction' : 'ValueFunction';
  const definitions = definitionsOf(
    [
      functionText.trim(),
      '---',
      'kind: FunctionTest',
      'metadata: {name: checks}',
      'spec:',
      `  functionRef: {kind: ${kind}, name: f}`,
      more.replace(/^(?=.)/gm, '  '),
      '  testCases:',
      cases.trim().replace(/^/gm, '  '),
    ].join('\n'),
  );
  return runFunctionTest(definitions.get('FunctionTest', 'checks'), { definitions });
}

/** The results of a test in short: `pass`, `fail`, `skipped`, `not-run`. */
export function verdicts({ cases }: FunctionTestResult): readonly string[] {
  return cases.map(({ result }) => result);
}

/** The first difference or message of each case that failed, as people would read it. */
export function complaints({ cases }: FunctionTestResult): readonly string[] {
  return cases
    .filter(({ result }) => result === 'fail')
    .map(({ message, differences }) => {
      const shown = differences.map(({ path, expected, actual }) => {
        return `${path}: ${JSON.stringify(expected)} ≠ ${JSON.stringify(actual)}`;
      });
      return [message, ...shown].join('; ');
    });
}
