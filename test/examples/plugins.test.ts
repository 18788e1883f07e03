import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { koreoProcess, startKoreo } from '../support/koreo.js';
import { installKernel, pack, packKernel } from '../support/packed.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** A folder of somebody who has never seen this repository: koreo-kernel and the plug-in are installed there from packages. */
const home = mkdtempSync(join(tmpdir(), 'koreo-packed-'));
const main = join(home, 'node_modules/koreo-kernel/dist/cli/main.js');
const kernel = join(home, 'node_modules/koreo-kernel');

test.before('koreo-kernel is packed and installed', async (t) => {
  t.timeout(240_000);
  const { code, stderr } = await installKernel(home, await packKernel(home));
  t.is(code, 0, stderr);
});

test.after.always('all of it goes', () => rmSync(home, { recursive: true, force: true }));

test.serial('the package holds what it needs to work, and nothing of how it is made', async (t) => {
  t.deepEqual(readdirSync(join(kernel, 'dist')).sort(), ['adapters', 'cli', 'config', 'kernel', 'plugins']);
  for (const file of ['README.md', 'LICENSE', 'package.json', 'examples/starter/koreo.config.yaml']) {
    t.true(existsSync(join(kernel, file)), file);
  }
  for (const kind of ['engine', 'function', 'handler', 'store']) {
    const { code, stdout, stderr } = await koreoProcess(['init', '--plugin', kind, `made/acme-${kind}`], {
      cwd: home,
      main,
    });
    t.is(code, 0, stderr);
    t.regex(stdout, /^ {2}npm install$/m);
    for (const file of ['.gitignore', 'package.json', 'tsconfig.json', 'koreo.config.yaml', 'src/index.ts']) {
      t.true(existsSync(join(home, `made/acme-${kind}`, file)), `${kind}: ${file}`);
    }
  }
  const { code, stdout } = await koreoProcess(['--version'], {
    cwd: home,
    main: join(home, 'node_modules/.bin/koreo'),
  });
  t.deepEqual([code, stdout.trim()], [0, manifest().version]);
});

test.serial('every entrance of the package can be imported, and is typed without a hole', async (t) => {
  t.timeout(120_000);
  const entrances = Object.keys(manifest().exports).filter((path) => path !== './package.json');
  const names = entrances.map((path) => path.replace('.', 'koreo-kernel'));
  t.true(names.includes('koreo-kernel/testing/contracts'));
  const imports = names.map((name, index) => `import * as e${index} from '${name}';`).join('\n');
  const all = `[${names.map((_, index) => `e${index}`).join(', ')}]`;
  writeFileSync(
    join(home, 'entrances.mts'),
    `${imports}\nconsole.log(${all}.map((one: object) => Object.keys(one).length));\n`,
  );
  const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--types', 'node', '--outDir', '.'];
  const typed = await run(process.execPath, [TSC, ...options, 'entrances.mts'], { cwd: home }).catch(asEnded);
  t.is(typed.stdout, '');
  const { stdout } = await run(process.execPath, ['entrances.mjs'], { cwd: home });
  t.notRegex(stdout, /\b0\b/);
});

test.serial('a plug-in is typed against the package, passes its own tests, and is packed', async (t) => {
  t.timeout(240_000);
  const source = join(home, 'source/acme-network');
  cpSync(join(ROOT, 'examples/plugins/acme-network'), source, { recursive: true });
  const built = await run(process.execPath, [TSC], { cwd: source }).catch(asEnded);
  t.is(built.stdout, '');
  const tested = await run(process.execPath, ['--test'], { cwd: join(source, 'dist'), env: withoutTestRunner() }).catch(
    asEnded,
  );
  t.regex(tested.stdout, /\bpass [12]\d\d\b/);
  t.regex(tested.stdout, /\bfail 0\b/, tested.stdout);
  await pack(source, home);
  const tarball = readdirSync(home).find((file) => file.startsWith('acme-network-'));
  const install = ['install', '--offline', '--ignore-scripts', '--no-audit', `./${tarball}`];
  await t.notThrowsAsync(run('npm', install, { cwd: home }));
  const installed = readdirSync(join(home, 'node_modules/acme-network/dist'));
  t.true(installed.includes('index.js') && installed.includes('index.d.ts'));
  t.deepEqual(
    installed.filter((file) => file.includes('.test.')),
    [],
  );
});

