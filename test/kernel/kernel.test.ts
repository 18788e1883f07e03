import test from 'ava';
import {
  createKernel,
  DEFINITION_KINDS,
  errorMessage,
  KernelStateError,
  type Plugin,
  type PluginLifecycle,
  type RunReport,
  type StoreHealth,
  UnavailableError,
} from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore, VirtualClock } from 'koreo-kernel/testing';
import { firstValueFrom, from, switchMap } from 'rxjs';
import { Harness, order, resources, SHOP, start, step, valueFunction, workflow } from '../support/kernel-harness.js';
import { StoreGate } from '../support/store-gate.js';

/** A plug-in that writes its life into a diary. */
function diarist(
  name: string,
  diary: string[],
  { start, stop, ...more }: Partial<Plugin & PluginLifecycle> = {},
): Plugin {
  return {
    name,
    apiVersion: 'v1',
    register(registry) {
      diary.push(`register ${name}`);
      registry.lifecycle({
        start: start ?? (async () => void diary.push(`start ${name}`)),
        stop: stop ?? (() => void diary.push(`stop ${name}`)),
      });
    },
    ...more,
  };
}

test('plug-ins register all, then start in the order of their needs, and stop in reverse', async (t) => {
  const diary: string[] = [];
  const plugins = [
    diarist('a', diary, { requires: ['b'] }),
    diarist('b', diary, { requires: ['c'] }),
    diarist('c', diary),
  ];
  const kernel = createKernel({ plugins: [cel, ...plugins], stores: [new MemoryStore()], clock: new VirtualClock() });
  await kernel.start();
  await kernel.stop();
  t.deepEqual(diary, [
    ...['register a', 'register b', 'register c'],
    ...['start c', 'start b', 'start a'],
    ...['stop a', 'stop b', 'stop c'],
  ]);
});

test('a plug-in that cannot stop keeps no other from stopping, and is told as an incident', async (t) => {
  const diary: string[] = [];
  const stubborn = diarist('stubborn', diary, {
    stop: () => {
      throw new Error('busy');
    },
  });
  const shop = new Harness({ plugins: [cel, diarist('a', diary), stubborn, diarist('z', diary)] });
  await shop.kernel.start();
  await shop.kernel.stop();
  t.deepEqual(diary.slice(-2), ['stop z', 'stop a']);
  t.like(shop.incidents[0], { source: "plug-in 'stubborn'" });
  t.is(errorMessage(shop.incidents[0]?.error), 'could not stop: busy');
});

test('start and stop are each done once, however often they are asked for', async (t) => {
  const diary: string[] = [];
  const shop = new Harness({ plugins: [cel, diarist('a', diary)] });
  t.is(shop.kernel.start(), shop.kernel.start());
  await shop.kernel.start();
  t.is(shop.kernel.stop(), shop.kernel.stop());
  await shop.kernel.stop();
  t.deepEqual(diary, ['register a', 'start a', 'stop a']);
});

test('a kernel that has stopped does not start again', async (t) => {
  const { kernel } = new Harness({});
  await kernel.stop();
  await t.throwsAsync(kernel.start(), { instanceOf: KernelStateError });
});

test('to wait for a kernel that was never started is an error, not an endless wait', async (t) => {
  const { kernel } = new Harness({});
  await t.throwsAsync(kernel.whenIdle(), { instanceOf: KernelStateError });
});

test('a stop lets runs end, writes their status, and leaves neither timer nor watch behind', async (t) => {
  const shop = new Harness({ world: SHOP + order('one', { count: 1 }) });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'create');
  await shop.kernel.start();
  await shop.clock.settle();
  t.is(gate.held, 1);
  let stopped = false;
  const stopping = shop.kernel.stop().then(() => {
    stopped = true;
  });
  await shop.clock.advance(9000);
  t.false(stopped);
  gate.open();
  await stopping;
  t.is(shop.ready('one'), 'Unknown Wait');
  t.is(shop.clock.pending, 0);
  const { reads, writes } = shop.store;
  shop.apply(order('two', { count: 1 }) + valueFunction('price', { total: 1 }));
  await shop.clock.advance(5000_000);
  t.deepEqual([shop.store.reads, shop.store.writes], [reads, writes]);
});

test('a run that outlasts the grace period is aborted, and the kernel stops all the same', async (t) => {
  const shop = new Harness({ world: SHOP + order('one', { count: 1 }), loop: { stepTimeoutSeconds: 1000 } });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'create');
  await shop.kernel.start();
  await shop.clock.settle();
  const stopping = shop.kernel.stop({ graceMs: 100 });
  await shop.clock.advance(2000);
  await stopping;
  t.is(shop.ready('one'), 'undefined undefined');
  t.is(shop.clock.pending, 0);
  gate.open();
  await shop.clock.settle();
  t.is(shop.ready('one'), 'undefined undefined', 'nothing is written after the stop');
});

