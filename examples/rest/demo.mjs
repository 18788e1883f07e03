// Shows teams of a JSON file becoming repositories and memberships of a forge: runs the forge and koreo on a copy of these files,
// breaks and changes things as people do, and shows what comes of it. Nothing here is timed: each step waits until the
// forge itself says that it has happened. Run it with `npm run rest`.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../..');
const OUT = join(HERE, 'out');
const CONFIG = join(OUT, 'koreo.config.yaml');
const TEAMS = join(OUT, 'data/teams.json');
const PATIENCE_MS = 60_000;
/** Who may use the forge; nobody but the two processes ever sees it. */
const FORGE_TOKEN = randomBytes(16).toString('hex');

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, red, green, cyan] = [1, 2, 31, 32, 36].map(paint);

/** Whatever runs beside this, so that nothing is left however it ends. */
const children = new Set();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

await main();

async function main() {
  copyExample();
  say('A forge, as companies have one, with nothing in it yet.');
  let forge = await startForge('0');
  writeFileSync(CONFIG, readFileSync(CONFIG, 'utf8').replace('127.0.0.1:4180', `127.0.0.1:${forge.port}`));
  say('Two teams are written down in a JSON file. koreo gives them what they are to have.');
  const koreo = startKoreo();
  await koreo.until('both teams are there', async () =>
    matches(await memberships(), 'engine: ada, grace', 'compilers: grace'),
  );
  await koreo.until('their repositories are there', async () => (await repositories()).length === 3);
  await koreo.until('koreo has seen that all is well', () =>
    ['engine', 'compilers'].every((team) => isReady(koreo.told, team)),
  );
  await showForge();

  say('The forge breaks down. Meanwhile somebody writes Linus into a team.');
  forge.child.kill('SIGKILL');
  await forge.ended;
  edit(
    '{ "user": "grace", "role": "member" }',
    '{ "user": "grace", "role": "member" },\n        { "user": "linus", "role": "member" }',
  );
  await koreo.until('koreo says what it waits for', () =>
    koreo.told.includes('Reading Membership engine/linus failed'),
  );
  say('It is started again, and all goes on by itself.');
  let before = koreo.told.length;
  forge = await startForge(forge.port);
  await koreo.until('Linus is in the team', async () => matches(await memberships(), 'engine: ada, grace, linus'));
  await koreo.until('koreo has seen that all is well', () => isReady(koreo.told.slice(before), 'engine'));

  say('Somebody makes the engine public by hand, and writes another description.');
  before = koreo.told.length;
  await call('PATCH', '/repos/acme/engine', { visibility: 'public', description: 'Free for all!' });
  process.stdout.write(`${red('  - acme/engine is private: The analytical engine')}\n`);
  process.stdout.write(`${green('  + acme/engine is public: Free for all!')}\n`);
  const isRight = ({ name, visibility, description }) =>
    name === 'engine' && visibility === 'private' && description === 'The analytical engine';
  await koreo.until('it is put right', async () => (await repositories()).some(isRight));
  await koreo.until('koreo has seen that all is well', () => isReady(koreo.told.slice(before), 'engine'));

  say('Grace leaves the engine team, and stays with the compilers. An old repository is taken off the list.');
  before = koreo.told.length;
  edit(
    ',\n        { "name": "engine-notes", "description": "What it can do, and what not", "visibility": "public" }',
    '',
  );
  edit('        { "user": "grace", "role": "member" },\n', '');
  await koreo.until('koreo has seen that all is well', () =>
    koreo.told.slice(before).includes('deleted Membership engine/grace'),
  );
  await koreo.until('she has left', async () => matches(await memberships(), 'engine: ada, linus', 'compilers: grace'));
  await showForge();
  process.stdout.write('  (A membership that nobody wants goes; a repository stays, since its definition says so.)\n');

  koreo.child.kill('SIGINT');
  const code = await koreo.ended;
  if (code !== 0) throw new Error(`koreo ended with ${code}`);
  if (koreo.told.includes(FORGE_TOKEN)) throw new Error('the token was told');
  forge.child.kill();
  await forge.ended;
  say(`Done. The files are in ${relative(ROOT, OUT)}; examples/rest/README.md goes through them.`);
}

