import test from 'ava';
import { formatProblem } from 'koreo-kernel';
import { type CaseResult, runFunctionTest } from 'koreo-kernel/testing';
import { CaseDefinitions } from './support/case-definitions.js';
import { sourceFiles } from './support/source-files.js';

const files = sourceFiles('test/language/function-tests', '.koreo');

for (const file of files) {
  const definitions = new CaseDefinitions();
  definitions.add(file.documents);

  test(`${file.name}: everything prepares`, (t) => {
    const unready = [...definitions.lookup.entries()].filter(({ status }) => status !== 'ready');
    t.deepEqual(unready, [], [...file.problems, ...definitions.problems].map(formatProblem).join('\n'));
    t.deepEqual(file.problems, []);
  });

  for (const functionTest of definitions.functionTests) {
    test(`${file.name}: ${functionTest.name}`, async (t) => {
      const { cases } = await runFunctionTest(functionTest, { definitions: definitions.lookup });
      t.true(cases.length > 0, 'a test without cases shows nothing');
      for (const one of cases)
        t.is(one.result, functionTest.cases.find(isSkipped(one)) ? 'skipped' : 'pass', told(one));
    });
  }
}

test('no test is hidden by another of its name', (t) => {
  const written = files.flatMap(({ documents }) => documents.filter(({ value }) => value?.kind === 'FunctionTest'));
  const names = written.map(({ value }) => JSON.stringify(value?.metadata));
  t.deepEqual([...new Set(names)], names);
  t.true(names.length >= 100, `${names.length}`);
});

function isSkipped(result: CaseResult) {
  return (testCase: { readonly label: string; readonly skip: boolean }) =>
    testCase.label === result.label && testCase.skip;
}

function told({ label, message, differences, outcome }: CaseResult): string {
  return `${label}: ${message ?? ''} ${JSON.stringify(differences)} ${JSON.stringify(outcome)}`;
}