test('a stop during the start ends it', async (t) => {
  const diary: string[] = [];
  let openGate: () => void = () => undefined;
  const slow = diarist('slow', diary, {
    start: () =>
      new Promise<void>((resolve) => {
        openGate = resolve;
      }),
  });
  const shop = new Harness({ plugins: [cel, slow], world: SHOP + order('one', { count: 1 }) });
  const starting = shop.kernel.start();
  const stopping = shop.kernel.stop();
  await shop.clock.settle();
  openGate();
  await t.throwsAsync(starting, { instanceOf: KernelStateError });
  await stopping;
  t.deepEqual(diary, ['register slow', 'stop slow']);
  t.is(shop.store.reads, 0);
});

test('listeners are told that nothing more comes, and whoever waits for idleness goes on', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  let completed = 0;
  shop.kernel.reports.subscribe({ complete: () => completed++ });
  shop.kernel.incidents.subscribe({ complete: () => completed++ });
  const gate = new StoreGate(shop.store, () => true);
  shop.edit('Order', 'one', { spec: { count: 2 } });
  await shop.clock.settle();
  const waiting = shop.kernel.whenIdle();
  const stopping = shop.kernel.stop({ graceMs: 0 });
  await waiting;
  await shop.clock.advance(1000);
  await stopping;
  t.is(completed, 2);
  gate.open();
});

test('whenIdle waits for every trigger to have run, and not for the delay of a Retry', async (t) => {
  const world = SHOP + ['one', 'two', 'three'].map((name) => order(name, { count: 1 })).join('');
  const shop = new Harness({ world, loop: { concurrency: 1 } });
  t.teardown(() => shop.kernel.stop());
  await shop.kernel.start();
  await shop.kernel.whenIdle();
  t.deepEqual(
    shop.kernel.triggers().map(({ trigger, lastRun }) => [trigger.name, lastRun?.outcome.type]),
    [
      ['one', 'Retry'],
      ['two', 'Retry'],
      ['three', 'Retry'],
    ],
  );
});

test('a trigger counts as ready when its last run left it Ready or skipped, and it shows so', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) + order('paused', { count: 1 }) });
  shop.annotate('paused', { 'koreo.dev/paused': 'true' });
  await shop.idle();
  const ready = () => shop.kernel.triggers().map((one) => [one.trigger.name, one.ready]);
  t.deepEqual(ready(), [
    ['one', false],
    ['paused', true],
  ]);
  await shop.pass(5);
  t.deepEqual(ready()[0], ['one', true]);
  shop.store.intercept(({ verb }) => {
    if (verb === 'patchStatus') throw new UnavailableError('down');
  });
  shop.apply(order('three', { count: 1 }));
  await shop.pass(5.5);
  t.deepEqual(ready()[2], ['three', false], 'well done, but not shown');
});

test('nothing runs before all definitions are known', async (t) => {
  const first = new MemoryStore({ name: 'first', resources: resources(SHOP + order('one', { count: 1 })) });
  const second = new SlowStore();
  const shop = new Harness({
    stores: [first, second],
    defaultStore: 'first',
    definitions: [{ store: 'first' }, { store: 'second' }],
  });
  t.teardown(() => shop.kernel.stop({ graceMs: 0 }));
  const known: number[] = [];
  shop.kernel.definitions.subscribe((definitions) => known.push([...definitions.entries()].length));
  let started = false;
  void shop.kernel.start().then(() => {
    started = true;
  });
  await shop.clock.advance(60_000);
  t.false(started);
  t.deepEqual(
    shop.kernel.unsynced().map(({ store, kind }) => `${store} ${kind}`),
    DEFINITION_KINDS.map((kind) => `second ${kind}`),
  );
  t.deepEqual(shop.reports, []);
  t.deepEqual(known, [0], 'a half-read world is not linked');
  second.sync();
  await shop.clock.settle();
  t.true(started);
  await shop.idle();
  t.deepEqual(known, [0, 3]);
  t.is(shop.reports.length, 1);
});

test('a stop during the start gives runs that go on already their time', async (t) => {
  const world = SHOP + workflow('refunds', [step('price', { inputs: { count: 1 } })], 'Refund');
  const first = new MemoryStore({ name: 'first', resources: resources(world + order('one', { count: 1 })) });
  const shop = new Harness({
    stores: [first, new SlowStore()],
    routing: [{ kind: 'Refund', store: 'second' }],
    defaultStore: 'first',
    definitions: [{ store: 'first' }],
  });
  const gate = new StoreGate(first, ({ verb }) => verb === 'create');
  const starting = t.throwsAsync(shop.kernel.start(), { instanceOf: KernelStateError });
  await shop.clock.settle();
  t.is(gate.held, 1, 'Orders run although Refunds are not known yet');
  t.deepEqual(shop.kernel.unsynced(), [{ apiVersion: 'shop.example/v1', kind: 'Refund', store: 'second' }]);
  t.like(shop.kernel.queue(), { waiting: 0, running: 1 });
  const stopping = shop.kernel.stop({ graceMs: 5000 });
  await shop.clock.advance(4000);
  gate.open();
  await Promise.all([starting, stopping]);
  t.is(shop.ready('one'), 'Unknown Wait');
  t.is(shop.clock.pending, 0);
});

