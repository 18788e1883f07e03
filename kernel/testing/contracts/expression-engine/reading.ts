import type { Path } from '../../../plugin.js';
import { entryOf } from './dialect.js';
import { type Contract, isLacking } from './harness.js';
import { type Reading, type ReadingCase, readingCases } from './reading-cases.js';

/** What a program tells of what it reads, without being evaluated. */
export function reading({ test, dialect }: Contract): void {
  for (const [name, expected] of Object.entries(readingCases) as [ReadingCase, Reading][]) {
    const source = entryOf(dialect.reading, name);
    if (isLacking(source)) continue;
    test(`what is read is known beforehand: ${name}: ${source}`, async (t, engine) => {
      const { reads, tests, gives } = engine.compile(source);
      t.deepEqual(sorted(reads), sorted(expected.reads), 'reads');
      t.deepEqual(
        sorted(tests ?? []),
        dialect.untold?.tests === undefined ? sorted(expected.tests ?? []) : [],
        'tests',
      );
      t.deepEqual(
        sorted(gives ?? []),
        dialect.untold?.gives === undefined ? sorted(expected.gives ?? []) : [],
        'gives',
      );
    });
  }

  const path = dialect.member('inputs', 'a');

  test('a program knows its source', async (t, engine) => {
    const source = ` ${engine.whole(path)}\n`;
    t.is(engine.compile(source).source, source);
  });

  test('what a program tells does not depend on evaluations', async (t, engine) => {
    const program = engine.compile(engine.whole(path));
    const before = JSON.stringify(program.reads);
    await engine.evaluate(engine.whole(path), { inputs: { a: 1 } });
    t.is(JSON.stringify(program.reads), before);
    t.deepEqual(engine.compile(engine.whole(path)).reads, program.reads);
  });
}

function sorted(paths: readonly Path[]): readonly string[] {
  return paths.map((path) => JSON.stringify(path)).sort();
}
