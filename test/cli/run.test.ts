import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { FRUIT_PROJECT, fruit } from '../support/fruit.js';
import { koreoProcess, type Running, startKoreo } from '../support/koreo.js';
import { tempFolder, writeFiles } from '../support/temp-folder.js';
import { parseExposition, sampleOf } from './serve/exposition.js';

interface Line {
  readonly type: string;
  readonly state?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly definition?: string;
  readonly message?: string;
  readonly trigger?: { readonly kind: string; readonly name: string; readonly namespace: string };
  readonly causes?: readonly string[];
  readonly outcome?: { readonly type: string; readonly message?: string; readonly delay?: number };
  readonly changes?: readonly Record<string, unknown>[];
  readonly durationMs?: number;
  readonly url?: string;
  readonly time?: string;
  readonly level?: string;
  readonly key?: string | null;
  readonly runId?: string | null;
}

function lines(stdout: string): readonly Line[] {
  const complete = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** The runs of a trigger that came to an outcome, after the first `from` lines. */
function runs(running: Running, name: string, outcome: string, from = 0): readonly Line[] {
  return lines(running.stdout)
    .slice(from)
    .filter((line) => line.type === 'run' && line.trigger?.name === name && line.outcome?.type === outcome);
}

function replaceIn(folder: string, path: string, from: string, to: string): void {
  const file = join(folder, path);
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

test.serial(
  '--once makes what is asked for, ends with 0 when all is Ready, and then finds nothing to do',
  async (t) => {
    const cwd = tempFolder(t, FRUIT_PROJECT);
    const first = await koreoProcess(['run', '--once'], { cwd });
    t.is(first.code, 0, first.stdout + first.stderr);
    t.regex(
      first.stdout,
      /^\d\d:\d\d:\d\d … Fruit kitchen\/apple {2}Retry in 0 s: .* {2}created Juice kitchen\/apple {2}\(\d+ ms\)$/m,
    );
    t.regex(first.stdout, /✔ Fruit kitchen\/pear {2}Ready {2}\(\d+ ms\)/);
    t.regex(first.stdout, /^2 triggers, all ready$/m);
    t.regex(readFileSync(join(cwd, 'out/kitchen/Juice/apple.yaml'), 'utf8'), /text: press apples/);
    const second = await koreoProcess(['run', '--once', '-o', 'json'], { cwd });
    t.is(second.code, 0);
    const told = lines(second.stdout);
    t.deepEqual(
      told.flatMap(({ changes }) => changes ?? []),
      [],
    );
    t.like(told.at(-1), { type: 'finished', triggers: 2, ready: 2 } as Line);
  },
);

test.serial('--once says what has gone, also when nothing else was to do', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  t.is((await koreoProcess(['run', '--once'], { cwd })).code, 0);
  rmSync(join(cwd, 'fruits/pear.yaml'));
  const first = await koreoProcess(['run', '--once'], { cwd });
  t.is(first.code, 0, first.stdout);
  t.regex(first.stdout, /✔ Fruit kitchen\/pear {2}Deleted {2}deleted Juice kitchen\/pear/);
  t.regex(first.stdout, /^1 trigger, all ready, 1 deleted$/m);
  rmSync(join(cwd, 'fruits/apple.yaml'));
  const second = await koreoProcess(['run', '--once', '-o', 'json'], { cwd });
  t.is(second.code, 0, second.stdout);
  t.like(lines(second.stdout).at(-1), { type: 'finished', triggers: 0, ready: 0, deleted: 1 } as Line);
  const third = await koreoProcess(['run', '--once'], { cwd });
  t.regex(third.stdout, /^no triggers: nothing/m);
});

test.serial('that a trigger has gone is told with what went after it, and not as Ready', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  const running = startKoreo(t, ['run'], { cwd });
  await running.until(({ stdout }) => /✔ Fruit kitchen\/pear {2}Ready/.test(stdout));
  rmSync(join(cwd, 'fruits/pear.yaml'));
  await running.until(({ stdout }) => /Deleted/i.test(stdout));
  t.regex(running.stdout, /✔ Fruit kitchen\/pear {2}Deleted {2}deleted Juice kitchen\/pear {2}\(\d+ ms\)/);
});

