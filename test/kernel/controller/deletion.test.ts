import test from 'ava';
import { type JsonObject, type Selector, type StoreEvent, UnknownKindError } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { type Observable, ReplaySubject, switchMap } from 'rxjs';
import { definition, Harness, order, start, step, valueFunction, workflow } from '../../support/kernel-harness.js';
import { bodiesOf, StoreGate } from '../../support/store-gate.js';

const FINALIZER = 'koreo.dev/managed-resources';

/** A function that makes a resource of the kind, named after the trigger, and is Ok once it is there. */
function maker(kind: string, more: JsonObject = {}, api: JsonObject = {}): string {
  return definition('ResourceFunction', kind.toLowerCase(), {
    apiConfig: { apiVersion: 'shop.example/v1', kind, name: '=inputs.name', namespace: 'shop', ...api },
    resource: { spec: { for: '=inputs.name' } },
    create: { delay: 1 },
    update: { patch: { delay: 1 } },
    return: { name: '=resource.metadata.name' },
    ...more,
  });
}

function makes(kind: string, more: JsonObject = {}): JsonObject {
  return {
    label: kind.toLowerCase(),
    ref: { kind: 'ResourceFunction', name: kind.toLowerCase() },
    inputs: { name: '=parent.metadata.name' },
    ...more,
  };
}

const BOTH = maker('Invoice') + maker('Parcel') + workflow('orders', [makes('Invoice'), makes('Parcel')]);

/** A Workflow that makes an Invoice for each of the trigger's names. */
const EACH =
  maker('Invoice') +
  workflow('orders', [
    {
      label: 'invoices',
      ref: { kind: 'ResourceFunction', name: 'invoice' },
      forEach: { itemIn: '=parent.spec.names', inputKey: 'name' },
    },
  ]);

const ref = (name: string, kind = 'Order') => ({ apiVersion: 'shop.example/v1', kind, name, namespace: 'shop' });

/** The names of what is there of a kind. */
function names(shop: Harness, kind: string): readonly string[] {
  return shop.store.resources.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
}

test('before anything is made it is on record, and the trigger is held', async (t) => {
  const shop = await start(t, { world: BOTH });
  const seen: unknown[] = [];
  shop.store.intercept(({ verb, ref: { kind } }) => {
    if (verb !== 'create') return;
    const trigger = shop.see('Order', 'one');
    seen.push([kind, trigger?.metadata.finalizers, trigger?.metadata.annotations?.[FINALIZER]?.includes(kind)]);
  });
  shop.apply(order('one'));
  await shop.idle();
  t.deepEqual(seen, [
    ['Invoice', [FINALIZER], true],
    ['Parcel', [FINALIZER], true],
  ]);
});

test('what is made at the same time is put on record by one write', async (t) => {
  const shop = await start(t, { world: BOTH });
  const writes = bodiesOf(shop.store, 'patchStatus');
  shop.apply(order('one'));
  await shop.idle();
  await shop.pass(3);
  t.is(writes.filter((body) => body?.status === undefined).length, 1);
});

test('nothing is made that cannot be put on record first', async (t) => {
  const shop = await start(t, { world: BOTH });
  const mend = shop.store.intercept(({ verb, body }) => {
    if (verb === 'patchStatus' && body?.status === undefined) throw new Error('full');
  });
  shop.apply(order('one'));
  await shop.idle();
  t.deepEqual(names(shop, 'Invoice'), []);
  t.regex(shop.readyMessage('one'), /Recording Invoice shop\/one with its trigger failed/);
  mend();
  await shop.pass(60);
  t.is(shop.ready('one'), 'True Ready');
});

test('a trigger that is deleted goes when what it managed is gone, the last step first', async (t) => {
  const shop = await start(t, { world: BOTH + order('one') });
  await shop.pass(3);
  const deletes: string[] = [];
  shop.store.intercept(({ verb, ref: { kind } }) => {
    if (verb === 'delete') deletes.push(kind);
  });
  await shop.store.delete(ref('one'));
  t.truthy(shop.see('Order', 'one')?.metadata.deletionTimestamp);
  await shop.idle();
  t.deepEqual(deletes, ['Order', 'Parcel', 'Invoice']);
  t.deepEqual(names(shop, 'Order'), []);
  t.deepEqual(shop.kernel.triggers(), []);
  t.is(shop.clock.pending, 0);
});