test.serial('a deployment that names the plug-in uses its function, its handler and its store', async (t) => {
  t.timeout(120_000);
  for (const part of ['koreo.config.yaml', 'definitions', 'machines']) {
    cpSync(join(ROOT, 'examples/plugins', part), join(home, part), { recursive: true });
  }
  t.is((await koreoProcess(['validate'], { cwd: home, main })).code, 0);
  const tested = await koreoProcess(['test', '-o', 'json'], { cwd: home, main });
  t.is(tested.code, 0, tested.stdout);
  t.deepEqual(JSON.parse(tested.stdout).summary, { passed: 6, failed: 0, skipped: 0, notRun: 0 });
  const first = await koreoProcess(['run', '--once'], { cwd: home, main });
  t.is(first.code, 0, first.stdout + first.stderr);
  t.deepEqual(hosts(), ['10.0.0.254 gateway', '10.0.0.5 web www shop']);
  const audit = readFileSync(join(home, 'out/audit.log'), 'utf8');
  t.regex(audit, /^\S+Z patchStatus Machine office\/web$/m);
  const again = await koreoProcess(['run', '--once', '-o', 'json'], { cwd: home, main });
  t.is(again.code, 0, again.stdout);
  t.false(again.stdout.includes('"action"'), 'nothing is left to change');
  t.is(readFileSync(join(home, 'out/audit.log'), 'utf8'), audit);
});

test.serial('definitions that use it are hot: an edited one changes what the handler keeps', async (t) => {
  t.timeout(120_000);
  const running = startKoreo(t, ['run'], { cwd: home, main });
  await running.until(() => existsSync(join(home, 'out/hosts')) && running.stdout.includes('Ready'), 60_000);
  const file = join(home, 'definitions/machine.koreo');
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace('cidr_host(inputs.spec.network, inputs.spec.number)', 'cidr_host("10.9.0.0/16", 1)'),
  );
  await running.until(
    ({ stdout }) => /patched HostEntry web/.test(stdout) && /patched HostEntry gateway/.test(stdout),
    60_000,
  );
  t.deepEqual(hosts(), ['10.9.0.1 gateway', '10.9.0.1 web www shop']);
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0);
});

test.serial('a mistake in its options is told at its place, with the name of the plug-in', async (t) => {
  const file = join(home, 'koreo.config.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('hostsFile: ./out/hosts', 'hostFile: ./out/hosts'));
  const { code, stderr } = await koreoProcess(['validate'], { cwd: home, main });
  writeFileSync(file, text.replace('log:', 'lag:'));
  const other = await koreoProcess(['validate'], { cwd: home, main });
  writeFileSync(file, text);
  t.is(code, 2);
  t.regex(stderr, /koreo\.config\.yaml:3:\d+ .*acme-network.*hostFile/);
  t.is(other.code, 2);
  t.regex(other.stderr, /koreo\.config\.yaml:6:\d+ .*lag/);
});

function hosts(): readonly string[] {
  return readFileSync(join(home, 'out/hosts'), 'utf8').trim().split('\n').sort();
}

function manifest(): { readonly version: string; readonly exports: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(kernel, 'package.json'), 'utf8'));
}

/** What a program printed that did not end well. */
function asEnded(error: unknown): { readonly stdout: string } {
  const { stdout, message } = error as { readonly stdout?: string; readonly message: string };
  return { stdout: stdout === undefined || stdout === '' ? message : stdout };
}

/** A program that runs tests must not think that it is one of ours. */
function withoutTestRunner(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return env;
}
