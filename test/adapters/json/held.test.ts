import { readFileSync } from 'node:fs';
import test from 'ava';
import { ConflictError, type Resource } from 'koreo-kernel';
import { createJsonStore } from 'koreo-kernel/adapters/json';
import { type FileSystem, nodeFileSystem } from '../../../adapters/files/file-system.js';
import { EventLog } from '../../contract/store.js';
import { ORDER, order, orderRef, Shop } from './shop.js';

const FINALIZER = 'koreo.dev/managed-resources';
const TWO = '{"orders": [\n  {"id": "a", "n": 1},\n  {"id": "b", "n": 2}\n]}\n';
const WITHOUT_A = '{"orders": [\n  {"id": "b", "n": 2}\n]}\n';
const AGAIN = '{"orders": [\n  {"id": "b", "n": 2},\n  {"id": "a", "n": 3}\n]}\n';
const A = orderRef('a');

const holding = {
  status: { s: 1 },
  annotations: { inventory: 'much' },
  finalizers: { [FINALIZER]: true },
};

/** What is left of an order for those who have to see to its end. */
function knownOf(resource: Resource | undefined) {
  const { metadata, status, spec } = resource ?? order('none');
  const { annotations, finalizers, deletionTimestamp } = metadata;
  return { status, annotations, finalizers, spec, isLeaving: deletionTimestamp !== undefined };
}

const HELD = { status: { s: 1 }, annotations: { inventory: 'much' }, finalizers: [FINALIZER], isLeaving: false };
const LEAVING = { ...HELD, isLeaving: true };

test('an item that goes while no process is there is found at the next start, and goes with its last finalizer', async (t) => {
  const shop = new Shop(t, TWO);
  const { metadata } = await shop.open().patchStatus(A, holding);
  shop.text = WITHOUT_A;
  const store = shop.open();
  const log = await EventLog.synced(store, ORDER);
  t.deepEqual(log.story, ['added b', 'added a', 'synced']);
  const leaving = await store.get(A);
  t.deepEqual(knownOf(leaving), { ...LEAVING, spec: undefined });
  t.is(leaving?.metadata.uid, metadata.uid);
  await store.patchStatus(A, { finalizers: { [FINALIZER]: false } });
  await log.resource('deleted', 'a');
  t.is(await store.get(A), undefined);
  t.is(shop.text, WITHOUT_A);
  t.false(readFileSync(shop.sidePath, 'utf8').includes('inventory'));
  log.stop();
});

test('an item that is removed by an editor is leaving, as it was last, and is there again when it is', async (t) => {
  const shop = new Shop(t, TWO);
  const store = shop.open();
  await store.patchStatus(A, holding);
  const log = await EventLog.synced(store, ORDER);
  shop.text = WITHOUT_A;
  await store.refresh();
  const leaving = await store.get(A);
  t.deepEqual(knownOf(leaving), { ...LEAVING, spec: { id: 'a', n: 1 } });
  t.deepEqual(await shop.open().get(A), leaving, 'for others too');
  shop.text = AGAIN;
  await store.refresh();
  t.deepEqual(knownOf(await store.get(A)), { ...HELD, spec: { id: 'a', n: 3 } });
  t.false(readFileSync(shop.sidePath, 'utf8').includes('leaving'), 'the record says so too');
  t.deepEqual(log.story, ['added a', 'added b', 'synced', 'modified a', 'modified a']);
  log.stop();
});

test('create and apply of what is leaving put the item back, with its inventory; a patch has nothing to change', async (t) => {
  const shop = new Shop(t, TWO);
  const store = shop.open();
  await store.patchStatus(A, holding);
  for (const write of [(to: Resource) => store.create(to), (to: Resource) => store.apply(to)]) {
    await store.delete(A);
    t.is(shop.text, WITHOUT_A);
    await t.throwsAsync(store.patch(A, { spec: { n: 3 } }), { instanceOf: ConflictError });
    const again = await write(order('a', { n: 3 }));
    t.deepEqual(knownOf(again), { ...HELD, spec: { id: 'a', n: 3 } });
    t.is(shop.text, AGAIN);
  }
});

test('what is held and on record is looked at without a write', async (t) => {
  const shop = new Shop(t, TWO);
  const first = shop.open();
  await first.patchStatus(A, holding);
  await first.delete(A);
  let opened = 0;
  const openNew: FileSystem['openNew'] = (path, mode) => {
    opened += 1;
    return nodeFileSystem.openNew(path, mode);
  };
  const store = shop.open({ fileSystem: { ...nodeFileSystem, openNew } });
  t.is((await store.list(ORDER)).items.length, 2);
  await store.delete(A);
  await store.patchStatus(A, holding);
  t.is(opened, 0);
});

test('an item that goes where nothing can be written stays as it was known, and is leaving when it can', async (t) => {
  const shop = new Shop(t, TWO);
  await shop.open().patchStatus(A, holding);
  let isFull = true;
  const openNew: FileSystem['openNew'] = async (path, mode) => {
    if (isFull) throw Object.assign(new Error('ENOSPC: as a test wants it'), { code: 'ENOSPC' });
    return nodeFileSystem.openNew(path, mode);
  };
  const store = shop.open({ fileSystem: { ...nodeFileSystem, openNew } });
  await store.list(ORDER);
  shop.text = WITHOUT_A;
  t.deepEqual(knownOf(await store.get(A)), { ...HELD, spec: { id: 'a', n: 1 } });
  isFull = false;
  t.deepEqual(knownOf(await store.get(A)), { ...LEAVING, spec: { id: 'a', n: 1 } });
});

test("what a Secret's item said is kept nowhere", async (t) => {
  const shop = new Shop(t, '{"keys": {"k": {"data": "hunter2"}}}\n');
  const collections = [{ at: '/keys', apiVersion: 'v1', kind: 'Secret' }];
  const store = createJsonStore({ baseDirectory: shop.folder, file: 'shop.json', collections });
  t.teardown(() => store.close());
  const ref = { apiVersion: 'v1', kind: 'Secret', name: 'k' };
  await store.patchStatus(ref, holding);
  await store.delete(ref);
  t.truthy((await store.get(ref))?.metadata.deletionTimestamp);
  t.false(readFileSync(shop.sidePath, 'utf8').includes('hunter2'));
});

test('items that keep their status inline take it along, and hold nothing', (t) => {
  const shop = new Shop(t, TWO);
  t.true(shop.open().holdsDeletion);
  t.false(shop.open({ status: { inline: 'koreo' } }).holdsDeletion);
});