test('what is deleted and held by others is waited for, and the trigger says so', async (t) => {
  const shop = await start(t, { world: BOTH + order('one') });
  await shop.pass(3);
  shop.edit('Parcel', 'one', { metadata: { finalizers: ['carrier/tracking'] } });
  await shop.idle();
  await shop.store.delete(ref('one'));
  await shop.idle();
  t.deepEqual([names(shop, 'Parcel'), names(shop, 'Invoice')], [['one'], ['one']]);
  t.is(shop.ready('one'), 'Unknown Deleting');
  t.is(shop.readyMessage('one'), 'Being deleted; waits for Parcel shop/one to be gone.');
  const { writes } = shop.store;
  await shop.pass(60);
  t.is(shop.store.writes, writes, 'waiting writes nothing');
  await shop.store.patch(ref('one', 'Parcel'), { metadata: { finalizers: null } });
  await shop.idle();
  t.deepEqual([names(shop, 'Parcel'), names(shop, 'Invoice'), names(shop, 'Order')], [[], [], []]);
});

test('by its policy a resource is left, without the owner that would take it along, and marked', async (t) => {
  const world = maker('Invoice', { delete: { abandon: {} } }) + workflow('orders', [makes('Invoice')]) + order('one');
  const shop = await start(t, { world });
  await shop.pass(3);
  t.is(shop.see('Invoice', 'one')?.metadata.ownerReferences?.length, 1);
  await shop.store.delete(ref('one'));
  await shop.idle();
  t.deepEqual(names(shop, 'Order'), []);
  const { labels, annotations, ownerReferences } = shop.see('Invoice', 'one')?.metadata ?? {};
  t.is(labels?.['koreo.dev/abandoned'], 'true');
  t.is(annotations?.['koreo.dev/abandoned-by'], 'Order shop/one');
  t.deepEqual(ownerReferences, []);
  shop.apply(order('one'));
  await shop.pass(3);
  const again = shop.see('Invoice', 'one')?.metadata;
  t.is(again?.labels?.['koreo.dev/abandoned'], undefined, 'and is no orphan any more when it is managed again');
  t.is(again?.annotations?.['koreo.dev/abandoned-by'], undefined);
});

test('what was left is not written again while what is deleted after it is waited for', async (t) => {
  const left = maker('Parcel', { delete: { abandon: {} } });
  const world = maker('Invoice') + left + workflow('orders', [makes('Invoice'), makes('Parcel')]) + order('one');
  const shop = await start(t, { world });
  await shop.pass(3);
  shop.edit('Invoice', 'one', { metadata: { finalizers: ['books/audit'] } });
  await shop.idle();
  await shop.store.delete(ref('one'));
  await shop.idle();
  t.is(shop.see('Parcel', 'one')?.metadata.labels?.['koreo.dev/abandoned'], 'true');
  const { writes } = shop.store;
  await shop.pass(60);
  t.is(shop.store.writes, writes);
  await shop.store.patch(ref('one', 'Invoice'), { metadata: { finalizers: null } });
  await shop.idle();
  t.deepEqual([names(shop, 'Parcel'), names(shop, 'Invoice'), names(shop, 'Order')], [['one'], [], []]);
});

test('what is not owned is left by default, and destroyed when its function says so', async (t) => {
  const world = (more: JsonObject) =>
    maker('Invoice', more, { owned: false }) + workflow('orders', [makes('Invoice')]) + order('one');
  const left = await start(t, { world: world({}) });
  await left.pass(3);
  await left.store.delete(ref('one'));
  await left.idle();
  t.deepEqual([names(left, 'Invoice'), names(left, 'Order')], [['one'], []]);
  const destroyed = await start(t, { world: world({ delete: { destroy: {} } }) });
  await destroyed.pass(3);
  await destroyed.store.delete(ref('one'));
  await destroyed.idle();
  t.deepEqual([names(destroyed, 'Invoice'), names(destroyed, 'Order')], [[], []]);
});

