import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { FRUIT_PROJECT, fruit } from '../support/fruit.js';
import { type Ended, startKoreo } from '../support/koreo.js';
import { koreo } from '../support/koreo-here.js';
import { tempFolder, writeFiles } from '../support/temp-folder.js';

/** A Workflow with each kind of step: none that manages, one, several, another Workflow. */
const PROJECT: Readonly<Record<string, string>> = {
  ...FRUIT_PROJECT,
  'definitions/workflow.koreo': `
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: juice.v1, namespace: kitchen}
spec:
  crdRef: {apiGroup: fruit.example.com, version: v1, kind: Fruit}
  steps:
    - label: recipe
      ref: {kind: ValueFunction, name: recipe.v1}
      inputs: {fruit: =parent.spec}
    - label: juice
      ref: {kind: ResourceFunction, name: juice.v1}
      inputs: {name: =parent.metadata.name, text: =steps.recipe.text}
      condition: {type: Pressed, name: The juice}
    - label: bottles
      ref: {kind: ResourceFunction, name: juice.v1}
      forEach: {itemIn: '=["1", "2"].map(n, parent.metadata.name + "-" + n)', inputKey: name}
      inputs: {text: =steps.recipe.text}
    - label: cellar
      ref: {kind: Workflow, name: cellar.v1}
      inputs: {name: =parent.metadata.name}
---
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: cellar.v1, namespace: kitchen}
spec:
  steps:
    - label: seal
      ref: {kind: ResourceFunction, name: seal.v1}
      inputs: {name: =parent.name}
---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: seal.v1, namespace: kitchen}
spec:
  apiConfig: {apiVersion: v1, kind: Secret, name: =inputs.name, namespace: kitchen}
  resource: {stringData: {seal: geheim}}
  create: {delay: 0}
`,
};

const cwd = mkdtempSync(join(tmpdir(), 'koreo-'));

test.before(async () => {
  writeFiles(cwd, { ...PROJECT, 'fruits/sand.yaml': fruit('sand', '{}') });
  await koreo(['run', '--once'], { cwd });
});

test.after.always(() => rmSync(cwd, { recursive: true, force: true }));

const inspect = (...args: string[]): Promise<Ended> => koreo(['inspect', ...args], { cwd });

/** Every call is a process of its own; a busy machine takes its time. */
test.beforeEach((t) => t.timeout(180_000));

test.serial('a trigger is shown with its conditions and the tree of what it manages', async (t) => {
  const { code, stdout } = await inspect('fruit', 'apple');
  t.is(code, 0);
  t.is(
    stdout,
    `Fruit kitchen/apple  ✔ Ready  (store fruits, Workflow juice.v1)
  Ready     True   Ready
  Pressed   True   Ready

├─ recipe    manages nothing
├─ juice     Juice kitchen/apple     ✔ Current
├─ bottles   2 items
│  ├─ [0]    Juice kitchen/apple-1   ✔ Current
│  └─ [1]    Juice kitchen/apple-2   ✔ Current
└─ cellar    Workflow cellar.v1
   └─ seal   Secret kitchen/apple    ✔ Current
`,
  );
});

test.serial('what is not ready says why, and ends with 1', async (t) => {
  const { code, stdout } = await inspect('fruit/sand');
  t.is(code, 1);
  t.regex(stdout, /^Fruit kitchen\/sand {2}✘ Failure {2}\(store fruits, Workflow juice\.v1\)\n/);
  t.regex(stdout, /^ {2}Ready +False +Failure +Unrecoverable error reconciling /m);
});

test.serial('more is shown with each -v, and never a value of a Secret', async (t) => {
  const one = await inspect('fruit', 'apple', '-v');
  t.regex(one.stdout, /^ {2}Ready +True +Ready +\d{4}-\S+Z +Workflow juice\.v1 ready\.$/m);
  t.regex(one.stdout, /^│ {6}by juice\.v1, store out$/m);
  const three = await inspect('fruit', 'apple', '-vvv');
  t.regex(three.stdout, /^ {5,}seal: hidden$/m);
  t.regex(three.stdout, /^│ {6} {2}text: press apples$/m);
  t.notRegex(three.stdout, /geheim|sha256/);
});

