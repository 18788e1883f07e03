// Shows the shop at work: runs koreo on a copy of its files, edits them as a person would, and shows what comes of it.
// Nothing here is timed: each step waits until the files say that it has happened. Run it with `npm run shop`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../..');
const OUT = join(HERE, 'out');
const DATA = join(OUT, 'data');
const CONFIG = relative(ROOT, join(OUT, 'koreo.config.yaml'));
const PATIENCE_MS = 60_000;

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, red, green, cyan] = [1, 2, 31, 32, 36].map(paint);

/** The text of each file as it was when it was last shown. */
const shown = new Map();

await main();

async function main() {
  copyShop();
  say('Three orders came in. One is for a desk, and there is no desk in stock.');
  const koreo = startKoreo();
  try {
    await shopping(koreo);
  } finally {
    koreo.child.kill('SIGINT');
  }
  const code = await koreo.ended;
  if (code !== 0) throw new Error(`koreo ended with ${code}`);
  tellEnd();
}

async function shopping(koreo) {
  const isReady = (order) => new RegExp(`Order ${order} +Ready`).test(koreo.told);
  await koreo.until(() => ['1001', '1002'].every(isReady) && koreo.told.includes('waiting for 1 more of desk'));
  say('Two orders are shipped and invoiced; 1003 waits. Now three desks arrive, and somebody writes it down.');
  edit('stock.json', /("desk": \{ "onHand": )0/, '$13');
  await koreo.until(() => isReady('1003'));
  show('invoices.json', 'What came of it');

  say('Ada is in a hurry after all: her order is made express while koreo runs.');
  edit('orders.json', /("id": "1001",)/, '$1\n      "express": true,');
  const before = koreo.told.length;
  await koreo.until(() => /Order 1001 +Ready/.test(koreo.told.slice(before)));
  show('shipments.json', 'Of the shipment only the carrier changed; the invoice, once written, stays as it is');
}

/** A koreo that runs on the copy; what it prints is shown as it comes. */
function startKoreo() {
  process.stdout.write(`${bold(`$ koreo run --config ${CONFIG}`)}\n`);
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'run', '--config', CONFIG], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // However this ends, nothing is left running.
  process.once('exit', () => child.kill());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const koreo = { child, told: '', ended: once(child, 'exit').then(([code]) => code), until };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    koreo.told += text;
    process.stdout.write(text.replace(/^(?=.)/gm, `${dim('│')} `));
  });
  return koreo;
}

/** Waits until the condition holds, and looks again whenever koreo says something or a file of the shop changes. */
async function until(condition) {
  const { child, ended } = this;
  const watching = new AbortController();
  const holds = new Promise((resolve) => {
    const look = () => condition() && resolve();
    child.stdout.on('data', look);
    watching.signal.addEventListener('abort', () => child.stdout.off('data', look));
    watch(DATA, { signal: watching.signal }, look);
    look();
  });
  let deadline;
  const late = new Promise((_resolve, reject) => {
    deadline = setTimeout(() => reject(new Error(`this should not take ${PATIENCE_MS / 1000} seconds`)), PATIENCE_MS);
  });
  const gone = ended.then((code) => Promise.reject(new Error(`koreo ended with ${code} before its time`)));
  try {
    await Promise.race([holds, late, gone]);
  } finally {
    clearTimeout(deadline);
    watching.abort();
  }
}

function copyShop() {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  for (const part of ['koreo.config.yaml', 'definitions', 'data']) {
    cpSync(join(HERE, part), join(OUT, part), { recursive: true });
  }
}

/** Changes one place of a file, as an editor does, and shows the change. */
function edit(file, pattern, replacement) {
  const path = join(DATA, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(pattern, replacement);
  for (const other of ['shipments.json', 'invoices.json']) shown.set(other, textOf(other));
  writeFileSync(path, after);
  tellDifference(file, before, after);
}

function show(file, what) {
  say(`${what}:`);
  tellDifference(file, shown.get(file) ?? '', textOf(file));
}

/** Prints what lies between the lines that two texts have in common at their beginning and end. */
function tellDifference(file, before, after) {
  const [old, now] = [before, after].map((text) => text.split('\n'));
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const lines = [
    bold(relative(ROOT, join(DATA, file))),
    ...old.slice(start, old.length - end).map((line) => red(`- ${line}`)),
    ...now.slice(start, now.length - end).map((line) => green(`+ ${line}`)),
  ];
  process.stdout.write(`${lines.map((line) => `  ${line}`).join('\n')}\n`);
}

function tellEnd() {
  const rows = invoices().map(({ number, customer, total }) => {
    const { carrier, parcels } = shipments().find(({ order }) => `INV-${order}` === number) ?? {};
    return `  ${number}  ${customer.padEnd(14)} ${(total / 100).toFixed(2).padStart(8)}  by ${carrier}: ${parcels?.join(', ')}`;
  });
  say('Done. The shop now has:');
  process.stdout.write(`${rows.join('\n')}\n`);
  say(`Its files are in ${relative(ROOT, DATA)}. To go on: npx koreo run --config ${CONFIG}`);
}

function invoices() {
  return listIn('invoices.json', 'invoices');
}

function shipments() {
  return listIn('shipments.json', 'shipments');
}

function listIn(file, key) {
  const text = textOf(file);
  return text === '' ? [] : (JSON.parse(text)[key] ?? []);
}

function textOf(file) {
  try {
    return readFileSync(join(DATA, file), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

function say(text) {
  process.stdout.write(`\n${cyan(text)}\n`);
}