test('a step that is gone from its Workflow lets go of what it made, after a complete run', async (t) => {
  const shop = await start(t, { world: BOTH + order('one') });
  await shop.pass(3);
  shop.apply(workflow('orders', [makes('Invoice')]));
  await shop.idle();
  t.deepEqual([names(shop, 'Invoice'), names(shop, 'Parcel')], [['one'], []]);
  t.is(shop.ready('one'), 'True Ready');
});

test('items that are gone from a forEach, and names that have changed, are let go of', async (t) => {
  const shop = await start(t, {
    world: EACH + order('one', { names: ['a', 'b', 'c'] }),
  });
  await shop.pass(3);
  t.deepEqual(names(shop, 'Invoice').toSorted(), ['a', 'b', 'c']);
  shop.edit('Order', 'one', { spec: { names: ['c', 'd'] } });
  await shop.pass(3);
  t.deepEqual(names(shop, 'Invoice').toSorted(), ['c', 'd']);
  shop.edit('Order', 'one', { spec: { names: [] } });
  await shop.pass(3);
  t.deepEqual(names(shop, 'Invoice'), []);
  t.deepEqual(shop.see('Order', 'one')?.metadata.finalizers ?? [], [], 'what manages nothing is not held');
});

test('nothing is let go of after a run in which some step could not say what it manages', async (t) => {
  const failing = definition('ValueFunction', 'gate', {
    preconditions: [{ assert: '=inputs.open', permFail: { message: 'closed' } }],
    return: {},
  });
  const gate = step('gate', { inputs: { open: '=parent.spec.open' } });
  const shop = await start(t, {
    world:
      maker('Invoice') +
      maker('Parcel') +
      failing +
      workflow('orders', [gate, makes('Invoice'), makes('Parcel')]) +
      order('one', { open: true }),
  });
  await shop.pass(3);
  shop.edit('Order', 'one', { spec: { open: false } });
  await shop.idle();
  shop.apply(workflow('orders', [gate, makes('Invoice')]));
  await shop.pass(5000);
  t.is(shop.ready('one'), 'False Failure');
  t.deepEqual(names(shop, 'Parcel'), ['one']);
  shop.edit('Order', 'one', { spec: { open: true } });
  await shop.idle();
  t.deepEqual(names(shop, 'Parcel'), []);
});

test('a resource that another trigger manages too stays until the last of them lets go', async (t) => {
  const shared = maker('Invoice', {}, { name: 'same' }) + workflow('orders', [makes('Invoice')]);
  const shop = await start(t, { world: shared + order('one') + order('two') });
  await shop.pass(90);
  t.is(shop.see('Invoice', 'same')?.metadata.ownerReferences?.length, 2);
  await shop.store.delete(ref('one'));
  await shop.idle();
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice')], [['two'], ['same']]);
  t.is(shop.see('Invoice', 'same')?.metadata.ownerReferences?.length, 1);
  await shop.store.delete(ref('two'));
  await shop.idle();
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice')], [[], []]);
});

test('two triggers that go at once leave nothing of what both managed', async (t) => {
  const shared = maker('Invoice', {}, { name: 'same' }) + workflow('orders', [makes('Invoice')]);
  const shop = await start(t, { world: shared + order('one') + order('two') });
  await shop.pass(90);
  await Promise.all([shop.store.delete(ref('one')), shop.store.delete(ref('two'))]);
  await shop.pass(90);
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice')], [[], []]);
});

for (const policy of ['destroy', 'abandon']) {
  test(`what two triggers manage is let go of though the first to try could not, and the second cannot say so yet: ${policy}`, async (t) => {
    const shared =
      maker('Invoice', { delete: { [policy]: {} } }, { name: 'same' }) + workflow('orders', [makes('Invoice')]);
    const shop = await start(t, { world: shared + order('one') + order('two') });
    await shop.pass(90);
    const mend = shop.store.intercept(({ verb, ref: { kind } }) => {
      if (verb === 'patch' && kind === 'Invoice') throw new Error('full');
    });
    await shop.store.delete(ref('one'));
    await shop.idle();
    mend();
    const gate = new StoreGate(shop.store, ({ verb, ref: { name } }) => verb === 'patchStatus' && name === 'two');
    await shop.store.delete(ref('two'));
    // Long enough for the first to try again.
    await shop.clock.advance(60_000);
    gate.open();
    await shop.pass(60);
    t.deepEqual(names(shop, 'Order'), []);
    const left = shop.see('Invoice', 'same')?.metadata;
    t.deepEqual(left?.labels, policy === 'abandon' ? { 'koreo.dev/abandoned': 'true' } : undefined);
    t.is(left === undefined, policy === 'destroy');
  });
}