/** A store whose watches tell nothing until it is told to. */
class SlowStore extends MemoryStore {
  #open: () => void = () => undefined;
  readonly #synced = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  constructor() {
    super({ name: 'second' });
  }

  sync(): void {
    this.#open();
  }

  override watch(selector: Parameters<MemoryStore['watch']>[0]): ReturnType<MemoryStore['watch']> {
    return from(this.#synced).pipe(switchMap(() => super.watch(selector)));
  }
}

test('two kernels in one process share nothing', async (t) => {
  const one = await start(t, { world: SHOP + order('one', { count: 1 }) });
  const two = await start(t, { world: SHOP + order('two', { count: 2 }) });
  two.apply(valueFunction('price', { total: '=inputs.count * 100' }));
  await one.pass(10);
  await two.pass(10);
  t.deepEqual(
    one.kernel.triggers().map(({ trigger }) => trigger.name),
    ['one'],
  );
  t.deepEqual(
    two.kernel.triggers().map(({ trigger }) => trigger.name),
    ['two'],
  );
  t.like(one.see('Invoice', 'one'), { spec: { total: 3 } });
  t.like(two.see('Invoice', 'two'), { spec: { total: 200 } });
  await one.kernel.stop();
  two.edit('Order', 'two', { spec: { count: 1 } });
  await two.pass(10);
  t.like(two.see('Invoice', 'two'), { spec: { total: 100 } });
});

test('observers of plug-ins are told of every run; one that throws is an incident and harms no run', async (t) => {
  const told: RunReport[] = [];
  const observers: Plugin = {
    name: 'observers',
    apiVersion: 'v1',
    register: (registry) => {
      registry.observer({
        name: 'broken',
        onRun: () => {
          throw new Error('full');
        },
      });
      registry.observer({ name: 'audit', onRun: (report) => told.push(report) });
    },
  };
  const shop = await start(t, { plugins: [cel, observers], world: SHOP + order('one', { count: 1 }) });
  t.deepEqual(told, shop.reports);
  t.is(told.length, 1);
  t.deepEqual(
    shop.incidents.map(({ source }) => source),
    ["plug-in 'observers', the observer 'broken'"],
  );
});

test('the health of definitions is told now and with every change', async (t) => {
  const shop = await start(t, { world: SHOP });
  const seen: string[][] = [];
  const subscription = shop.kernel.definitions.subscribe((definitions) =>
    seen.push([...definitions.entries()].map(({ name, status }) => `${name} ${status}`).sort()),
  );
  shop.store.drop({ apiVersion: 'koreo.dev/v1beta1', kind: 'ValueFunction', name: 'price', namespace: 'defs' });
  await shop.idle();
  subscription.unsubscribe();
  t.deepEqual(seen, [
    ['invoice ready', 'orders ready', 'price ready'],
    ['invoice ready', 'orders waiting'],
  ]);
});

test('the health of every store is told by name', async (t) => {
  const shop = new Harness({});
  const health = new Map<string, StoreHealth>([['memory', { state: 'degraded', problems: [] }]]);
  shop.store.health.next({ state: 'degraded', problems: [] });
  t.deepEqual(await firstValueFrom(shop.kernel.storeHealth), health);
  await shop.kernel.stop();
});

test('stores that the kernel made are closed by it; those that it was given are not', async (t) => {
  const closed: string[] = [];
  class Closing extends MemoryStore {
    override async close(): Promise<void> {
      closed.push(this.name);
    }
  }
  const types: Plugin = {
    name: 'types',
    apiVersion: 'v1',
    register: (registry) =>
      registry.storeType({ type: 'closing', optionsSchema: {}, create: ({ name }) => new Closing({ name }) }),
  };
  const kernel = createKernel({
    plugins: [cel, types],
    stores: [new Closing({ name: 'given' }), { name: 'made', type: 'closing' }],
    definitions: [{ store: 'given' }],
    defaultStore: 'given',
    clock: new VirtualClock(),
  });
  await kernel.start();
  await kernel.stop();
  t.deepEqual(closed, ['made']);
});

test('what people wait for goes before what a start brought', async (t) => {
  const world = SHOP + ['a', 'b', 'c'].map((name) => order(name, { count: 1 })).join('');
  const shop = new Harness({ world, loop: { concurrency: 1 } });
  t.teardown(() => shop.kernel.stop());
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'get');
  await shop.kernel.start();
  await shop.clock.settle();
  shop.apply(order('urgent', { count: 1 }));
  gate.open();
  await shop.idle();
  t.deepEqual(
    shop.reports.map(({ trigger }) => trigger.name),
    ['a', 'urgent', 'b', 'c'],
  );
});
