import { constants } from 'node:fs';
import { access, copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExitCode } from '../exit-code.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';

/** The project that is copied: an example that the package ships, and its tests run. */
const STARTER = fileURLToPath(new URL('../../../examples/starter', import.meta.url));

/** Copies the starter project into a folder and says how to go on. @throws UsageError when a file is in the way */
export async function makeProject(session: Session, directory: string): Promise<ExitCode> {
  const target = resolve(session.cwd, directory);
  const files = await filesOf(STARTER);
  await refuseOverwriting(target, files);
  for (const file of files) await copy(file, target);

  const { terminal } = session;
  const shown = relative(session.cwd, target);
  for (const file of files) terminal.print(`${terminal.style('green', 'made')} ${join(shown, file)}`);
  terminal.print('\nNext:');
  if (shown !== '') terminal.print(`  cd ${/\s/.test(shown) ? `'${shown}'` : shown}`);
  terminal.print('  koreo test     the tests of its functions');
  terminal.print('  koreo run      watch it work; edit data/people.json meanwhile');
  return ExitCode.ok;
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function refuseOverwriting(target: string, files: readonly string[]): Promise<void> {
  const taken = await Promise.all(files.map(async (file) => ((await isThere(join(target, file))) ? [file] : [])));
  const inTheWay = taken.flat();
  if (inTheWay.length === 0) return;
  throw new UsageError(
    `${inTheWay.join(', ')} would be written over in ${target}; name another folder: koreo init DIR`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

async function copy(file: string, target: string): Promise<void> {
  const to = join(target, file);
  await mkdir(dirname(to), { recursive: true });
  await copyFile(join(STARTER, file), to, constants.COPYFILE_EXCL);
}
