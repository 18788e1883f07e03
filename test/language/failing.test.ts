import test, { type ExecutionContext } from 'ava';
import { formatProblem, type JsonObject } from 'koreo-kernel';
import { type CaseResult, runFunctionTest } from 'koreo-kernel/testing';
import { CaseDefinitions } from './support/case-definitions.js';
import { mappingsIn, sourceFiles } from './support/source-files.js';

/** What a case must come to: label, result, and for one that fails because of a difference, where. */
type ExpectedCase = readonly [label: string, result: CaseResult['result'], path?: string];

const FOLDER = 'test/language/failing';
const expectations = sourceFiles(FOLDER, '.yaml').flatMap(mappingsIn);
const definitions = new CaseDefinitions();
for (const file of sourceFiles(FOLDER, '.koreo')) definitions.add(file.documents);

test('everything that is to fail prepares', (t) => {
  t.deepEqual(definitions.problems.map(formatProblem), []);
  const names = definitions.functionTests.map(({ name }) => name);
  t.deepEqual(names.sort(), expectations.flatMap((mapping) => Object.keys(mapping)).sort());
});

for (const functionTest of definitions.functionTests) {
  test(`${functionTest.name}: fails where it must, and nowhere else`, async (t) => {
    const { cases } = await runFunctionTest(functionTest, { definitions: definitions.lookup });
    const expected = expectedOf(functionTest.name);
    t.deepEqual(
      cases.map(({ label, result }) => [label, result]),
      expected.map(([label, result]) => [label, result]),
    );
    for (const [index, found] of cases.entries()) checkWhy(t, found, expected[index]?.[2]);
  });
}

/** A failure says why, in a sentence or by what differs, and one of a difference says where. */
function checkWhy(t: ExecutionContext, found: CaseResult, path: string | undefined): void {
  const { label, result, message, differences } = found;
  if (result === 'fail') t.true(message !== undefined || differences.length > 0, label);
  if (result === 'pass') t.deepEqual(differences, [], label);
  if (path === undefined) return;
  t.is(differences[0]?.path, path, `${label}: ${JSON.stringify(differences)}`);
  t.notDeepEqual(differences[0]?.expected, differences[0]?.actual, label);
}

function expectedOf(name: string): readonly ExpectedCase[] {
  const found = expectations.map((mapping: JsonObject) => mapping[name]).find((value) => value !== undefined);
  return (found ?? []) as unknown as readonly ExpectedCase[];
}
