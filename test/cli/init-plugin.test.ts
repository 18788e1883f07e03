import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { koreoProcess } from '../support/koreo.js';
import { linkDependencies, npm } from '../support/plugin-project.js';
import { tempFolder, writeFiles } from '../support/temp-folder.js';

/** What each project has made when its example has been run, and a line of it. */
const EXAMPLES = {
  engine: ['example/out/wiki.yaml', /Dear colleague,/],
  function: ['example/out/equipe-donnees.yaml', /title: Équipe Données/],
  handler: ['example/out/shop.env', /^GREETING="Welcome to the shop!"$/m],
  store: ['example/out/spaces.jsonl', /"type":"put".*"name":"platform"/],
} as const;

for (const [kind, [file, line]] of Object.entries(EXAMPLES)) {
  test.serial(
    `the project that init makes with --plugin ${kind} builds, passes its tests, and its example runs`,
    async (t) => {
      t.timeout(240_000);
      const cwd = tempFolder(t);
      const made = await koreoProcess(['init', '--plugin', kind, `acme-${kind}`], { cwd });
      t.is(made.code, 0, made.stderr);
      t.regex(made.stdout, new RegExp(`made acme-${kind}/src/index\\.ts\n`));
      t.regex(made.stdout, new RegExp(`Next:\n {2}cd acme-${kind}\n {2}npm link koreo-kernel .*\n {2}npm test`));
      const project = join(cwd, `acme-${kind}`);
      linkDependencies(project);

      const tested = await npm(['test'], { cwd: project });
      t.is(tested.code, 0, tested.stdout + tested.stderr);
      t.regex(tested.stdout, /\bpass [1-9]/);
      t.regex(tested.stdout, /\bfail 0/);
      t.regex(tested.stdout, /^[1-9]\d* passed \(\d+ tests?,/m);

      const run = await koreoProcess(['run', '--once'], { cwd: project });
      t.is(run.code, 0, run.stdout + run.stderr);
      t.regex(readFileSync(join(project, file), 'utf8'), line);
      const again = await koreoProcess(['run', '--once', '-o', 'json'], { cwd: project });
      t.is(again.code, 0, again.stdout + again.stderr);
      t.false(again.stdout.includes('"action"'), 'nothing is left to change');
    },
  );
}

test.serial('a plug-in has the name that was asked for, or that of its folder, in all of its files', async (t) => {
  const cwd = tempFolder(t);
  t.is((await koreoProcess(['init', '--plugin', 'store', 'one', '--name', '@acme/notes'], { cwd })).code, 0);
  t.is((await koreoProcess(['init', '--plugin', 'store', 'acme-notes'], { cwd })).code, 0);
  for (const [folder, name] of [
    ['one', '@acme/notes'],
    ['acme-notes', 'acme-notes'],
  ] as const) {
    const text = (file: string): string => readFileSync(join(cwd, folder, file), 'utf8');
    t.is(JSON.parse(text('package.json')).name, name);
    t.true(text('src/index.ts').includes(`name: '${name}'`));
    const files = readdirSync(join(cwd, folder), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    for (const one of files) t.notRegex(readFileSync(join(one.parentPath, one.name), 'utf8'), /starter-/, one.name);
    t.true(existsSync(join(cwd, folder, '.gitignore')));
  }
});

test.serial('a name that no package can have, or that means something else, is refused with what to do', async (t) => {
  const cwd = tempFolder(t);
  const refused = {
    'Acme Notes': /words of lower-case letters.*; such as acme-names/,
    '../up': /words of lower-case letters/,
    '-x': /words of lower-case letters|argument missing/,
    'a--b': /words of lower-case letters/,
    [`a${'b'.repeat(214)}`]: /more than 214 characters/,
    cel: /one of koreo itself/,
    json: /one of koreo itself/,
    'koreo-kernel': /one of koreo itself/,
    fs: /module of Node\.js/,
  };
  for (const [name, message] of Object.entries(refused)) {
    const { code, stderr } = await koreoProcess(['init', '--plugin', 'function', 'x', `--name=${name}`], { cwd });
    t.is(code, 2, name);
    t.regex(stderr, message, name);
  }
  const unnamed = await koreoProcess(['init', '--plugin', 'function', 'My Plug-in'], { cwd });
  t.is(unnamed.code, 2);
  t.regex(unnamed.stderr, /'My Plug-in' cannot be the name of a plug-in.*--name/);
  t.deepEqual(readdirSync(cwd), []);
});

test.serial('a plug-in is never written over anything, and only what is known can be made', async (t) => {
  const cwd = tempFolder(t);
  writeFiles(cwd, { 'mine/.gitignore': 'mine', 'mine/src/index.ts': 'mine' });
  const inTheWay = await koreoProcess(['init', '--plugin', 'engine', 'mine'], { cwd });
  t.is(inTheWay.code, 2);
  t.regex(inTheWay.stderr, /\.gitignore, src\/index\.ts would be written over/);
  t.deepEqual(readdirSync(join(cwd, 'mine')).sort(), ['.gitignore', 'src']);
  const unknown = await koreoProcess(['init', '--plugin', 'language', 'x'], { cwd });
  t.is(unknown.code, 2);
  t.regex(unknown.stderr, /engine, function, handler, store/);
  const alone = await koreoProcess(['init', 'x', '--name', 'acme'], { cwd });
  t.is(alone.code, 2);
  t.regex(alone.stderr, /say --plugin, too/);
  t.false(existsSync(join(cwd, 'x')));
});

test('a plug-in asks for this koreo-kernel, and for what koreo-kernel is made with', (t) => {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
  const own = read('package.json');
  for (const kind of Object.keys(EXAMPLES)) {
    const {
      name,
      engines,
      peerDependencies,
      dependencies = {},
      devDependencies,
    } = read(`examples/plugin-starters/${kind}/package.json`);
    t.is(name, `starter-${kind}`);
    t.deepEqual(engines, own.engines);
    t.deepEqual(peerDependencies, { 'koreo-kernel': `^${own.version}` });
    for (const [dependency, range] of Object.entries<string>({ ...dependencies, ...devDependencies })) {
      const ours = own.dependencies[dependency] ?? own.devDependencies[dependency];
      t.is(range.replace(/^\^/, ''), ours.replace(/^\^/, ''), dependency);
    }
  }
});