test('resources of a kind that is there no more count as gone, but not at once', async (t) => {
  const shop = await start(t, { world: BOTH + order('one') });
  await shop.pass(3);
  shop.store.drop(ref('one', 'Parcel'));
  shop.store.intercept(({ ref: about }) => {
    if (about?.kind === 'Parcel') throw new UnknownKindError('no kind Parcel');
  });
  await shop.store.delete(ref('one'));
  await shop.pass(30);
  t.regex(shop.readyMessage('one'), /^Being deleted; waits for Parcel shop\/one: no kind Parcel/);
  t.deepEqual(names(shop, 'Invoice'), ['one']);
  await shop.pass(60);
  t.deepEqual([names(shop, 'Invoice'), names(shop, 'Order')], [[], []]);
});

/** A store of which one kind is told late. */
class LateStore extends MemoryStore {
  told = new ReplaySubject<void>();

  override watch(selector: Selector): Observable<StoreEvent> {
    const events = super.watch(selector);
    return selector.kind === 'Rush' ? this.told.pipe(switchMap(() => events)) : events;
  }
}

test('a resource without an owner is not destroyed before all triggers are known that may manage it too', async (t) => {
  const api = { name: 'same', owned: false };
  const store = new LateStore();
  store.told.next();
  const first = await start(t, {
    stores: [store],
    world:
      maker('Parcel', { delete: { destroy: {} } }, api) +
      workflow('orders', [makes('Parcel')]) +
      workflow('rushes', [makes('Parcel')], 'Rush') +
      order('one') +
      order('two', {}, 'Rush'),
  });
  await first.pass(3);
  await first.kernel.stop();
  await store.delete(ref('one'));

  store.told = new ReplaySubject();
  const second = new Harness({ stores: [store] });
  t.teardown(() => second.kernel.stop({ graceMs: 0 }));
  const starting = second.kernel.start();
  await second.clock.advance(60_000);
  t.deepEqual([names(second, 'Parcel'), names(second, 'Order')], [['same'], ['one']]);
  t.is(
    second.readyMessage('one'),
    'Being deleted; waits for all triggers to be known, of which another may manage Parcel shop/same.',
  );
  store.told.next();
  await starting;
  await second.pass(60);
  t.deepEqual([names(second, 'Parcel'), names(second, 'Order')], [['same'], []]);
  await store.delete(ref('two', 'Rush'));
  await second.pass(60);
  t.deepEqual([names(second, 'Parcel'), names(second, 'Rush')], [[], []]);
});

test('a resource moves from one trigger to another without being deleted', async (t) => {
  const shop = await start(t, {
    world: EACH + order('one', { names: ['x'] }) + order('two', { names: [] }),
  });
  await shop.pass(3);
  const uid = shop.see('Invoice', 'x')?.metadata.uid;
  shop.edit('Order', 'two', { spec: { names: ['x'] } });
  await shop.pass(3);
  shop.edit('Order', 'one', { spec: { names: [] } });
  await shop.pass(90);
  const moved = shop.see('Invoice', 'x')?.metadata;
  t.is(moved?.uid, uid);
  t.deepEqual(
    moved?.ownerReferences?.map(({ name }) => name),
    ['two'],
  );
});

test('what somebody else owns, or nobody here has made, is never touched', async (t) => {
  const shop = await start(t, { world: BOTH + order('one') });
  await shop.pass(3);
  const foreign = { apiVersion: 'v1', kind: 'Boss', name: 'b', uid: 'boss' };
  shop.edit('Invoice', 'one', { metadata: { ownerReferences: [foreign] } });
  await shop.pass(3);
  shop.store.drop(ref('one', 'Parcel'));
  shop.apply(workflow('orders', [makes('Invoice')]) + order('one', {}, 'Parcel'));
  await shop.pass(3);
  const before = shop.see('Parcel', 'one');
  await shop.store.delete(ref('one'));
  await shop.pass(60);
  t.deepEqual(names(shop, 'Order'), []);
  t.deepEqual(shop.see('Parcel', 'one'), before);
  t.deepEqual(shop.see('Invoice', 'one')?.metadata.ownerReferences, [foreign]);
});

