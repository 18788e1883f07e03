import { resolve } from 'node:path';
import { ExitCode } from '../exit-code.js';
import type { Session } from '../session.js';
import { printNext, writeProject } from './project-template.js';

/** Makes the starter project in a folder and says how to go on. @throws UsageError when a file is in the way */
export async function makeProject(session: Session, directory: string): Promise<ExitCode> {
  const target = resolve(session.cwd, directory);
  await writeProject(session, { example: 'starter' }, target);
  printNext(session, target, [
    'koreo test     the tests of its functions',
    'koreo run      watch it work; edit data/people.json meanwhile',
  ]);
  return ExitCode.ok;
}
