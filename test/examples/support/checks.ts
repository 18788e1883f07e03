import type { ExecutionContext } from 'ava';
import { koreoProcess } from '../../support/koreo.js';
import { footprint } from './example.js';

/** Its definitions are right, and its FunctionTests pass, as a user sees it. */
export async function checkTestsAndDefinitions(t: ExecutionContext, folder: string): Promise<void> {
  const validated = await koreoProcess(['validate'], { cwd: folder });
  t.is(validated.code, 0, validated.stdout + validated.stderr);
  const tested = await koreoProcess(['test', '-o', 'json'], { cwd: folder });
  t.is(tested.code, 0, tested.stdout + tested.stderr);
  const { summary, problems } = JSON.parse(tested.stdout);
  t.true(summary.passed > 0);
  t.deepEqual({ ...summary, passed: 0 }, { passed: 0, failed: 0, skipped: 0, notRun: 0 });
  t.deepEqual(problems, []);
}

/** Runs until nothing is left to do, and once more: then nothing at all may be written. */
export async function checkConvergence(t: ExecutionContext, folder: string, expectedCode = 0): Promise<void> {
  const first = await koreoProcess(['run', '--once'], { cwd: folder });
  t.is(first.code, expectedCode, first.stdout + first.stderr);
  const before = footprint(folder);
  const second = await koreoProcess(['run', '--once'], { cwd: folder });
  t.is(second.code, expectedCode, second.stdout + second.stderr);
  t.deepEqual(footprint(folder), before);
}
