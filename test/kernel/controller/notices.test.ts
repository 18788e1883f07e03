import test, { type ExecutionContext } from 'ava';
import { type Notice, type Resource, UnavailableError } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { type Harness, order, resources, SHOP, start, valueFunction } from '../../support/kernel-harness.js';

/** A store that keeps what it is to pass on to people, as `Kind name: Type Reason message`. */
class ToldStore extends MemoryStore {
  #told: string[] = [];

  announce({ kind, metadata }: Resource, { type, reason, message }: Notice): void {
    this.#told.push(`${kind} ${metadata.name}: ${type} ${reason} ${message}`);
  }

  /** What was told since the last time that this was asked. */
  news(): readonly string[] {
    const news = this.#told;
    this.#told = [];
    return news;
  }
}

async function shopOf(t: ExecutionContext, world: string): Promise<{ shop: Harness; store: ToldStore }> {
  const store = new ToldStore({ resources: resources(world) });
  return { shop: await start(t, { stores: [store] }), store };
}

test('people are told what was created, that it waits once, and that it is ready; and nothing of runs without news', async (t) => {
  const { shop, store } = await shopOf(t, SHOP + order('one', { count: 1 }));
  t.deepEqual(store.news(), [
    'Order one: Normal Created Created Invoice shop/one.',
    'Order one: Normal Wait Awaiting Workflow orders to be ready (Creating Invoice shop/one.).',
  ]);
  await shop.pass(6);
  t.deepEqual(store.news(), ['Order one: Normal Ready Workflow orders ready.']);
  const runs = shop.reports.length;
  await shop.pass(3 * 1400);
  t.true(shop.reports.length >= runs + 2);
  t.deepEqual(store.news(), []);
});

test('a patch is told with the paths that differed, and never with values', async (t) => {
  const { shop, store } = await shopOf(t, SHOP + order('one', { count: 1 }));
  await shop.pass(6);
  store.news();
  shop.edit('Order', 'one', { spec: { count: 4242 } });
  await shop.idle();
  const [patched, wait] = store.news();
  t.is(patched, 'Order one: Normal Patched Patched Invoice shop/one, for what differed: spec.total.');
  t.regex(String(wait), /^Order one: Normal Wait /);
  t.false(`${patched}${wait}`.includes('4242'));
});

test('a strain is told as a warning when it begins, and once', async (t) => {
  const world =
    SHOP + order('one', { count: 1 }).replace('"namespace":', '"annotations":{"koreo.dev/drift":"detect"},$&');
  const { shop, store } = await shopOf(t, world);
  await shop.pass(6);
  store.news();
  shop.edit('Invoice', 'one', { spec: { total: 4242 } });
  await shop.idle();
  const [told, ...others] = store.news();
  t.regex(String(told), /^Order one: Warning Drifted Somebody else has changed Invoice shop\/one \(spec\.total\)/);
  t.deepEqual(others, []);
  await shop.pass(3000);
  t.deepEqual(store.news(), []);
});

test('a failure is a warning, told once and again when it becomes another', async (t) => {
  const { shop, store } = await shopOf(t, SHOP + order('one', {}));
  const [failure, ...others] = store.news();
  t.regex(String(failure), /^Order one: Warning Failure Unrecoverable error reconciling Workflow orders\. .*count/);
  t.deepEqual(others, []);
  await shop.pass(3000);
  t.deepEqual(store.news(), []);
  shop.edit('Order', 'one', { spec: { count: {} } });
  await shop.idle();
  t.regex(String(store.news()), /^Order one: Warning Failure /);
});

test('a restart tells nothing of what the triggers show already', async (t) => {
  const { shop, store } = await shopOf(t, SHOP + order('one', { count: 1 }) + order('two', {}));
  await shop.pass(6);
  await shop.kernel.stop();
  store.news();
  const again = await start(t, { stores: [store] });
  t.is(again.reports.length, 2);
  t.deepEqual(store.news(), []);
});

test('a status that cannot be written is a warning, once, that holds the code of the error and not its message', async (t) => {
  const { shop, store } = await shopOf(t, SHOP);
  const restore = store.intercept(({ verb, body }) => {
    if (verb === 'patchStatus' && body?.status !== undefined) throw new UnavailableError('disk full of secrets');
  });
  shop.apply(order('one', { count: 1 }));
  await shop.pass(60);
  t.true(shop.reports.length > 3);
  const news = store.news();
  t.deepEqual(
    news.filter((one) => one.includes('StatusNotWritten')),
    [
      'Order one: Warning StatusNotWritten The status could not be written (unavailable); it will be tried again. The log has the error.',
    ],
  );
  t.is(news.filter((one) => one.includes('Normal Ready')).length, 1);
  t.false(news.join().includes('secrets'));
  restore();
});

test('a definition that no Workflow can use is a warning on itself, once; when it is mended that is told too', async (t) => {
  const { shop, store } = await shopOf(t, SHOP + valueFunction('odd', { x: '=1 +' }));
  const [broken, ...others] = store.news();
  t.regex(String(broken), /^ValueFunction odd: Warning Broken It cannot be used: spec\.return\.x: /);
  t.deepEqual(others, []);
  shop.apply(valueFunction('even', { x: 2 }));
  await shop.idle();
  t.deepEqual(store.news(), []);
  shop.apply(valueFunction('odd', { x: '=1 + 1' }));
  await shop.idle();
  t.deepEqual(store.news(), ['ValueFunction odd: Normal Prepared It can be used again.']);
});

test('a store whose announcements throw is an incident, and harms no run', async (t) => {
  class Throwing extends MemoryStore {
    announce(): void {
      throw new Error('full');
    }
  }
  const store = new Throwing({ resources: resources(SHOP + order('one', { count: 1 })) });
  const shop = await start(t, { stores: [store] });
  await shop.pass(6);
  t.is(shop.ready('one'), 'True Ready');
  t.deepEqual([...new Set(shop.incidents.map(({ source }) => source))], ['store memory']);
});
