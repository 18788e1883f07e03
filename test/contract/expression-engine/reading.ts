import type { Path } from 'koreo-kernel';
import { type Contract, isLacking } from './harness.js';
import { type Reading, type ReadingCase, readingCases } from './reading-cases.js';

/** What a program tells of what it reads, without being evaluated. */
export function reading({ test, dialect }: Contract): void {
  for (const [name, expected] of Object.entries(readingCases) as [ReadingCase, Reading][]) {
    const source = dialect.reading[name];
    if (isLacking(source)) continue;
    test(`what is read is known beforehand: ${name}: ${source}`, async (t, engine) => {
      const { reads, tests, gives } = engine.compile(source);
      t.deepEqual(sorted(reads), sorted(expected.reads));
      t.deepEqual(sorted(tests ?? []), dialect.untold.tests === undefined ? sorted(expected.tests ?? []) : []);
      t.deepEqual(sorted(gives ?? []), dialect.untold.gives === undefined ? sorted(expected.gives ?? []) : []);
    });
  }

  test('a program knows its source', async (t, engine) => {
    t.is(engine.compile(' inputs.a\n').source, ' inputs.a\n');
  });

  test('what a program tells does not depend on evaluations', async (t, engine) => {
    const program = engine.compile('inputs.a');
    const before = JSON.stringify(program.reads);
    await engine.evaluate('inputs.a', { inputs: { a: 1 } });
    t.is(JSON.stringify(program.reads), before);
    t.deepEqual(engine.compile('inputs.a').reads, program.reads);
  });
}

function sorted(paths: readonly Path[]): readonly string[] {
  return paths.map((path) => JSON.stringify(path)).sort();
}