test.serial('--once ends with 1 when a trigger is not Ready, and says why', async (t) => {
  const cwd = tempFolder(t, { ...FRUIT_PROJECT, 'fruits/nothing.yaml': fruit('nothing', '{}') });
  const { code, stdout } = await koreoProcess(['run', '--once'], { cwd });
  t.is(code, 1);
  t.regex(stdout, /✘ Fruit kitchen\/nothing {2}Failed: spec\.return\.text \(definitions\/recipe\.koreo:\d+:\d+\)/);
  t.regex(stdout, /3 triggers, 1 not ready/);
});

test.serial('--once without a trigger says so and ends with 0', async (t) => {
  const cwd = tempFolder(t);
  const { code, stdout } = await koreoProcess(['run', '--once'], { cwd });
  t.is(code, 0, stdout);
  t.regex(stdout, /no triggers/);
});

for (const path of ['fruits/apple.yaml', 'definitions/workflow.koreo']) {
  test.serial(`--once that finds no trigger because ${path} cannot be read ends with 1`, async (t) => {
    const cwd = tempFolder(t, FRUIT_PROJECT);
    rmSync(join(cwd, 'fruits/pear.yaml'));
    writeFileSync(join(cwd, path), 'spec: [\n');
    const { code, stdout } = await koreoProcess(['run', '--once'], { cwd });
    t.is(code, 1, stdout);
    t.regex(stdout, /no triggers: nothing that could be read/);
    t.true(stdout.includes(`problem: ${path}:`));
  });
}