test('read-only resources are never touched', async (t) => {
  const reader = definition('ResourceFunction', 'stock', {
    apiConfig: { apiVersion: 'shop.example/v1', kind: 'Stock', name: 'all', namespace: 'shop', readonly: true },
  });
  const shop = await start(t, {
    world:
      reader +
      workflow('orders', [{ label: 'stock', ref: { kind: 'ResourceFunction', name: 'stock' } }]) +
      order('all', {}, 'Stock') +
      order('one'),
  });
  t.deepEqual(shop.see('Order', 'one')?.metadata.finalizers ?? [], []);
  const before = shop.see('Stock', 'all');
  await shop.store.delete(ref('one'));
  await shop.idle();
  t.deepEqual([names(shop, 'Order'), shop.see('Stock', 'all')], [[], before]);
});

test('a Workflow that goes leaves resources and triggers, which say so; a trigger can still go', async (t) => {
  const shop = await start(t, { world: BOTH + order('one') });
  await shop.pass(3);
  shop.store.drop({ apiVersion: 'koreo.dev/v1beta1', kind: 'Workflow', name: 'orders', namespace: 'defs' });
  await shop.pass(60);
  t.is(shop.ready('one'), 'False NoWorkflow');
  t.deepEqual([names(shop, 'Invoice'), names(shop, 'Parcel')], [['one'], ['one']]);
  await shop.store.delete(ref('one'));
  await shop.idle();
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice'), names(shop, 'Parcel')], [[], [], []]);
});

test('a paused trigger that is deleted lets go of nothing until it is unpaused', async (t) => {
  const shop = await start(t, { world: BOTH + order('one') });
  await shop.pass(3);
  shop.annotate('one', { 'koreo.dev/paused': 'true' });
  await shop.idle();
  await shop.store.delete(ref('one'));
  await shop.pass(60);
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice')], [['one'], ['one']]);
  t.is(shop.ready('one'), 'Unknown Paused');
  await shop.store.patch(ref('one'), { metadata: { annotations: { 'koreo.dev/paused': null } } });
  await shop.idle();
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice')], [[], []]);
});

test('a trigger that is deleted while it runs makes nothing more, and leaves nothing', async (t) => {
  const shop = await start(t, { world: BOTH });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'create');
  shop.apply(order('one'));
  await shop.clock.settle();
  t.is(gate.held, 2);
  await shop.store.delete(ref('one'));
  gate.open();
  await shop.pass(60);
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice'), names(shop, 'Parcel')], [[], [], []]);
});

test('after a restart in the middle of a deletion, the rest is done', async (t) => {
  const first = await start(t, { world: BOTH + order('one') });
  await first.pass(3);
  first.edit('Parcel', 'one', { metadata: { finalizers: ['carrier/tracking'] } });
  await first.store.delete(ref('one'));
  await first.idle();
  await first.kernel.stop();
  await first.store.patch(ref('one', 'Parcel'), { metadata: { finalizers: null } });
  const second = await start(t, { stores: first.stores });
  await second.idle();
  t.deepEqual([names(second, 'Order'), names(second, 'Invoice'), names(second, 'Parcel')], [[], [], []]);
});

test('a trigger that is asked for once more while it is leaving runs again when all is let go of', async (t) => {
  const shop = await start(t, { world: BOTH + order('one') });
  await shop.pass(3);
  const gate = new StoreGate(shop.store, ({ verb, ref: { kind } }) => verb === 'delete' && kind === 'Parcel');
  await shop.store.delete(ref('one'));
  await shop.clock.settle();
  const leaving = shop.see('Order', 'one');
  if (leaving === undefined) return t.fail('it is not held');
  const { deletionTimestamp, ...metadata } = leaving.metadata;
  t.truthy(deletionTimestamp);
  shop.store.put({ ...leaving, metadata });
  await shop.clock.settle();
  gate.open();
  await shop.pass(60);
  t.deepEqual([names(shop, 'Invoice'), names(shop, 'Parcel'), names(shop, 'Order')], [['one'], ['one'], ['one']]);
  t.is(shop.ready('one'), 'True Ready');
  await shop.store.delete(ref('one'));
  await shop.pass(60);
  t.deepEqual([names(shop, 'Invoice'), names(shop, 'Parcel'), names(shop, 'Order')], [[], [], []]);
});

