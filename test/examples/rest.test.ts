import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { koreoProcess } from '../support/koreo.js';
import { checkTestsAndDefinitions } from './support/checks.js';
import { copyExample, documentIn, edit, filesIn, footprint, textOf } from './support/example.js';

const FORGE_TOKEN = 'the-token-of-the-forge';
const FORGE = 'forge/forge.json';
const TEAMS = 'data/teams.json';

/** A copy of the example, with its forge running; both are gone after the test. */
async function startExample(t: ExecutionContext): Promise<string> {
  const folder = copyExample(t, 'rest');
  const data = join(folder, FORGE);
  const forge = spawn(process.execPath, [join(folder, 'forge.mjs'), '--port', '0', '--data', data], {
    env: { ...process.env, FORGE_TOKEN },
  });
  t.teardown(async () => {
    forge.kill('SIGKILL');
    if (forge.exitCode === null) await once(forge, 'exit');
  });
  const [text] = (await once(forge.stdout.setEncoding('utf8'), 'data')) as [string];
  edit(folder, 'koreo.config.yaml', '127.0.0.1:4180', /127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '');
  return folder;
}

async function runOnce(t: ExecutionContext, folder: string): Promise<string> {
  const { code, stdout, stderr } = await koreoProcess(['run', '--once'], { cwd: folder, env: { FORGE_TOKEN } });
  t.is(code, 0, stdout + stderr);
  return stdout + stderr;
}

/** Asks the forge, as somebody with its API does. */
async function call(folder: string, method: string, path: string, body: JsonObject): Promise<void> {
  const address = /baseUrl: (\S+)/.exec(textOf(folder, 'koreo.config.yaml') ?? '')?.[1] ?? '';
  const headers = { authorization: `Bearer ${FORGE_TOKEN}` };
  const answer = await fetch(`${address}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`);
}

/** Who is in which team, as the forge has it: `engine/ada maintainer`. */
function memberships(folder: string): readonly string[] {
  const teams = Object.entries(
    (documentIn(folder, FORGE)?.memberships ?? {}) as Record<string, Record<string, JsonObject>>,
  );
  return teams
    .flatMap(([team, users]) => Object.entries(users).map(([user, { role }]) => `${team}/${user} ${String(role)}`))
    .sort();
}

function repositories(folder: string): Readonly<Record<string, JsonObject>> {
  return (documentIn(folder, FORGE)?.repositories ?? {}) as Record<string, JsonObject>;
}

test.serial('rest: its definitions and tests are right', async (t) => {
  await checkTestsAndDefinitions(t, copyExample(t, 'rest'));
});

test.serial(
  'rest: teams of a file become repositories and memberships, and then nothing is written any more',
  async (t) => {
    const folder = await startExample(t);
    await runOnce(t, folder);
    t.deepEqual(memberships(folder), ['compilers/grace maintainer', 'engine/ada maintainer', 'engine/grace member']);
    t.deepEqual(Object.keys(repositories(folder)).sort(), ['acme/a-0', 'acme/engine', 'acme/engine-notes']);
    t.like(repositories(folder)['acme/engine-notes'], { visibility: 'public', topics: ['team-engine'] });
    const before = footprint(folder);
    await runOnce(t, folder);
    t.deepEqual(footprint(folder), before);
  },
);

test.serial(
  'rest: what was made is looked at in the forge, and where it differs from what was applied is seen',
  async (t) => {
    const folder = await startExample(t);
    await runOnce(t, folder);
    await call(folder, 'PATCH', '/repos/acme/engine', { visibility: 'public' });
    const { stdout, code } = await koreoProcess(['inspect', 'Team', 'engine', '-vvv'], {
      cwd: folder,
      env: { FORGE_TOKEN },
    });
    t.is(code, 0);
    t.regex(stdout, /Membership engine\/ada +✔ Current/);
    t.regex(stdout, /spec\.visibility/);
  },
);

test.serial(
  'rest: whoever is taken off the list leaves the team; so do all of a team that is no more; repositories stay',
  async (t) => {
    const folder = await startExample(t);
    await runOnce(t, folder);
    edit(folder, TEAMS, ',\n        { "user": "grace", "role": "member" }', '');
    await runOnce(t, folder);
    t.deepEqual(memberships(folder), ['compilers/grace maintainer', 'engine/ada maintainer']);
    const text = textOf(folder, TEAMS) ?? '';
    const document = JSON.parse(text);
    writeFileSync(join(folder, TEAMS), JSON.stringify({ teams: document.teams.slice(1) }));
    await runOnce(t, folder);
    t.deepEqual(memberships(folder), ['compilers/grace maintainer']);
    t.is(Object.keys(repositories(folder)).length, 3);
  },
);

test.serial(
  'rest: who was in a team before, just as the list says, was not put there and is not taken out',
  async (t) => {
    const folder = await startExample(t);
    await call(folder, 'PUT', '/teams/engine/memberships/grace', { role: 'member' });
    await runOnce(t, folder);
    edit(folder, TEAMS, ',\n        { "user": "grace", "role": "member" }', '');
    await runOnce(t, folder);
    t.true(memberships(folder).includes('engine/grace member'));
  },
);

test.serial('rest: a token that is wrong is said so, and told nowhere', async (t) => {
  const folder = await startExample(t);
  const wrong = 'not-the-token-of-the-forge';
  const { code, stdout, stderr } = await koreoProcess(['run', '--once'], { cwd: folder, env: { FORGE_TOKEN: wrong } });
  t.not(code, 0);
  t.regex(stdout, /refused the credentials \(401\): who are you\?: renew them/);
  const everything = [stdout, stderr, ...Object.keys(footprint(folder)).map((path) => textOf(folder, path) ?? '')].join(
    '\n',
  );
  t.false(everything.includes(wrong));
  t.false(filesIn(folder).includes(FORGE));
});

test.serial('rest: the demonstration breaks the forge, heals what is done by hand, and ends by itself', async (t) => {
  const demo = fileURLToPath(new URL('../../../examples/rest/demo.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [demo]);
  for (const part of [
    'Reading Membership engine/linus failed',
    'nothing listens there (ECONNREFUSED)',
    'created Membership engine/linus',
    'patched Repository engine',
    'deleted Membership engine/grace',
    '  engine: ada, linus\n  compilers: grace\n',
    'Done.',
  ]) {
    t.true(stdout.includes(part), `${part} in:\n${stdout}`);
  }
});