test.serial('with -o json every line is an object that says who, what came of it, and what was changed', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  const { stdout } = await koreoProcess(['run', '--once', '-o', 'json'], { cwd });
  const created = lines(stdout).find(({ trigger, changes }) => trigger?.name === 'apple' && changes?.length === 1);
  t.like(created, {
    type: 'run',
    trigger: { apiVersion: 'fruit.example.com/v1', kind: 'Fruit', name: 'apple', namespace: 'kitchen' },
    store: 'fruits',
    workflow: 'juice.v1',
    causes: ['start'],
    outcome: { type: 'Retry', delay: 0 },
    error: null,
    level: 'info',
    key: 'fruits Fruit kitchen/apple',
  });
  const all = lines(stdout);
  for (const line of all) t.regex(String(line.time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const ids = all.filter(({ type }) => type === 'run').map(({ runId }) => runId);
  t.is(new Set(ids).size, ids.length, 'no two runs have one id');
  t.deepEqual(created?.changes, [
    {
      action: 'created',
      apiVersion: 'fruit.example.com/v1',
      kind: 'Juice',
      name: 'apple',
      namespace: 'kitchen',
      differences: [],
    },
  ]);
  t.is(typeof created?.durationMs, 'number');
});

test.serial(
  'while it runs, an edit of a trigger and of a definition take effect, on what they are about only',
  async (t) => {
    const cwd = tempFolder(t, FRUIT_PROJECT);
    const running = startKoreo(t, ['run', '-o', 'json'], { cwd });
    await running.until(() => runs(running, 'apple', 'Ok').length > 0 && runs(running, 'pear', 'Ok').length > 0);

    const from = lines(running.stdout).length;
    writeFiles(cwd, { 'fruits/apple.yaml': fruit('apple', 'sour apples') });
    await running.until(() => runs(running, 'apple', 'Ok', from).length > 0);
    t.regex(readFileSync(join(cwd, 'out/kitchen/Juice/apple.yaml'), 'utf8'), /press sour apples/);
    t.deepEqual(runs(running, 'pear', 'Ok', from), [], 'nobody touched the pear');
    const patched = lines(running.stdout)
      .slice(from)
      .flatMap(({ changes }) => changes ?? []);
    t.like(patched[0], { action: 'patched', kind: 'Juice', name: 'apple', differences: ['spec.text'] });

    const took: number[] = [];
    for (const [before, after] of [
      ['press', 'squeeze'],
      ['squeeze', 'mash'],
      ['mash', 'squeeze'],
    ]) {
      const since = lines(running.stdout).length;
      const start = Date.now();
      replaceIn(cwd, 'definitions/recipe.koreo', `"${before} "`, `"${after} "`);
      const all = (outcome: string) =>
        ['apple', 'pear'].every((name) => runs(running, name, outcome, since).length > 0);
      await running.until(() => all('Retry'));
      took.push(Date.now() - start);
      await running.until(() => all('Ok'));
    }
    t.true(Math.min(...took) < 1000, `within a second, on a machine that has the time: ${took.join(', ')} ms`);
    t.regex(readFileSync(join(cwd, 'out/kitchen/Juice/pear.yaml'), 'utf8'), /squeeze pears/);

    running.process.kill('SIGTERM');
    t.is((await running.ended).code, 0);
  },
);

test.serial(
  'a definition that breaks is told with file, line and column, what needs it waits, and all else goes on',
  async (t) => {
    const other = FRUIT_PROJECT['definitions/workflow.koreo']
      ?.replace('juice.v1, namespace', 'other.v1, namespace')
      .replace('kind: Fruit', 'kind: Herb')
      .split('    - label: juice')[0]
      ?.replace('recipe.v1', 'tea.v1');
    const tea = FRUIT_PROJECT['definitions/recipe.koreo']?.replace('recipe.v1', 'tea.v1');
    const cwd = tempFolder(t, {
      ...FRUIT_PROJECT,
      'definitions/other.koreo': `${other}---${tea}`,
      'out/mint.yaml': fruit('mint', 'mint').replace('kind: Fruit', 'kind: Herb'),
    });
    const running = startKoreo(t, ['run', '-o', 'json'], { cwd });
    await running.until(() => ['apple', 'pear', 'mint'].every((name) => runs(running, name, 'Ok').length > 0));

    let from = lines(running.stdout).length;
    replaceIn(cwd, 'definitions/recipe.koreo', '"press " +', '"press " + +');
    const told = (state: string): readonly Line[] =>
      lines(running.stdout)
        .slice(from)
        .filter((line) => line.type === 'problem' && line.state === state);
    await running.until(() => told('found').length >= 2 && runs(running, 'apple', 'Retry', from).length > 0);
    const broken = told('found').find(({ definition }) => definition === 'ValueFunction kitchen/recipe.v1');
    t.like(broken, { file: 'definitions/recipe.koreo', line: 7 });
    t.true((broken?.column ?? 0) > 11);

    writeFiles(cwd, { 'out/mint.yaml': fruit('mint', 'peppermint').replace('kind: Fruit', 'kind: Herb') });
    await running.until(() => runs(running, 'mint', 'Ok', from).length > 0);

    from = lines(running.stdout).length;
    replaceIn(cwd, 'definitions/recipe.koreo', '+ +', '+');
    await running.until(() => told('solved').length >= 2 && runs(running, 'apple', 'Ok', from).length > 0);
    running.process.kill('SIGINT');
    t.is((await running.ended).code, 0);
  },
);

test.serial('a file that does not parse is told with its place, and when it is mended', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  const running = startKoreo(t, ['run'], { cwd });
  await running.until(({ stdout }) => stdout.includes('✔ Fruit kitchen/apple'));
  writeFiles(cwd, { 'fruits/apple.yaml': `${fruit('apple', 'apples')}  oops: [` });
  await running.until(({ stdout }) => /problem: fruits\/apple\.yaml:\d+:\d+/.test(stdout));
  writeFiles(cwd, { 'fruits/apple.yaml': fruit('apple', 'apples') });
  await running.until(({ stdout }) => /solved: fruits\/apple\.yaml:\d+:\d+/.test(stdout));
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0);
});

test.serial('logging says what is told and how; -o and LOG_LEVEL have their say', async (t) => {
  const config = `${FRUIT_PROJECT['koreo.config.yaml']}logging: {format: json}\n`;
  const cwd = tempFolder(t, {
    ...FRUIT_PROJECT,
    'fruits/nothing.yaml': fruit('nothing', '{}'),
    'koreo.config.yaml': config,
  });
  const json = await koreoProcess(['run', '--once'], { cwd });
  t.like(
    lines(json.stdout).find(({ trigger }) => trigger?.name === 'nothing'),
    { type: 'run', level: 'warn' } as Line,
  );
  const text = await koreoProcess(['run', '--once', '-o', 'text'], { cwd, env: { LOG_LEVEL: 'WARNING' } });
  t.regex(text.stdout, /^\d\d:\d\d:\d\d ✘ Fruit kitchen\/nothing .*\n3 triggers, 1 not ready\n$/);
});

