import test from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { CaseDefinitions } from './support/case-definitions.js';
import { CaseWorld } from './support/case-world.js';
import { checkRun } from './support/check-run.js';
import { mappingsIn, type SourceFile, sourceFiles } from './support/source-files.js';
import { expectationsOf, isWorkflowCase, type WorkflowCase } from './support/workflow-case.js';

/** The name of the Workflow that a case's steps make. */
const UNDER_TEST = 'under-test.v1';

for (const file of sourceFiles('test/language/workflows', '.yaml')) {
  for (const mapping of mappingsIn(file).filter(isWorkflowCase)) {
    const one = mapping as unknown as WorkflowCase;
    test(`${file.name}: ${one.name}`, async (t) => {
      const definitions = definitionsFor(file, one.steps);
      t.deepEqual(definitions.faults, []);
      const world = new CaseWorld(one);
      for (const expected of expectationsOf(one)) {
        checkRun(t, await world.run(definitions.workflow(UNDER_TEST), definitions.lookup), expected, world);
      }
      if (one.atOnce !== undefined) t.is(world.mostAtOnce, one.atOnce.most);
    });
  }
}

test('every file of cases can be read', (t) => {
  t.deepEqual(
    sourceFiles('test/language/workflows', '.yaml').flatMap(({ problems }) => problems),
    [],
  );
});

function definitionsFor(file: SourceFile, steps: readonly JsonObject[]): CaseDefinitions {
  const definitions = new CaseDefinitions();
  definitions.add(file.documents.filter(({ value }) => value !== undefined && !isWorkflowCase(value)));
  definitions.addMapping({
    apiVersion: 'koreo.dev/v1beta1',
    kind: 'Workflow',
    metadata: { name: UNDER_TEST, namespace: 'tests' },
    spec: { crdRef: { apiGroup: 'tests.example.com', version: 'v1', kind: 'Order' }, steps },
  });
  return definitions;
}
