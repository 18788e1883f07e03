import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { koreo } from '../support/koreo-here.js';
import { tempFolder, writeFiles } from '../support/temp-folder.js';

test.serial('what it makes is right, passes its tests, and comes to rest at once', async (t) => {
  const cwd = tempFolder(t);
  const made = await koreo(['init', 'demo'], { cwd });
  t.is(made.code, 0, made.stderr);
  t.regex(made.stdout, /made demo\/koreo\.config\.yaml\n/);
  t.regex(made.stdout, /Next:\n {2}cd demo\n {2}koreo test/);
  const project = join(cwd, 'demo');
  t.is((await koreo(['validate'], { cwd: project })).code, 0);
  const tested = await koreo(['test', '-o', 'json'], { cwd: project });
  t.is(tested.code, 0, tested.stdout);
  t.deepEqual(JSON.parse(tested.stdout).summary, { passed: 6, failed: 0, skipped: 0, notRun: 0 });
  const run = await koreo(['run', '--once'], { cwd: project });
  t.is(run.code, 0, run.stdout + run.stderr);
  t.true(existsSync(join(project, 'accounts/engines/Account/ada.yaml')));
  const again = await koreo(['run', '--once', '-o', 'json'], { cwd: project });
  t.is(again.code, 0, again.stdout + again.stderr);
  t.false(again.stdout.includes('"action"'), 'nothing is left to change');
});

test.serial('it makes the project in the current folder when none is named', async (t) => {
  const cwd = tempFolder(t, { 'notes.txt': 'mine' });
  const { code, stdout } = await koreo(['init'], { cwd });
  t.is(code, 0);
  t.notRegex(stdout, /cd /);
  t.true(existsSync(join(cwd, 'koreo.config.yaml')));
});

test.serial('nothing is written over, and nothing is made when something is in the way', async (t) => {
  const cwd = tempFolder(t);
  writeFiles(cwd, { 'README.md': 'mine', 'data/people.json': '[]' });
  const { code, stderr } = await koreo(['init', '.'], { cwd });
  t.is(code, 2);
  t.regex(stderr, /README\.md, data\/people\.json would be written over/);
  t.is(readFileSync(join(cwd, 'README.md'), 'utf8'), 'mine');
  t.false(existsSync(join(cwd, 'koreo.config.yaml')));
});