/** The forge, when it listens. Its port is the same after a break. */
async function startForge(port) {
  const data = join(OUT, 'forge.json');
  const command = [join(HERE, 'forge.mjs'), '--port', port, '--data', data];
  process.stdout.write(`${bold('$ node examples/rest/forge.mjs')}\n`);
  const process_ = start(command, { FORGE_TOKEN });
  await process_.until('the forge listens', () => /:(\d+)\//.test(process_.told));
  return { ...process_, port: /:(\d+)\//.exec(process_.told)[1] };
}

function startKoreo() {
  const config = relative(ROOT, CONFIG);
  process.stdout.write(`${bold(`$ koreo run --config ${config}`)}\n`);
  return start([join(ROOT, 'dist/cli/main.js'), 'run', '--config', config], { FORGE_TOKEN });
}

/** A process whose output is shown as it comes. */
function start(command, environment) {
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const ended = once(child, 'exit').then(([code]) => {
    children.delete(child);
    return code;
  });
  const running = { child, ended, told: '', until };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    running.told += text;
    process.stdout.write(text.replace(/^(?=.)/gm, `${dim('│')} `));
  });
  return running;
}

/** Asks again and again until it is so: the forge tells nobody of itself. */
async function until(what, isSo) {
  const limit = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`not within ${PATIENCE_MS / 1000} seconds: ${what}`);
    if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode} before ${what}`);
    await pause(50);
  }
}

function copyExample() {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  for (const part of ['koreo.config.yaml', 'definitions', 'data']) {
    cpSync(join(HERE, part), join(OUT, part), { recursive: true });
  }
}

/** Changes one place of the file of teams, as an editor does, and shows the change. */
function edit(old, now) {
  const before = readFileSync(TEAMS, 'utf8');
  if (!before.includes(old)) throw new Error(`there is no ${old} in ${TEAMS}`);
  writeFileSync(TEAMS, before.replace(old, now));
  process.stdout.write(`  ${bold(relative(ROOT, TEAMS))}\n`);
  const [gone, come] = [old, now].map((text) => text.split('\n').filter((line) => /\w/.test(line)));
  for (const line of gone.filter((one) => !come.includes(one))) process.stdout.write(`${red(`  - ${line.trim()}`)}\n`);
  for (const line of come.filter((one) => !gone.includes(one)))
    process.stdout.write(`${green(`  + ${line.trim()}`)}\n`);
}

/** What somebody sees who looks at the forge. */
async function showForge() {
  say('The forge now has:');
  for (const { name, visibility, description } of await repositories()) {
    process.stdout.write(`  acme/${name.padEnd(14)} ${visibility.padEnd(9)} ${description}\n`);
  }
  for (const line of await memberships()) process.stdout.write(`  ${line}\n`);
}

async function repositories() {
  return call('GET', '/orgs/acme/repos');
}

/** Who is in which team, a line each. */
async function memberships() {
  const teams = ['engine', 'compilers'];
  const lists = await Promise.all(teams.map((team) => call('GET', `/teams/${team}/memberships`)));
  return teams.map((team, index) => `${team}: ${lists[index].memberships.map(({ user }) => user).join(', ')}`);
}

/** Whether koreo has said that the team has all that it is to have. */
function isReady(told, team) {
  return new RegExp(`✔ Team ${team} +Ready`).test(told);
}

function matches(lines, ...wanted) {
  return wanted.every((line) => lines.includes(line));
}

async function call(method, path, body) {
  const base = /baseUrl: (\S+)/.exec(readFileSync(CONFIG, 'utf8'))[1];
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${FORGE_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return response.json();
}

function say(text) {
  process.stdout.write(`\n${cyan(text)}\n`);
}
