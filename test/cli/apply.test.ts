import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { FRUIT_CONFIG, FRUIT_DEFINITIONS, FRUIT_PROJECT, fruit } from '../support/fruit.js';
import type { Ended } from '../support/koreo.js';
import { koreo } from '../support/koreo-here.js';
import { tempFolder, writeFiles } from '../support/temp-folder.js';

/** Manifests in `src`, and an empty deployment beside them. */
const SOURCES: Readonly<Record<string, string>> = {
  'koreo.config.yaml': FRUIT_CONFIG,
  ...Object.fromEntries(Object.entries(FRUIT_DEFINITIONS).map(([path, text]) => [`src/${path}`, text])),
  'src/apple.yaml': fruit('apple', 'apples'),
  'src/kitchen.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kitchen}\n',
};

const linesOf = ({ stdout }: Ended): readonly string[] => stdout.trimEnd().split('\n');

/** Every call is a process of its own; a busy machine takes its time. */
test.beforeEach((t) => t.timeout(180_000));

test.serial('everything goes where it belongs, in the order in which it is needed', async (t) => {
  const cwd = tempFolder(t, SOURCES);
  const first = await koreo(['apply', 'src'], { cwd });
  t.is(first.code, 0, first.stderr);
  t.deepEqual(linesOf(first), [
    'namespace/kitchen created',
    'valuefunction.koreo.dev/recipe.v1 created',
    'resourcefunction.koreo.dev/juice.v1 created',
    'workflow.koreo.dev/juice.v1 created',
    'fruit.fruit.example.com/apple created',
  ]);
  t.true(existsSync(join(cwd, 'definitions/kitchen/Workflow/juice.v1.yaml')), 'definitions where they are read from');
  t.true(existsSync(join(cwd, 'fruits/kitchen/Fruit/apple.yaml')), 'others where the routing says');
  t.is((await koreo(['run', '--once'], { cwd })).code, 0);
  const again = await koreo(['apply', 'src'], { cwd });
  t.true(
    linesOf(again).every((line) => line.endsWith(' unchanged')),
    again.stdout,
  );
});

test.serial('a dry run shows what would change, with the paths, and writes nothing', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  const before = readFileSync(join(cwd, 'fruits/apple.yaml'), 'utf8');
  writeFiles(cwd, { 'new/apple.yaml': fruit('apple', 'russets'), 'new/plum.yaml': fruit('plum', 'plums') });
  const { code, stdout } = await koreo(['apply', 'new', '--dry-run'], { cwd });
  t.is(code, 0);
  t.is(
    stdout,
    'fruit.fruit.example.com/apple configured (dry run)\n    spec.sort: "apples" → "russets"\n' +
      'fruit.fruit.example.com/plum created (dry run)\n',
  );
  t.is(readFileSync(join(cwd, 'fruits/apple.yaml'), 'utf8'), before);
  t.false(existsSync(join(cwd, 'fruits/kitchen')));
});