test.serial('a second signal ends it at once, whatever a run is doing', async (t) => {
  const cwd = tempFolder(t, {
    ...FRUIT_PROJECT,
    'koreo.config.yaml': `plugins: [./stuck.mjs]\n${FRUIT_PROJECT['koreo.config.yaml']}loop: {stepTimeoutSeconds: 600, stopGraceSeconds: 600}\n`,
    'stuck.mjs': `
import { writeFileSync } from 'node:fs';
const never = () => new Promise(() => writeFileSync('asked', ''));
export default {
  name: 'stuck',
  apiVersion: 'v1',
  register: (registry) => registry.resourceHandler({
    name: 'stuck', claims: ({ kind }) => kind === 'Juice', storeOf: () => 'out',
    kind: async (gvk) => ({ ...gvk, plural: 'juices', namespaced: true }),
    read: never, create: never, apply: never, patch: never, remove: never,
  }),
};`,
  });
  const running = startKoreo(t, ['run'], { cwd });
  while (!existsNow(cwd, 'asked')) await new Promise((resolve) => setTimeout(resolve, 20));
  running.process.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.is(running.process.exitCode, null, 'the first lets runs end');
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 143);
});

function existsNow(folder: string, path: string): boolean {
  try {
    readFileSync(join(folder, path));
    return true;
  } catch {
    return false;
  }
}

test.serial('while it runs it answers probes and metrics, from before the stores are read', async (t) => {
  const cwd = tempFolder(t, {
    ...FRUIT_PROJECT,
    'koreo.config.yaml': `${FRUIT_PROJECT['koreo.config.yaml']}server: {port: 0}\n`,
  });
  const running = startKoreo(t, ['run', '-o', 'json'], { cwd });
  await running.until(({ stdout }) => lines(stdout).length > 0);
  const [serving] = lines(running.stdout);
  t.is(serving?.type, 'serving');
  const get = async (path: string) => (await fetch(`${serving?.url}${path}`)).text();
  t.is(await get('/livez'), 'ok\n');
  await running.until(() => ['apple', 'pear'].every((name) => runs(running, name, 'Ok').length > 0));
  t.is(await get('/readyz'), 'ok\n');
  const metrics = parseExposition(await get('/metrics'));
  const counted = lines(running.stdout).filter(({ type }) => type === 'run').length;
  const told = ['Ok', 'Retry'].map((outcome) => sampleOf(metrics, 'koreo_runs_total', { outcome }) ?? 0);
  t.is(
    told.reduce((sum, one) => sum + one),
    counted,
  );
  t.is(sampleOf(metrics, 'koreo_resource_changes_total', { kind: 'Juice', action: 'created' }), 2);
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0);
  await t.throwsAsync(get('/livez'), undefined, 'nothing is left behind');
});

test.serial('a port that is taken ends it with 1, and says what to do', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1');
  t.teardown(() => blocker.close());
  await once(blocker, 'listening');
  const { port } = blocker.address() as AddressInfo;
  const cwd = tempFolder(t, { ...FRUIT_PROJECT });
  const config = { 'koreo.config.yaml': `${FRUIT_PROJECT['koreo.config.yaml']}server: {port: ${port}}\n` };
  writeFiles(cwd, config);
  const { code, stderr } = await koreoProcess(['run'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /cannot serve probes and metrics on 127\.0\.0\.1:\d+: the port is in use/);
});

test.serial('a configuration that cannot be used ends with 2', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': 'stores:\n  - {name: a, type: file-system, roots: .}\n' });
  const { code, stderr } = await koreoProcess(['run', '--once'], { cwd });
  t.is(code, 2);
  t.regex(stderr, /koreo\.config\.yaml:2:34 stores\[0\]\.roots: there is no field 'roots' here; did you mean 'root'\?/);
  const missing = await koreoProcess(['run', '--config', 'nope.yaml'], { cwd });
  t.is(missing.code, 2);
  t.regex(missing.stderr, /nope\.yaml: there is no such file/);
});

test.serial('a reader that goes away ends it', async (t) => {
  const cwd = tempFolder(t, FRUIT_PROJECT);
  const running = startKoreo(t, ['run'], { cwd });
  running.process.stdout.destroy();
  const { code, stderr } = await running.ended;
  t.is(stderr, '');
  t.is(code, 0);
});