test.serial('what is gone, and what differs from what was applied, is seen', async (t) => {
  const folder = tempFolder(t, PROJECT);
  await koreo(['run', '--once'], { cwd: folder });
  const file = join(folder, 'out/kitchen/Juice/apple.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('text: press apples', 'text: drink'));
  rmSync(join(folder, 'out/kitchen/Juice/apple-1.yaml'));
  const { stdout } = await koreo(['inspect', 'fruit', 'apple', '-vv'], { cwd: folder });
  t.regex(stdout, /^├─ juice +Juice kitchen\/apple +✔ Current +differs from what was applied: spec\.text$/m);
  t.regex(stdout, /^│ {6}spec\.text: "press apples" → "drink"$/m);
  t.regex(stdout, /^│ {2}├─ \[0\] +Juice kitchen\/apple-1 +✘ NotFound$/m);
  const json = JSON.parse((await koreo(['inspect', 'fruit', 'apple', '-o', 'json'], { cwd: folder })).stdout);
  t.like(json, { kind: 'Fruit', name: 'apple', store: 'fruits', ready: true });
  t.is(json.managed.steps.recipe, null);
  t.deepEqual(json.managed.steps.juice.differences, [{ path: 'spec.text', recorded: 'press apples', actual: 'drink' }]);
  t.is(json.managed.steps.bottles[0].health.status, 'NotFound');
  t.is(json.managed.steps.cellar.steps.seal.kind, 'Secret');
});

test.serial('what was never run, and what is paused, says so', async (t) => {
  writeFiles(cwd, { 'fruits/new.yaml': fruit('new', 'x') });
  const unrun = await inspect('fruit', 'new');
  t.regex(unrun.stdout, /no run of it is recorded: is a `koreo run` at work for this deployment\?/);
  writeFiles(cwd, {
    'fruits/new.yaml': fruit('new', 'x').replace('{name', '{annotations: {koreo.dev/paused: "true"}, name'),
  });
  t.regex((await inspect('fruit', 'new')).stdout, /it is paused; it runs again when/);
});

test.serial('a definition is shown with whether it can be used', async (t) => {
  const { code, stdout } = await inspect('workflow', 'juice.v1');
  t.like({ code, stdout }, { code: 0, stdout: 'Workflow kitchen/juice.v1  ✔ Current  (store definitions)\n' });
});

test.serial('--watch shows it again when something has changed, and ends when it is gone', async (t) => {
  const folder = tempFolder(t, PROJECT);
  await koreo(['run', '--once'], { cwd: folder });
  const watching = startKoreo(t, ['inspect', 'fruit', 'apple', '--watch'], { cwd: folder });
  await watching.until(({ stdout }) => stdout.includes('Juice kitchen/apple-2'));
  rmSync(join(folder, 'out/kitchen/Juice/apple-2.yaml'));
  await watching.until(({ stdout }) => /Juice kitchen\/apple-2 +✘ NotFound/.test(stdout));
  rmSync(join(folder, 'fruits/apple.yaml'));
  t.is((await koreo(['run', '--once'], { cwd: folder })).code, 0, 'which it is when all that it managed is');
  const { code, stderr } = await watching.ended;
  t.is(code, 1);
  t.regex(stderr, /Fruit kitchen\/apple was deleted/);
});

test.serial('one resource at a time, that is there', async (t) => {
  t.is((await inspect('fruit')).code, 2);
  t.is((await inspect('fruit,juice', 'apple')).code, 2);
  const missing = await inspect('fruit', 'aple');
  t.is(missing.code, 1);
  t.regex(missing.stderr, /did you mean 'apple'/);
});
