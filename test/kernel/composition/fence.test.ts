import test from 'ava';
import {
  createKernel,
  FencedError,
  type Notice,
  type Plugin,
  type ResourceHandler,
  type Store,
  type StoreContext,
} from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { EMPTY } from 'rxjs';
import { Harness, order, SHOP, start } from '../../support/kernel-harness.js';
import { StoreGate } from '../../support/store-gate.js';
import { SwitchFence } from '../../support/switch-fence.js';

const WRITES = new Set(['create', 'apply', 'patch', 'patchStatus', 'delete']);

function storeOf(harness: Harness): Store {
  const store = harness.kernel.stores.get(harness.store.name);
  if (store === undefined) throw new Error('there is no store');
  return store;
}

const ref = { apiVersion: 'shop.example/v1', kind: 'Invoice', name: 'one', namespace: 'shop' };
const invoice = {
  apiVersion: 'shop.example/v1',
  kind: 'Invoice',
  metadata: { name: 'one', namespace: 'shop' },
  spec: { total: 1 },
};

test('as long as the fence stands, a kernel works as it does without one', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 2 }), fence: new SwitchFence() });
  await shop.pass(10);
  t.is(shop.ready('one'), 'True Ready');
  t.like(shop.see('Invoice', 'one')?.spec, { total: 6 });
});

test('when the fence is down every way to write is refused, and reading and watching go on', async (t) => {
  const fence = new SwitchFence();
  const shop = new Harness({ world: SHOP + order('one'), fence });
  t.teardown(() => shop.kernel.stop());
  const store = storeOf(shop);
  await store.create(invoice);
  fence.fall();
  const before = shop.store.writes;
  const writes = [
    store.create({ ...invoice, metadata: { name: 'two', namespace: 'shop' } }),
    store.apply(invoice),
    store.patch(ref, { spec: { total: 2 } }),
    store.patchStatus(ref, { status: { done: true } }),
    store.delete(ref),
  ];
  for (const write of writes) await t.throwsAsync(write, { instanceOf: FencedError });
  t.is(shop.store.writes, before);

  const { items } = await store.list(ref);
  t.is(items.length, 1);
  t.is((await store.get(ref))?.kind, 'Invoice');
  const told: string[] = [];
  const watch = store.watch(ref).subscribe(({ type }) => told.push(type));
  await shop.clock.settle();
  watch.unsubscribe();
  t.deepEqual(told, ['added', 'synced']);
});

test('a word about a resource is passed on while the fence stands, and dropped without a sound afterwards', (t) => {
  const fence = new SwitchFence();
  const words: string[] = [];
  const store = Object.assign(new MemoryStore(), { announce: (_: unknown, { reason }: Notice) => words.push(reason) });
  const fenced = storeOf(new Harness({ stores: [store], fence }));
  const notice = { type: 'Normal', reason: 'Created', action: 'Reconcile', message: 'made' } as const;
  fenced.announce?.(invoice, notice);
  fence.fall();
  fenced.announce?.(invoice, notice);
  t.deepEqual(words, ['Created']);
});

/** What stores may be able to do or not; how they treat deletions is no ability. */
type Ability = Exclude<{ [K in keyof Store]-?: undefined extends Store[K] ? K : never }[keyof Store], 'holdsDeletion'>;

/** A new one does not compile until it is here, and then has to be there behind the fence. */
const ABILITIES: Required<Pick<Store, Ability>> = {
  activity: EMPTY,
  announce: () => undefined,
  preview: async (target) => target,
  defaultNamespace: async () => 'here',
  election: () => ({ lead: () => new Promise(() => undefined) }),
};

test('what a store can do it can behind a fence, too, and what it cannot is absent there', (t) => {
  const fence = new SwitchFence();
  const plain = storeOf(new Harness({ fence }));
  const able = storeOf(new Harness({ stores: [Object.assign(new MemoryStore(), ABILITIES)], fence }));
  for (const ability of Object.keys(ABILITIES) as Ability[]) {
    t.is(plain[ability], undefined, ability);
    t.truthy(able[ability], ability);
  }
});

