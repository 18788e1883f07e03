import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoreEvent } from '../../../plugin.js';
import { EventLog, resourcesOf } from '../event-log.js';
import { atDeletion, type Contract, GADGET, MYSTERY, Samples, uidOf, WIDGET } from './harness.js';

/** What watch promises. */
export function watching(contract: Contract): void {
  beginning(contract);
  following(contract);
  sharing(contract);
  if (contract.capabilities.outside) noticing(contract);
}

function beginning({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('a watch tells what is there, then that it is synced, once', async (t, { store }) => {
    const one = await store.create(samples.resource('one'));
    const two = await store.create(samples.resource('two'));
    await store.create(samples.resource('three', {}, { gvk: GADGET }));
    const log = await EventLog.synced(store, WIDGET);
    t.deepEqual(log.story.toSorted(), ['added one', 'added two', 'synced']);
    t.is(log.story.at(-1), 'synced');
    t.deepEqual(
      resourcesOf(log.events).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
      [one, two],
    );
    log.stop();
  });

  test('a watch of a kind without resources is synced', async (t, { store }) => {
    const log = await EventLog.synced(store, WIDGET);
    t.deepEqual(log.story, ['synced']);
    log.stop();
  });

  test('a watch of a kind that the store does not know is synced, and does not fail', async (t, { store }) => {
    const log = await EventLog.synced(store, MYSTERY);
    await nextTurn();
    t.deepEqual(log.story, ['synced']);
    t.is(log.ended, undefined);
    log.stop();
  });

  test('a watch is cold: each subscription tells the whole', async (t, { store }) => {
    const watch = store.watch(WIDGET);
    await store.create(samples.resource('one'));
    for (let turn = 0; turn < 2; turn++) {
      const log = new EventLog(watch);
      await log.until('synced', (events) => events.some(({ type }) => type === 'synced'));
      t.deepEqual(log.story, ['added one', 'synced']);
      log.stop();
    }
  });
}

function following({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('a watch tells own writes, each as what it was, and keeps on', async (t, { store }) => {
    const log = await EventLog.synced(store, WIDGET);
    log.clear();
    const created = await store.create(samples.resource('one', { size: 1 }));
    t.deepEqual(await log.resource('added', 'one'), created);
    const patched = await store.patch(samples.ref('one'), { spec: { size: 2 } });
    t.deepEqual(await log.resource('modified', 'one'), patched);
    await store.delete(samples.ref('one'));
    const last = await log.resource('deleted', 'one');
    t.deepEqual(last, atDeletion(patched, last, capabilities));
    t.deepEqual(log.story, ['added one', 'modified one', 'deleted one']);
    t.is(log.ended, undefined);
    log.stop();
  });

  if (capabilities.tellsOwnWritesAtOnce) {
    test('an own write is told by the time that it is done', async (t, { store }) => {
      const log = await EventLog.synced(store, WIDGET);
      log.clear();
      await store.create(samples.resource('one'));
      t.deepEqual(log.story, ['added one']);
      await store.patch(samples.ref('one'), { spec: { size: 2 } });
      await store.patchStatus(samples.ref('one'), { status: { a: 1 } });
      t.deepEqual(log.story, ['added one', 'modified one', 'modified one']);
      await store.delete(samples.ref('one'));
      t.deepEqual(log.story, ['added one', 'modified one', 'modified one', 'deleted one']);
      log.stop();
    });
  }

  test('the events of one resource are in order, and end with the last', async (t, { store }) => {
    const log = await EventLog.synced(store, WIDGET);
    await store.create(samples.resource('one', { count: 0 }));
    for (let count = 1; count <= 20; count++) await store.patch(samples.ref('one'), { spec: { count } });
    await log.until('count 20', (events) => counts(events).at(-1) === 20);
    const told = counts(log.events);
    t.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
    t.is(new Set(told).size, told.length);
    log.stop();
  });

  test('a deletion carries the last that was known, and its uid', async (t, { store }) => {
    const created = await store.create(samples.resource('one', { size: 1 }));
    await store.patchStatus(samples.ref('one'), { status: { last: 'word' } });
    const log = await EventLog.synced(store, WIDGET);
    await store.delete(samples.ref('one'));
    const last = await log.resource('deleted', 'one');
    t.deepEqual([last.spec, last.status, uidOf(last)], [{ size: 1 }, { last: 'word' }, uidOf(created)]);
    log.stop();
  });

  test('deleting what is gone tells nothing', async (t, { store }) => {
    const log = await EventLog.synced(store, WIDGET);
    await store.delete(samples.ref('nobody'));
    await store.create(samples.resource('mark'));
    await log.resource('added', 'mark');
    t.deepEqual(log.story, ['synced', 'added mark']);
    log.stop();
  });

  test('a watch tells nothing of other kinds', async (t, { store }) => {
    const log = await EventLog.synced(store, WIDGET);
    await store.create(samples.resource('gadget', {}, { gvk: GADGET }));
    await store.create(samples.resource('mark'));
    await log.resource('added', 'mark');
    t.deepEqual(log.story, ['synced', 'added mark']);
    log.stop();
  });

  if (capabilities.namespaced) {
    test('a watch of one namespace tells nothing of others', async (t, { store }) => {
      await store.create(samples.resource('old', {}, { namespace: 'team-a' }));
      await store.create(samples.resource('old', {}, { namespace: 'team-b' }));
      const log = await EventLog.synced(store, { ...WIDGET, namespace: 'team-a' });
      await store.create(samples.resource('new', {}, { namespace: 'team-b' }));
      await store.delete(samples.ref('old', { namespace: 'team-b' }));
      await store.create(samples.resource('mark', {}, { namespace: 'team-a' }));
      await log.resource('added', 'mark');
      t.deepEqual(log.story, ['added old', 'synced', 'added mark']);
      t.true(resourcesOf(log.events).every(({ metadata }) => metadata.namespace === 'team-a'));
      log.stop();
    });
  }
}

function sharing({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('every watcher is told everything', async (t, { store }) => {
    const early = await EventLog.synced(store, WIDGET);
    await store.create(samples.resource('one'));
    // Those who watch the same may share what they are told: who comes late knows what the others know.
    await early.resource('added', 'one');
    const late = await EventLog.synced(store, WIDGET);
    await store.patch(samples.ref('one'), { spec: { size: 2 } });
    await Promise.all([early.resource('modified', 'one'), late.resource('modified', 'one')]);
    t.deepEqual(early.story, ['synced', 'added one', 'modified one']);
    t.deepEqual(late.story, ['added one', 'synced', 'modified one']);
    early.stop();
    late.stop();
  });

  test('who unsubscribes is told no more, and others are', async (t, { store }) => {
    const leaving = await EventLog.synced(store, WIDGET);
    const staying = await EventLog.synced(store, WIDGET);
    leaving.stop();
    await store.create(samples.resource('one'));
    await staying.resource('added', 'one');
    t.deepEqual(leaving.story, ['synced']);
    staying.stop();
  });

  test('a watcher that throws harms neither the write nor other watchers', async (t, { store }) => {
    const quarrel = new Error('a watcher that throws');
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const reported = once(process, 'uncaughtException');
    try {
      const before = await EventLog.synced(store, WIDGET);
      const quarrelling = store.watch(WIDGET).subscribe((event) => {
        if (event.type !== 'synced') throw quarrel;
      });
      const after = await EventLog.synced(store, WIDGET);
      await t.notThrowsAsync(store.create(samples.resource('one')));
      await Promise.all([before.resource('added', 'one'), after.resource('added', 'one')]);
      t.is((await reported)[0], quarrel);
      for (const one of [before, after, { stop: () => quarrelling.unsubscribe() }]) one.stop();
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  test('who unsubscribes in the middle of the beginning is told no more', async (t, { store }) => {
    for (const name of ['one', 'two', 'three']) await store.create(samples.resource(name));
    const told: string[] = [];
    await new Promise<void>((resolve) => {
      const subscription = store.watch(WIDGET).subscribe((event) => {
        told.push(event.type);
        // The subscription is not yet known when the store tells synchronously.
        queueMicrotask(() => {
          subscription.unsubscribe();
          resolve();
        });
      });
    });
    const heard = told.length;
    await store.create(samples.resource('four'));
    t.is(told.length, heard);
  });

  if (capabilities.shared) {
    test('one store tells what another on the same place writes', async (t, harness) => {
      const other = await harness.open?.();
      const log = await EventLog.synced(harness.store, WIDGET);
      await other?.create(samples.resource('one', { size: 1 }));
      t.deepEqual((await log.resource('added', 'one')).spec, { size: 1 });
      await other?.patchStatus(samples.ref('one'), { status: { a: 1 } });
      t.deepEqual((await log.resource('modified', 'one')).status, { a: 1 });
      await other?.delete(samples.ref('one'));
      await log.resource('deleted', 'one');
      t.is(await harness.store.get(samples.ref('one')), undefined);
      log.stop();
    });
  }
}

function noticing({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('what somebody else adds, changes and removes is told', async (t, { store, outside }) => {
    const log = await EventLog.synced(store, WIDGET);
    await outside?.put(samples.resource('one', { size: 1 }));
    const added = await log.resource('added', 'one');
    t.deepEqual(added.spec, { size: 1 });
    await outside?.put(samples.resource('one', { size: 2 }));
    const modified = await log.resource('modified', 'one');
    t.deepEqual(modified.spec, { size: 2 });
    t.is(uidOf(modified), uidOf(added));
    await outside?.remove(samples.ref('one'));
    const last = await log.resource('deleted', 'one');
    t.deepEqual(last, atDeletion(modified, last, capabilities));
    log.stop();
  });

  test('what somebody else writes is read without a watch', async (t, { store, outside }) => {
    t.is(await store.get(samples.ref('one')), undefined);
    await outside?.put(samples.resource('one', { size: 1 }));
    t.deepEqual((await store.get(samples.ref('one')))?.spec, { size: 1 });
    t.deepEqual((await store.list(WIDGET)).items.length, 1);
  });

  test('a write keeps what somebody else has just changed', async (t, { store, outside }) => {
    await store.create(samples.resource('one', { size: 1, colour: 'red' }));
    await outside?.put(samples.resource('one', { size: 1, colour: 'blue' }));
    const patched = await store.patch(samples.ref('one'), { spec: { size: 2 } });
    t.deepEqual(patched.spec, { size: 2, colour: 'blue' });
  });
}

function counts(events: readonly StoreEvent[]): number[] {
  return resourcesOf(events).map(({ spec }) => Number((spec as { count: number }).count));
}
