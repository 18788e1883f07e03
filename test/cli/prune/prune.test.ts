import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { FRUIT_PROJECT } from '../../support/fruit.js';
import { koreo } from '../../support/koreo-here.js';
import { tempFolder, writeFiles } from '../../support/temp-folder.js';

const value = (name: string, namespace = 'kitchen'): string =>
  `apiVersion: koreo.dev/v1beta1\nkind: ValueFunction\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {return: {a: 1}}\n`;

const PROJECT = {
  ...FRUIT_PROJECT,
  'definitions/old.koreo': value('old.v1'),
  'definitions/cellar.koreo': value('older.v1', 'cellar'),
};

test.serial('without --yes it shows what nothing uses, and removes nothing', async (t) => {
  const cwd = tempFolder(t, PROJECT);
  const { code, stderr, stdout } = await koreo(['prune'], { cwd });
  t.is(code, 0);
  t.is(
    stdout,
    [
      'NAMESPACE   KIND            NAME       STORE         WHY',
      'kitchen     ValueFunction   old.v1     definitions   nothing refers to it',
      'cellar      ValueFunction   older.v1   definitions   nothing refers to it',
      '',
    ].join('\n'),
  );
  t.regex(stderr, /2 definitions are used by nothing; --yes removes what is so/);
  t.true(existsSync(join(cwd, 'definitions/old.koreo')));
});

test.serial('with --yes it removes them, those of one namespace when it is told so', async (t) => {
  const cwd = tempFolder(t, PROJECT);
  const one = await koreo(['prune', '--yes', '-n', 'cellar', '-o', 'json'], { cwd });
  t.is(one.code, 0, one.stderr);
  t.deepEqual(JSON.parse(one.stdout), {
    definitions: [
      {
        apiVersion: 'koreo.dev/v1beta1',
        kind: 'ValueFunction',
        namespace: 'cellar',
        name: 'older.v1',
        store: 'definitions',
        why: 'nothing refers to it',
        removed: true,
      },
    ],
  });
  t.true(existsSync(join(cwd, 'definitions/old.koreo')));
  const rest = await koreo(['prune', '--yes', '-o', 'yaml'], { cwd });
  t.is(parse(rest.stdout).definitions[0].name, 'old.v1');
  t.false(existsSync(join(cwd, 'definitions/old.koreo')));
  const none = await koreo(['prune', '--yes'], { cwd });
  t.like(none, { code: 0, stdout: '' });
  t.regex(none.stderr, /every definition is used/);
  t.is((await koreo(['run', '--once'], { cwd })).code, 0);
});

test.serial(
  'a function that manages something for a trigger now is used, also when no Workflow refers to it any more',
  async (t) => {
    const cwd = tempFolder(t, PROJECT);
    await koreo(['run', '--once'], { cwd });
    const workflow = FRUIT_PROJECT['definitions/workflow.koreo'] ?? '';
    writeFiles(cwd, { 'definitions/workflow.koreo': workflow.slice(0, workflow.indexOf('    - label: juice')) });
    const { stdout } = await koreo(['prune'], { cwd });
    t.regex(stdout, /old\.v1/);
    t.notRegex(stdout, /juice\.v1/);
  },
);

test.serial('nothing is removed while a file cannot be read', async (t) => {
  const cwd = tempFolder(t, { ...PROJECT, 'definitions/broken.koreo': 'kind: {' });
  const { code, stderr } = await koreo(['prune', '--yes'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /definitions\/broken\.koreo:\d+:\d+/);
  t.regex(stderr, /nothing is removed while something cannot be read/);
  t.true(existsSync(join(cwd, 'definitions/old.koreo')));
});

test.serial('a store that there is not is wrong usage', async (t) => {
  const { code, stderr } = await koreo(['prune', '--store', 'definition'], { cwd: tempFolder(t, PROJECT) });
  t.is(code, 2);
  t.regex(stderr, /there is no store 'definition'; did you mean 'definitions'\?/);
});
