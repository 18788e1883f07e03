import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { FRUIT_PROJECT, fruit } from '../support/fruit.js';
import type { Ended } from '../support/koreo.js';
import { koreo } from '../support/koreo-here.js';
import { writeFiles } from '../support/temp-folder.js';

/** One project for all that only look at it. */
const cwd = mkdtempSync(join(tmpdir(), 'koreo-'));

test.before(async () => {
  const recipe = FRUIT_PROJECT['definitions/recipe.koreo'] ?? '';
  writeFiles(cwd, {
    ...FRUIT_PROJECT,
    'definitions/broken.koreo': recipe.replace('recipe.v1', 'broken.v1').replace('+ inputs', '+ + inputs'),
    'fruits/sand.yaml': fruit('sand', '{}'),
  });
  await koreo(['run', '--once'], { cwd });
});

test.after.always(() => rmSync(cwd, { recursive: true, force: true }));

const get = (...args: string[]): Promise<Ended> => koreo(['get', ...args], { cwd });

test.serial('a trigger shows whether it is ready, why, and what was made for it', async (t) => {
  const { code, stdout } = await get('fruits');
  t.is(code, 0);
  t.regex(stdout, /^NAMESPACE +NAME +READY +REASON +AGE +MANAGED\n/);
  t.regex(stdout, /^kitchen +apple +True +Ready +\S+ +Juice kitchen\/apple$/m);
  t.regex(stdout, /^kitchen +sand +False +Failure +\S+ +-$/m);
});

test.serial('-o wide adds store, Workflow and message', async (t) => {
  const { stdout } = await get('Fruit', 'sand', '-o', 'wide');
  t.regex(stdout, /STORE +WORKFLOW +MESSAGE/);
  t.regex(stdout, / fruits +juice\.v1 +Unrecoverable error/);
});

test.serial('a kind may be written in any case, as plural, and with its group', async (t) => {
  const { stdout } = await get('fruit', 'apple', '-o', 'json');
  for (const kind of ['FRUIT', 'Fruits', 'fruits.fruit.example.com', 'Fruit.fruit.example.com']) {
    t.is((await get(kind, 'apple', '-o', 'json')).stdout, stdout, kind);
  }
});

test.serial('one resource is printed by itself with its status, several as a List', async (t) => {
  const one = await get('fruit', 'apple', '-n', 'kitchen', '-o', 'json');
  t.like(JSON.parse(one.stdout), { kind: 'Fruit', metadata: { name: 'apple' }, spec: { sort: 'apples' } });
  t.is(JSON.parse(one.stdout).status.conditions[0].type, 'Ready');
  const all = await get('fruit', '-A', '-o', 'yaml');
  const list = parse(all.stdout);
  t.like(list, { apiVersion: 'v1', kind: 'List' });
  t.deepEqual(
    list.items.map((item: { metadata: { name: string } }) => item.metadata.name),
    ['apple', 'pear', 'sand'],
  );
});

test.serial('definitions are shown with their health', async (t) => {
  const { code, stdout } = await get('valuefunctions', '-o', 'wide');
  t.is(code, 0);
  t.regex(stdout, /^kitchen +broken\.v1 +False +Broken /m);
  t.regex(stdout, /^kitchen +recipe\.v1 +True +Prepared /m);
});

test.serial('what is not there is told with exit code 1, and what was probably meant', async (t) => {
  const name = await get('fruit', 'aple');
  t.is(name.code, 1);
  t.regex(name.stderr, /error: Fruit 'aple' was not found; did you mean 'apple'\?/);
  const namespace = await get('fruit', 'apple', '-n', 'cellar');
  t.is(namespace.code, 1);
  t.regex(namespace.stderr, /Fruit 'apple' was not found in namespace cellar/);
  const kind = await get('friut');
  t.is(kind.code, 1);
  t.regex(kind.stderr, /no store holds the kind 'friut'; did you mean 'Fruit'\?/);
});

test.serial('a kind of definition of which there is none is an empty list', async (t) => {
  const { code, stdout, stderr } = await get('functiontests');
  t.like({ code, stdout }, { code: 0, stdout: '' });
  t.regex(stderr, /there are none of kind FunctionTest/);
  t.deepEqual(JSON.parse((await get('functiontests', '-o', 'json')).stdout).items, []);
});

test.serial('--store looks in one store only', async (t) => {
  t.is((await get('juice', '--store', 'out')).code, 0);
  t.is((await get('juice', '--store', 'fruits')).code, 1);
  const unknown = await get('juice', '--store', 'outt');
  t.is(unknown.code, 2);
  t.regex(unknown.stderr, /there is no store 'outt'; did you mean 'out'\?/);
});

test.serial('-n and -A exclude each other', async (t) => {
  const { code, stderr } = await get('fruit', '-n', 'a', '-A');
  t.is(code, 2);
  t.regex(stderr, /cannot be used with/);
});

test.serial('several kinds are joined by commas, and KIND/NAME names one', async (t) => {
  const several = await get('fruits,juices', '-o', 'name');
  t.is(several.code, 0);
  t.deepEqual(several.stdout.trim().split('\n'), [
    'fruit.fruit.example.com/apple',
    'fruit.fruit.example.com/pear',
    'fruit.fruit.example.com/sand',
    'juice.fruit.example.com/apple',
    'juice.fruit.example.com/pear',
  ]);
  const pairs = await get('fruit/apple', 'juice/pear', '-o', 'name');
  t.is(pairs.stdout, 'fruit.fruit.example.com/apple\njuice.fruit.example.com/pear\n');
  t.is((await get('fruit', 'pear', 'apple', '-o', 'name')).stdout.split('\n').length, 3);
  const mixed = await get('fruit/apple', 'pear');
  t.is(mixed.code, 2);
  t.regex(mixed.stderr, /'pear' is not KIND\/NAME/);
});

test.serial('-l shows only what has the labels', async (t) => {
  writeFiles(cwd, {
    'fruits/plum.yaml': fruit('plum', 'plums').replace('{name: plum', '{labels: {sort: stone}, name: plum'),
  });
  t.is((await get('fruit', '-l', 'sort=stone', '-o', 'name')).stdout, 'fruit.fruit.example.com/plum\n');
  t.is((await get('fruit', '-l', 'sort=stone,ripe=yes')).stdout, '');
  const wrong = await get('fruit', '-l', 'sort');
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /'sort' is not KEY=VALUE/);
});
