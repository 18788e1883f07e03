import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';

/** The examples of the package; some of them are what new projects are made from, so that their tests run here. */
const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));

/** A project that new ones are made from. */
export interface ProjectTemplate {
  /** Its folder in the package's `examples`. */
  readonly example: string;
  /** What it is called, and what the new project is to be called in all of its files. */
  readonly rename?: { readonly from: string; readonly to: string };
}

/** npm packs no file of this name, so that the template's has another. */
const FILE_NAMES: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

/** Writes the project into the folder, and says so of each file. @throws UsageError when a file is in the way; nothing is written then */
export async function writeProject(session: Session, template: ProjectTemplate, target: string): Promise<void> {
  const source = join(EXAMPLES, template.example);
  const files = (await filesOf(source)).map((from) => ({ from, to: FILE_NAMES[from] ?? from }));
  await refuseOverwriting(
    target,
    files.map(({ to }) => to),
  );
  for (const { from, to } of files) await write(join(target, to), await rewritten(join(source, from), template));

  const { terminal } = session;
  const shown = relative(session.cwd, target);
  for (const { to } of files) terminal.print(`${terminal.style('green', 'made')} ${join(shown, to)}`);
}

/** What to type first in the new project, in the order in which to. */
export function printNext(session: Session, target: string, commands: readonly string[]): void {
  const { terminal } = session;
  const shown = relative(session.cwd, target);
  terminal.print('\nNext:');
  if (shown !== '') terminal.print(`  cd ${/\s/.test(shown) ? `'${shown}'` : shown}`);
  for (const command of commands) terminal.print(`  ${command}`);
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

async function rewritten(file: string, { rename }: ProjectTemplate): Promise<string> {
  const text = await readFile(file, 'utf8');
  return rename === undefined ? text : text.replaceAll(rename.from, rename.to);
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { flag: 'wx' });
}
