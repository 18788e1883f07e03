import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { koreoProcess } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';

/** Every module that is loaded before anything runs: those of packages by name, ours as URLs. */
function loadedBy(entry: URL, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(entry.href)) return seen;
  seen.add(entry.href);
  const text = readFileSync(fileURLToPath(entry), 'utf8');
  for (const [, specifier = ''] of text.matchAll(/^(?:import|export)(?: [^'";]* from)? '([^']+)';$/gm)) {
    if (specifier.startsWith('.')) loadedBy(new URL(specifier, entry), seen);
    else seen.add(specifier);
  }
  return seen;
}

function packagesOf(path: string): readonly string[] {
  const modules = loadedBy(new URL(`../../${path}`, import.meta.url));
  return [...modules].filter((module) => !module.startsWith('file:') && !module.startsWith('node:')).sort();
}

test('the command line itself loads its parser and nothing else', (t) => {
  t.deepEqual(packagesOf('cli/main.js'), ['commander']);
});

test('one expression loads its language, and nothing of stores, schemas and the loop', (t) => {
  t.deepEqual(packagesOf('cli/evaluation/evaluate-one.js'), []);
  t.deepEqual(packagesOf('cli/evaluation/evaluate-lines.js'), []);
});

test('what a kernel runs on is found by this test', (t) => {
  const packages = packagesOf('cli/run/run-kernel.js');
  for (const name of ['rxjs', 'tsyringe', 'yaml', 'chokidar']) t.true(packages.includes(name), name);
});

test('the client of Kubernetes is loaded by those who use it, when they do', (t) => {
  const packages = packagesOf('cli/built-in-plugins.js');
  t.true(packages.includes('rxjs'));
  t.false(packages.includes('@kubernetes/client-node'));
  t.true(packagesOf('adapters/kubernetes/connection/complete-kube-config.js').includes('@kubernetes/client-node'));
});

/** The packages of which a call of `koreo` really loads something, ESM or not; and the folders of our own plug-ins. */
async function loadedByCall(t: ExecutionContext, ...args: readonly string[]): Promise<readonly string[]> {
  const folder = tempFolder(t);
  const { code, stderr } = await koreoProcess(args, {
    cwd: folder,
    env: { NODE_V8_COVERAGE: join(folder, 'coverage') },
  });
  t.is(code, 0, stderr);
  const names = readdirSync(join(folder, 'coverage')).flatMap((file) => {
    const text = readFileSync(join(folder, 'coverage', file), 'utf8');
    const { result } = JSON.parse(text) as { readonly result: readonly { readonly url: string }[] };
    return result.map(
      ({ url }) => /\/(?:node_modules|dist\/plugins)\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1],
    );
  });
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

test('an expression loads its own language and no other', async (t) => {
  t.deepEqual(await loadedByCall(t, 'eval', '=1+1'), ['cel', 'commander']);
  t.deepEqual(await loadedByCall(t, 'eval', '="a".matches("a+")'), ['cel', 'commander', 're2js']);
  const jsonata = await loadedByCall(t, 'eval', '1+1', '--language', 'jsonata');
  t.true(jsonata.includes('jsonata'));
  t.false(jsonata.includes('cel-js'));
});

test('a command that reads definitions loads no language that none is written in, and no plug-in that none names', async (t) => {
  const loaded = await loadedByCall(t, 'validate');
  t.true(loaded.includes('cel'));
  for (const name of ['jsonata', 'cel-js', 'http', 'undici']) t.false(loaded.includes(name), name);
});
