import test, { type ExecutionContext } from 'ava';
import { definePlugin } from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import type { Check } from '../../../cli/serve/check.js';
import { DutyBoard } from '../../../cli/serve/duty.js';
import { Health } from '../../../cli/serve/health.js';
import {
  Harness,
  type HarnessOptions,
  order,
  resources,
  SHOP,
  start,
  step,
  workflow,
} from '../../support/kernel-harness.js';
import { StoreGate } from '../../support/store-gate.js';

const LIMITS = { stalledAfterSeconds: 300, degradedAfterSeconds: 30, stepTimeoutSeconds: 10 };

/** A started kernel, and the health of the process that it is the kernel of. */
async function running(t: ExecutionContext, options: HarnessOptions) {
  const shop = await start(t, options);
  const board = new DutyBoard();
  board.set({ type: 'working', kernel: shop.kernel, elected: false });
  return { shop, board, health: healthOf(t, board, shop) };
}

function healthOf(t: ExecutionContext, board: DutyBoard, { clock }: Harness): Health {
  const health = new Health(board, { ...LIMITS, clock });
  t.teardown(() => health.close());
  return health;
}

const failures = (checks: readonly Check[]): readonly (string | undefined)[] =>
  checks.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: ${failure}`]));

test('a process that is starting is live and not ready; one that stands by is both; one that stops is not ready', (t) => {
  const board = new DutyBoard();
  const health = healthOf(t, board, new Harness({}));
  t.deepEqual(failures(health.live()), []);
  t.deepEqual(failures(health.ready()), ['duty: it is starting: nothing has been read yet']);
  board.set({ type: 'standby' });
  t.deepEqual(failures([...health.live(), ...health.ready()]), []);
  board.stopping();
  t.deepEqual(failures(health.live()), []);
  t.deepEqual(failures(health.ready()), ['duty: it is stopping']);
});

test('it is ready when every watch has told what is there, and says until then which have not', async (t) => {
  const shop = new Harness({ world: SHOP });
  t.teardown(() => shop.kernel.stop());
  const board = new DutyBoard();
  const health = healthOf(t, board, shop);
  board.set({ type: 'working', kernel: shop.kernel, elected: false });
  t.is(failures(health.ready()).length, 1);
  t.regex(
    String(failures(health.ready())[0]),
    /^watches: waits to be told what there is of: ResourceTemplate \(koreo.dev\/v1beta1\) of store memory, /,
  );
  await shop.kernel.start();
  t.deepEqual(failures(health.ready()), []);
  shop.apply(workflow('refunds', [step('price', { inputs: { count: 1 } })], 'Refund'));
  await shop.idle();
  t.deepEqual(failures(health.ready()), []);
});

test('a plug-in that is out makes it not ready, by name, and is no reason to be restarted', async (t) => {
  const acme = definePlugin({
    name: 'acme',
    apiVersion: 'v1',
    register: (registry) => registry.lifecycle({ start: () => Promise.reject(new Error('no port')) }),
  });
  const { health } = await running(t, { world: SHOP, plugins: [cel, acme] });
  t.deepEqual(failures(health.ready()), [
    "plugin-acme: plug-in 'acme' is out: it could not start; the log of the start says why",
  ]);
  t.deepEqual(failures(health.live()), []);
});

test('a store that cannot be used makes it not ready after a grace, with the reason, and ready when it is back', async (t) => {
  const { shop, health } = await running(t, { world: SHOP });
  shop.store.health.next({ state: 'degraded', message: 'the API server cannot be reached', problems: [] });
  await shop.pass(29);
  t.deepEqual(failures(health.ready()), [], 'a short break is forgiven');
  shop.store.health.next({ state: 'degraded', message: 'connection refused', problems: [] });
  await shop.pass(1);
  t.deepEqual(failures(health.ready()), ['store-memory: connection refused (for 30 s)']);
  t.deepEqual(failures(health.live()), [], 'a restart would not bring it back');
  shop.store.health.next({ state: 'healthy', problems: [] });
  t.deepEqual(failures(health.ready()), []);
  shop.store.health.next({ state: 'degraded', message: 'gone again', problems: [] });
  await shop.pass(29);
  t.deepEqual(failures(health.ready()), [], 'the grace begins anew');
});

test('a file that does not parse is for its author to mend, and keeps nothing from being ready', async (t) => {
  const { shop, health } = await running(t, { world: SHOP });
  shop.store.health.next({ state: 'degraded', problems: [{ code: 'document-syntax', message: 'no YAML' }] });
  await shop.pass(3600);
  t.deepEqual(failures(health.ready()), []);
});

test('a queue in which nothing moves fails the liveness after its limit, and not before', async (t) => {
  const { shop, health } = await running(t, { world: SHOP, loop: { concurrency: 1, stepTimeoutSeconds: 100_000 } });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'get');
  shop.apply(order('one', { count: 1 }));
  await shop.clock.settle();
  t.is(gate.held, 1);
  await shop.clock.advance(3_600_000);
  t.deepEqual(failures(health.live()), [], 'one long run with nobody waiting for it is no hang');
  shop.apply(order('two', { count: 1 }));
  await shop.clock.advance(299_000);
  t.deepEqual(failures(health.live()), []);
  await shop.clock.advance(2000);
  t.deepEqual(failures(health.live()), [
    'queue: 1 trigger is in line, 1 in work, and no run has begun or ended for 5 min (the limit is 5 min)',
  ]);
  gate.open();
  await shop.idle();
  t.deepEqual(failures(health.live()), []);
});

test('runs that may take longer by their time limits are waited for', async (t) => {
  const slow = workflow('slow', [step('price', { inputs: { count: 1 }, timeoutSeconds: 1000 })], 'Refund');
  const { shop, health } = await running(t, {
    world: SHOP + slow,
    loop: { concurrency: 1, stepTimeoutSeconds: 100_000 },
  });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'get');
  shop.apply(order('one', { count: 1 }));
  shop.apply(order('two', { count: 1 }));
  await shop.clock.advance(1_059_000);
  t.deepEqual(failures(health.live()), []);
  await shop.clock.advance(2000);
  t.is(failures(health.live()).length, 1);
  gate.open();
  await shop.idle();
});

test('what is asked is about the kernel of now', async (t) => {
  const { shop, board, health } = await running(t, { world: SHOP });
  shop.store.health.next({ state: 'degraded', message: 'lost', problems: [] });
  await shop.pass(60);
  t.is(failures(health.ready()).length, 1);
  const next = await start(t, { stores: [new MemoryStore({ name: 'other', resources: resources(SHOP) })] });
  board.set({ type: 'standby' });
  board.set({ type: 'working', kernel: next.kernel, elected: true });
  t.deepEqual(failures(health.ready()), []);
  t.true(health.ready().some(({ name }) => name === 'store-other'));
});
