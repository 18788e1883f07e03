import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';

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
  t.deepEqual(packagesOf('cli/main.js'), ['commander', 'reflect-metadata']);
});

test('one expression loads its language, and nothing of stores, schemas and the loop', (t) => {
  t.deepEqual(packagesOf('cli/evaluation/evaluate-one.js'), ['re2js']);
  t.deepEqual(packagesOf('cli/evaluation/evaluate-lines.js'), ['re2js']);
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