test.serial('values of Secrets are never shown', async (t) => {
  const secret = (value: string): string =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: x}\nstringData: {password: ${value}}\n`;
  const cwd = tempFolder(t, { 's.yaml': secret('geheim'), 'store/koreo.config.yaml': '' });
  const store = join(cwd, 'store');
  await koreo(['apply', '../s.yaml'], { cwd: store });
  writeFiles(cwd, { 's.yaml': secret('streng') });
  const { stdout, stderr } = await koreo(['apply', '../s.yaml', '--dry-run'], { cwd: store });
  t.is(stdout, 'secret/s configured (dry run)\n    stringData.password: hidden → hidden\n');
  t.is(stderr, '');
});

test.serial('a broken definition keeps all from being applied, unless --validate says otherwise', async (t) => {
  const broken = (SOURCES['src/definitions/recipe.koreo'] ?? '').replace('+ inputs', '+ + inputs');
  const cwd = tempFolder(t, { ...SOURCES, 'src/definitions/recipe.koreo': broken });
  const strict = await koreo(['apply', 'src'], { cwd });
  t.is(strict.code, 1);
  t.is(strict.stdout, '');
  t.regex(strict.stderr, /^problem: src\/definitions\/recipe\.koreo:7:\d+ ValueFunction kitchen\/recipe\.v1 /m);
  t.regex(strict.stderr, /nothing was applied: \d+ problems? \(--validate warn applies all the same\)/);
  t.false(existsSync(join(cwd, 'fruits')));
  const warned = await koreo(['apply', 'src', '--validate', 'warn'], { cwd });
  t.is(warned.code, 0);
  t.regex(warned.stderr, /^problem: src\/definitions\/recipe\.koreo/m);
  t.is((await koreo(['apply', 'src', '--validate', 'ignore'], { cwd })).stderr, '');
});

test.serial('what a definition waits for is told, and what is there already counts', async (t) => {
  const cwd = tempFolder(t, SOURCES);
  const alone = await koreo(['apply', 'src/definitions/workflow.koreo', '--dry-run'], { cwd });
  t.is(alone.code, 0);
  t.regex(
    alone.stderr,
    /^waiting: src\/definitions\/workflow\.koreo:\d+:\d+ Workflow kitchen\/juice\.v1 .*recipe\.v1/m,
  );
  await koreo(['apply', 'src/definitions/recipe.koreo', 'src/definitions/juice.koreo'], { cwd });
  t.is((await koreo(['apply', 'src/definitions/workflow.koreo'], { cwd })).stderr, '');
});

test.serial('standard input, lists, and what a server alone decides are understood', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  await koreo(['run', '--once'], { cwd });
  const list = await koreo(['get', 'fruits', '-o', 'json'], { cwd });
  const back = await koreo(['apply', '-f', '-'], { cwd, input: list.stdout });
  t.is(back.code, 0, back.stderr);
  t.deepEqual(linesOf(back), ['fruit.fruit.example.com/apple unchanged', 'fruit.fruit.example.com/pear unchanged']);
});

test.serial('-n is the namespace of what names none', async (t) => {
  const nameless = fruit('fig', 'figs').replace(', namespace: kitchen', '');
  const cwd = tempFolder(t, {
    'koreo.config.yaml': FRUIT_CONFIG,
    'fig.yaml': `${nameless}---\n${fruit('nut', 'nuts')}`,
  });
  await koreo(['apply', 'fig.yaml', '-n', 'cellar'], { cwd });
  const { stdout } = await koreo(['get', 'fruits', '-o', 'json'], { cwd });
  t.deepEqual(
    JSON.parse(stdout).items.map(({ metadata }: { metadata: Record<string, string> }) => [
      metadata.namespace,
      metadata.name,
    ]),
    [
      ['cellar', 'fig'],
      ['kitchen', 'nut'],
    ],
  );
});

test.serial(
  '--prune removes what the set held before and the files do not hold any more, with --yes only',
  async (t) => {
    const cwd = tempFolder(t, { 'koreo.config.yaml': FRUIT_CONFIG, 'src/a.yaml': fruit('apple', 'a') });
    writeFiles(cwd, { 'src/b.yaml': fruit('birne', 'b'), 'fruits/mine.yaml': fruit('mine', 'm') });
    await koreo(['apply', 'src', '--set', 'shop'], { cwd });
    // A copy of the labels makes nothing a member of the set.
    const copy = readFileSync(join(cwd, 'fruits/kitchen/Fruit/birne.yaml'), 'utf8').replace(
      'name: birne',
      'name: copy',
    );
    writeFiles(cwd, { 'fruits/copy.yaml': copy });
    const shown = await koreo(['apply', 'src/a.yaml', '--set', 'shop', '--prune'], { cwd });
    t.is(shown.code, 0);
    t.deepEqual(linesOf(shown), [
      'fruit.fruit.example.com/apple unchanged',
      'fruit.fruit.example.com/birne to be pruned',
    ]);
    t.regex(shown.stderr, /--yes removes/);
    t.true(existsSync(join(cwd, 'fruits/kitchen/Fruit/birne.yaml')));
    const done = await koreo(['apply', 'src/a.yaml', '--set', 'shop', '--prune', '--yes'], { cwd });
    t.deepEqual(linesOf(done), ['fruit.fruit.example.com/apple unchanged', 'fruit.fruit.example.com/birne pruned']);
    t.false(existsSync(join(cwd, 'fruits/kitchen/Fruit/birne.yaml')));
    t.true(existsSync(join(cwd, 'fruits/mine.yaml')));
    t.true(existsSync(join(cwd, 'fruits/copy.yaml')));
  },
);

test.serial('what cannot be applied is told, the rest is applied, and nothing is pruned', async (t) => {
  const config = `${FRUIT_CONFIG.replace('{name: out,', '{name: out, readOnly: true,')}`;
  const juice = fruit('a', 'x').replace('Fruit', 'Juice');
  const cwd = tempFolder(t, { 'koreo.config.yaml': config, 'src/a.yaml': juice, 'src/b.yaml': fruit('b', 'x') });
  const { code, stdout, stderr } = await koreo(['apply', 'src', '--set', 's', '--prune', '--yes'], { cwd });
  t.is(code, 1);
  t.is(stdout, 'fruit.fruit.example.com/b created\n');
  t.regex(stderr, /error: Juice kitchen\/a: the store out is read-only/);
  t.regex(stderr, /nothing is removed, for not all could be applied/);
});

test.serial('items of a JSON document are made and changed in its own shape', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': `
stores:
  - name: shop
    type: json
    file: shop.json
    collections: [{at: /stock, apiVersion: shop.example/v1, kind: Stock}]
definitions: [{store: shop}]
`,
    'shop.json': '{"stock": {"mug": {"onHand": 1}}}\n',
    'mug.yaml': 'apiVersion: shop.example/v1\nkind: Stock\nmetadata: {name: mug}\nspec: {onHand: 2}\n',
    'cup.yaml': 'apiVersion: shop.example/v1\nkind: Stock\nmetadata: {name: cup}\nspec: {onHand: 3}\n',
  });
  const { code, stdout, stderr } = await koreo(['apply', 'mug.yaml', 'cup.yaml'], { cwd });
  t.is(code, 0, stderr);
  t.is(stdout, 'stock.shop.example/mug configured\nstock.shop.example/cup created\n');
  t.deepEqual(JSON.parse(readFileSync(join(cwd, 'shop.json'), 'utf8')), {
    stock: { mug: { onHand: 2 }, cup: { onHand: 3 } },
  });
});

test.serial('-o json prints what was applied as the stores have it, -o name its names', async (t) => {
  const cwd = tempFolder(t, SOURCES);
  const one = await koreo(['apply', 'src/apple.yaml', '-o', 'json'], { cwd });
  t.like(JSON.parse(one.stdout), { kind: 'Fruit', metadata: { name: 'apple', namespace: 'kitchen' } });
  const names = await koreo(['apply', 'src/apple.yaml', 'src/kitchen.yaml', '-o', 'name'], { cwd });
  t.is(names.stdout, 'namespace/kitchen\nfruit.fruit.example.com/apple\n');
});

test.serial('a command line or files that make no sense are refused', async (t) => {
  const cwd = tempFolder(t, {
    'list.yaml': '- 1\n',
    'odd.yaml': 'kind: Fruit\n',
    'twice.yaml': `${fruit('a', 'x')}---\n${fruit('a', 'y')}`,
    'folder/values.yaml': 'replicas: 3\n',
  });
  t.is((await koreo(['apply'], { cwd })).code, 2);
  t.is((await koreo(['apply', 'nowhere'], { cwd })).code, 2);
  t.is((await koreo(['apply', 'list.yaml', '--prune'], { cwd })).code, 2);
  t.is((await koreo(['apply', 'list.yaml', '--set', 'a b'], { cwd })).code, 2);
  t.regex(
    (await koreo(['apply', 'list.yaml'], { cwd })).stderr,
    /^problem: list\.yaml:1:1: The document is not a mapping/,
  );
  t.regex((await koreo(['apply', 'odd.yaml'], { cwd })).stderr, /^problem: odd\.yaml:1:1: A resource needs apiVersion/);
  t.regex((await koreo(['apply', 'twice.yaml'], { cwd })).stderr, /^problem: twice\.yaml:6:1 Fruit kitchen\/a: stands/);
  const nothing = await koreo(['apply', 'folder'], { cwd });
  t.like(nothing, { code: 0, stdout: '' });
  t.regex(nothing.stderr, /there is nothing to apply/);
});
