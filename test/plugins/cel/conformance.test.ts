import test from 'ava';
import { Budget, ExpressionEvaluationError, ExpressionSyntaxError, standardLibrary } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';
import type { Value } from '../../../plugins/cel/values/value.js';
import { knownFailures } from './conformance/known-failures.js';
import { needsProtobuf, type OfficialCase, officialCases } from './conformance/official-case.js';
import { show, toValue } from './conformance/official-value.js';

const engine = celEngine();
const library = standardLibrary();
const all = officialCases();
const core = all.filter((official) => !needsProtobuf(official));

/** What is wrong; undefined when the case passes. */
function failureOf({ test: { expr, bindings, resultMatcher } }: OfficialCase): string | undefined {
  const scope: Record<string, Value> = {};
  for (const [name, { kind }] of Object.entries(bindings)) if (kind.case === 'value') scope[name] = toValue(kind.value);
  const actual = outcomeOf(expr, scope);
  switch (resultMatcher.case) {
    case 'value':
      return differs(actual, show(toValue(resultMatcher.value)));
    case 'evalError':
      return actual.startsWith('error: ') ? undefined : `expected an error, got ${actual}`;
    case undefined:
      return differs(actual, 'bool true');
    default:
      return `cannot check a result of kind ${resultMatcher.case}`;
  }
}

function outcomeOf(expr: string, scope: Record<string, Value>): string {
  try {
    return show(engine.compile(expr, library).evaluateToValue(scope, new Budget()));
  } catch (error) {
    if (error instanceof ExpressionEvaluationError || error instanceof ExpressionSyntaxError)
      return `error: ${error.message}`;
    throw error;
  }
}

function differs(actual: string, expected: string): string | undefined {
  return actual === expected ? undefined : `expected ${expected}, got ${actual}`;
}

test("CEL's official cases pass, but for the listed ones", (t) => {
  const failures = new Map(core.map((official) => [official, failureOf(official)] as const));
  const unexpected: string[] = [];
  let failed = 0;
  for (const [{ id, test: official }, failure] of failures) {
    if (failure !== undefined) failed++;
    if (failure !== undefined && !knownFailures.has(id)) unexpected.push(`${id}: ${official.expr}: ${failure}`);
    if (failure === undefined && knownFailures.has(id)) unexpected.push(`${id} is listed as failing, and passes`);
  }
  t.log(
    `${all.length} cases, ${all.length - core.length} about protocol buffers; of ${core.length}, ${core.length - failed} pass`,
  );
  t.deepEqual(unexpected, []);
  t.true(failed <= core.length / 100, 'at least 99 % pass');
});

test('every listed failure is a case that is run', (t) => {
  const ids = new Set(core.map(({ id }) => id));
  t.deepEqual(
    [...knownFailures.keys()].filter((id) => !ids.has(id)),
    [],
  );
});
