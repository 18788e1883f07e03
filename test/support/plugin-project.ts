import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ended } from './koreo.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Gives a project what `npm install` would, as links: this koreo-kernel, and what it was built with itself. */
export function linkDependencies(project: string): void {
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  link(ROOT, join(modules, 'koreo-kernel'));
  for (const name of ['rxjs', 'typescript', '@types/node']) link(join(ROOT, 'node_modules', name), join(modules, name));
  link(join(ROOT, 'node_modules/.bin/tsc'), join(modules, '.bin/tsc'));
  const main = join(ROOT, 'dist/cli/main.js');
  // Installing a package does that for its programs.
  chmodSync(main, 0o755);
  link(main, join(modules, '.bin/koreo'));
}

/** Runs a script of the project's package, as `npm run` does: with the programs of its dependencies on the path. */
export async function npm(args: readonly string[], { cwd }: { readonly cwd: string }): Promise<Ended> {
  // What a test runner wishes for programs that it starts is not meant for the project's.
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, FORCE_COLOR: _colour, ...env } = process.env;
  const running = spawn('npm', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  running.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(running, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
