import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import type { Json } from 'koreo-kernel';
import { eventually } from '../support/eventually.js';
import { koreoProcess, startKoreo } from '../support/koreo.js';
import { checkConvergence, checkTestsAndDefinitions } from './support/checks.js';
import { copyExample, documentIn, edit, textOf } from './support/example.js';

const ORDERS = 'data/orders.json';
const STOCK = 'data/stock.json';
const SHIPMENTS = 'data/shipments.json';
const INVOICES = 'data/invoices.json';

const FIRST_INVOICES = [
  { number: 'INV-1001', order: '1001', customer: 'Ada Lovelace', goods: 1860, postage: 495, tax: 471, total: 2826 },
  { number: 'INV-1002', order: '1002', customer: 'Grace Hopper', goods: 450, postage: 1500, tax: 0, total: 1950 },
];

test.serial('shop: its definitions and tests are right', async (t) => {
  await checkTestsAndDefinitions(t, copyExample(t, 'shop'));
});

test.serial(
  'shop: what is in stock is shipped and invoiced; what is not waits, and so the shop is not yet as it should be',
  async (t) => {
    const folder = copyExample(t, 'shop');
    const before = [textOf(folder, ORDERS), textOf(folder, STOCK)];
    await checkConvergence(t, folder, 1);
    t.deepEqual(listIn(folder, SHIPMENTS, 'shipments'), [
      { order: '1001', to: 'Ada Lovelace, London, GB', carrier: 'post', parcels: ['12 × pencil', '2 × notebook'] },
      { order: '1002', to: 'Grace Hopper, New York, US', carrier: 'swift', parcels: ['1 × notebook'] },
    ]);
    t.deepEqual(listIn(folder, INVOICES, 'invoices'), FIRST_INVOICES);
    t.deepEqual([textOf(folder, ORDERS), textOf(folder, STOCK)], before, 'what the shop wrote itself stays as it is');
  },
);

test.serial('shop: the order that waits says for what, and is met when the stock arrives while it runs', async (t) => {
  const folder = copyExample(t, 'shop');
  const running = startKoreo(t, ['run'], { cwd: folder });
  await running.until(({ stdout }) => stdout.includes('waiting for 1 more of desk'), 60_000);
  await eventually('two invoices', () => listIn(folder, INVOICES, 'invoices').length === 2);

  edit(folder, STOCK, '"desk": { "onHand": 0', '"desk": { "onHand": 1');
  await eventually('three invoices', () => listIn(folder, INVOICES, 'invoices').length === 3);
  t.deepEqual(listIn(folder, INVOICES, 'invoices').at(-1), {
    number: 'INV-1003',
    order: '1003',
    customer: 'Piet Hein',
    goods: 25_380,
    postage: 0,
    tax: 6345,
    total: 31_725,
  });
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0);
  await checkConvergence(t, folder);
});

test.serial(
  'shop: what was promised stays promised when the stock is gone, and an invoice is never changed',
  async (t) => {
    const folder = copyExample(t, 'shop');
    await koreoProcess(['run', '--once'], { cwd: folder });
    edit(folder, STOCK, '"pencil": { "onHand": 400, "cents": 80 }', '"pencil": { "onHand": 0, "cents": 99 }');
    edit(folder, ORDERS, '"id": "1001",', '"id": "1001",\n      "express": true,');
    await koreoProcess(['run', '--once'], { cwd: folder });
    t.deepEqual(listIn(folder, INVOICES, 'invoices'), FIRST_INVOICES);
    const [first] = listIn(folder, SHIPMENTS, 'shipments');
    t.like(first, { order: '1001', carrier: 'swift', parcels: ['12 × pencil', '2 × notebook'] });
  },
);

test.serial('shop: the demonstration shows it all and ends by itself', async (t) => {
  const demo = fileURLToPath(new URL('../../../examples/shop/demo.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [demo]);
  for (const part of [
    'waiting for 1 more of desk',
    '+   "desk": { "onHand": 3',
    '+       "carrier": "swift"',
    'INV-1003',
  ]) {
    t.true(stdout.includes(part), `${part} in:\n${stdout}`);
  }
});

function listIn(folder: string, path: string, key: string): readonly Json[] {
  return (documentIn(folder, path)?.[key] ?? []) as readonly Json[];
}