test('a store that the kernel makes is given the fence, so that it can ask at the last moment', async (t) => {
  const contexts: StoreContext[] = [];
  const plugin: Plugin = {
    name: 'memory',
    apiVersion: 'v1',
    register: (registry) =>
      registry.storeType({
        type: 'memory',
        optionsSchema: { type: 'object' },
        create: (context) => {
          contexts.push(context);
          return new MemoryStore({ name: context.name });
        },
      }),
  };
  const fence = new SwitchFence();
  const kernel = createKernel({ plugins: [cel, plugin], stores: [{ name: 'a', type: 'memory' }], fence });
  t.is(contexts[0]?.fence, fence);
  fence.fall();
  await t.throwsAsync(async () => kernel.stores.get('a')?.create(invoice), { instanceOf: FencedError });
  await kernel.stop();
});

test('the handlers of plug-ins write behind the fence as stores do', async (t) => {
  const asked: string[] = [];
  const handler: ResourceHandler = {
    name: 'cloud',
    claims: ({ kind }) => kind === 'Invoice',
    storeOf: () => 'memory',
    kind: async (gvk) => ({ ...gvk, plural: 'invoices', namespaced: true }),
    read: async () => {
      asked.push('read');
      fence.expire();
      return undefined;
    },
    create: async (target) => {
      asked.push('create');
      return target;
    },
    apply: async (target) => target,
    patch: async () => invoice,
    remove: async () => undefined,
  };
  const cloud: Plugin = { name: 'cloud', apiVersion: 'v1', register: (registry) => registry.resourceHandler(handler) };
  const fence = new SwitchFence();
  const shop = await start(t, { world: SHOP + order('one', { count: 2 }), plugins: [cel, cloud], fence });
  t.deepEqual(asked, ['read']);
  t.deepEqual(shop.incidents, []);
});

test('a fence that falls breaks off what runs, begins nothing more, and is no failure of any run', async (t) => {
  const fence = new SwitchFence();
  const shop = new Harness({ world: SHOP + order('one', { count: 2 }) + order('two', { count: 3 }), fence });
  t.teardown(() => shop.kernel.stop());
  const signals: AbortSignal[] = [];
  shop.store.intercept(({ verb, options }) => {
    if (verb === 'create' && options.signal !== undefined) signals.push(options.signal);
  });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'create');
  await shop.kernel.start();
  await shop.clock.settle();
  t.is(gate.held, 2);
  const before = shop.store.writes;
  fence.fall();
  t.deepEqual(
    signals.map(({ aborted, reason }) => [aborted, reason instanceof FencedError]),
    [
      [true, true],
      [true, true],
    ],
  );
  gate.open();
  await shop.kernel.whenIdle();
  shop.edit('Order', 'one', { spec: { count: 5 } });
  await shop.pass(3600);
  t.is(shop.store.writes, before, 'neither invoices nor statuses are written');
  t.deepEqual([shop.reports, shop.incidents], [[], []]);
  t.deepEqual(await shop.kernel.stop(), { brokenOff: 0 });
  t.is(shop.clock.pending, 0);
});

test('a process that was stopped beyond its time writes nothing, although no timer has told it so', async (t) => {
  const fence = new SwitchFence();
  const shop = new Harness({ world: SHOP + order('one', { count: 2 }), fence });
  t.teardown(() => shop.kernel.stop());
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'get');
  await shop.kernel.start();
  await shop.clock.settle();
  t.is(gate.held, 1);
  fence.expire();
  t.false(fence.ended.aborted);
  gate.open();
  await shop.kernel.whenIdle();
  t.is(shop.store.writes, 0);
  t.true(fence.ended.aborted);
  t.deepEqual([shop.reports, shop.incidents], [[], []]);
});

test('a kernel that is stopped tells how many runs it had to break off', async (t) => {
  const shop = new Harness({ world: SHOP + order('one', { count: 2 }) });
  const gate = new StoreGate(shop.store, ({ verb }) => WRITES.has(verb));
  await shop.kernel.start();
  await shop.clock.settle();
  const end = shop.kernel.stop({ graceMs: 5000 });
  await shop.clock.advance(6000);
  t.deepEqual(await end, { brokenOff: 1 });
  gate.open();
});