test('in a store that holds no deletion, what a trigger managed is let go of after it has gone', async (t) => {
  const shop = await start(t, { stores: [new MemoryStore({ holdsDeletion: false })], world: BOTH + order('one') });
  await shop.pass(3);
  t.deepEqual(shop.see('Order', 'one')?.metadata.finalizers ?? [], []);
  shop.store.drop(ref('one'));
  await shop.idle();
  t.deepEqual([names(shop, 'Invoice'), names(shop, 'Parcel')], [[], []]);
  t.deepEqual(shop.kernel.triggers(), []);
});

test('what comes again by the same name before all is let go of takes over what it wants, and the rest goes', async (t) => {
  const shop = await start(t, {
    stores: [new MemoryStore({ holdsDeletion: false })],
    world: BOTH + valueFunction('v', {}) + order('one'),
  });
  await shop.pass(3);
  shop.edit('Parcel', 'one', { metadata: { labels: { a: 'b' } } });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'delete');
  shop.store.drop(ref('one'));
  await shop.clock.settle();
  shop.apply(workflow('orders', [makes('Invoice')]) + order('one'));
  gate.open();
  await shop.pass(60);
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice'), names(shop, 'Parcel')], [['one'], ['one'], []]);
  t.is(shop.ready('one'), 'True Ready');
});

test('what one before it had not let go of is let go of though it could not be put on record at first', async (t) => {
  const shop = await start(t, {
    stores: [new MemoryStore({ holdsDeletion: false })],
    world: BOTH + order('one'),
  });
  await shop.pass(3);
  const full = shop.store.intercept(({ verb, body }) => {
    if (verb === 'patchStatus' && body?.status !== undefined) throw new Error('full');
  });
  const stuck = shop.store.intercept(({ verb }) => {
    if (verb === 'delete') throw new Error('stuck');
  });
  shop.store.drop(ref('one'));
  shop.apply(workflow('orders', [makes('Invoice')]) + order('one'));
  await shop.pass(10);
  t.like(shop.last('one'), { outcome: { type: 'Ok' }, error: { message: 'full' } });
  t.is(shop.see('Order', 'one')?.status, undefined);
  stuck();
  full();
  await shop.pass(60);
  t.deepEqual([names(shop, 'Order'), names(shop, 'Invoice'), names(shop, 'Parcel')], [['one'], ['one'], []]);
  t.is(shop.ready('one'), 'True Ready');
});

test('a trigger that nothing binds is run again when its Workflow comes back, though others of its kind were watched on', async (t) => {
  const orders = workflow('orders', [
    {
      label: 'invoices',
      ref: { kind: 'ResourceFunction', name: 'invoice' },
      forEach: { itemIn: '=parent.spec.names', inputKey: 'name' },
    },
  ]);
  const world = maker('Invoice') + orders + order('one', { names: ['a'] }) + order('two', { names: [] });
  const shop = await start(t, { world });
  await shop.pass(3);
  shop.store.drop({ apiVersion: 'koreo.dev/v1beta1', kind: 'Workflow', name: 'orders', namespace: 'defs' });
  await shop.idle();
  t.deepEqual([shop.ready('one'), shop.ready('two')], ['False NoWorkflow', 'False NoWorkflow']);
  shop.apply(orders);
  await shop.idle();
  t.deepEqual([shop.ready('one'), shop.ready('two')], ['True Ready', 'True Ready']);
});

test('where nothing holds a trigger, its going is seen even while no Workflow names its kind', async (t) => {
  const stores = [new MemoryStore({ holdsDeletion: false })];
  const shop = await start(t, { stores, world: BOTH + order('one') });
  await shop.pass(3);
  shop.store.drop({ apiVersion: 'koreo.dev/v1beta1', kind: 'Workflow', name: 'orders', namespace: 'defs' });
  await shop.idle();
  await shop.store.delete(ref('one'));
  await shop.pass(60);
  t.deepEqual([names(shop, 'Invoice'), names(shop, 'Parcel')], [[], []]);
});
