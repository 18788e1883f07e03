import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { FRUIT_PROJECT, fruit } from '../support/fruit.js';
import { startKoreo } from '../support/koreo.js';
import { koreo } from '../support/koreo-here.js';
import { tempFolder, writeFiles } from '../support/temp-folder.js';

/** Every call is a process of its own; a busy machine takes its time. */
test.beforeEach((t) => t.timeout(180_000));

test.serial('a run is asked for, and what it comes to is told', async (t) => {
  const cwd = tempFolder(t, { ...FRUIT_PROJECT, 'fruits/sand.yaml': fruit('sand', '{}') });
  const running = startKoreo(t, ['run', '-o', 'json'], { cwd });
  await running.until(({ stdout }) => /"name":"apple".*"type":"Ok"/.test(stdout));
  const author = readFileSync(join(cwd, 'fruits/apple.yaml'), 'utf8');

  const good = await koreo(['reconcile', 'fruit', 'apple'], { cwd });
  t.is(good.code, 0, good.stderr);
  t.is(
    good.stdout,
    '✔ Fruit kitchen/apple  Ready\n    Ready True: Workflow juice.v1 ready.\n    Pressed True: The juice ready.\n',
  );
  t.regex(running.stdout, /"name":"apple".*"causes":\["requested"\]/);
  t.is(readFileSync(join(cwd, 'fruits/apple.yaml'), 'utf8'), author, "the author's file is not touched");

  const bad = await koreo(['reconcile', 'fruit/sand', '-o', 'json'], { cwd });
  t.is(bad.code, 1);
  const told = JSON.parse(bad.stdout);
  t.like(told, { store: 'fruits', handled: true, trigger: { kind: 'Fruit', name: 'sand', namespace: 'kitchen' } });
  t.like(told.conditions[0], { type: 'Ready', status: 'False', reason: 'Failure' });
});

test.serial('without an answer it says what is waited for', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  const alone = await koreo(['reconcile', 'fruit', 'apple', '--timeout', '200ms'], { cwd });
  t.is(alone.code, 1);
  t.regex(
    alone.stderr,
    /nobody has answered within 0\.2 s: is a `koreo run` at work .* Workflow juice\.v1 waits for one/,
  );
  writeFiles(cwd, { 'out/stone.yaml': fruit('stone', 'x').replace('Fruit', 'Stone') });
  const nobody = await koreo(['reconcile', 'stone', 'stone', '--timeout', '0'], { cwd });
  t.is(nobody.code, 1);
  t.regex(nobody.stderr, /no Workflow is there whose crdRef names the kind Stone \(fruit\.example\.com\/v1\)/);
});

test.serial('--no-wait only asks; the next loop answers', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  const asked = await koreo(['reconcile', 'fruit', 'apple', '--no-wait'], { cwd });
  t.like(asked, { code: 0, stdout: 'Fruit kitchen/apple: a run was asked for\n' });
  await koreo(['run', '--once'], { cwd });
  const { metadata, status } = JSON.parse((await koreo(['get', 'fruit', 'apple', '-o', 'json'], { cwd })).stdout);
  t.is(status.koreo.lastHandledReconcileAt, metadata.annotations['koreo.dev/reconcile-requested-at']);
});

test.serial('a paused trigger is not asked', async (t) => {
  const paused = fruit('apple', 'apples').replace('{name', '{annotations: {koreo.dev/paused: "true"}, name');
  const cwd = tempFolder(t, { ...FRUIT_PROJECT, 'fruits/apple.yaml': paused });
  const { code, stderr } = await koreo(['reconcile', 'fruit', 'apple'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /Fruit kitchen\/apple: it is paused/);
});

test.serial('what cannot be asked is refused', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  const missing = await koreo(['reconcile', 'fruit', 'aple'], { cwd });
  t.is(missing.code, 1);
  t.regex(missing.stderr, /Fruit 'aple' was not found; did you mean 'apple'\?/);
  const nameless = await koreo(['reconcile', 'fruit'], { cwd });
  t.is(nameless.code, 2);
  const time = await koreo(['reconcile', 'fruit', 'apple', '--timeout', 'soon'], { cwd });
  t.is(time.code, 2);
  t.regex(time.stderr, /It is a time such as 90s, 2m or 1m30s/);
});
