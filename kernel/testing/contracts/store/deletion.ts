import { ConflictError, NotFoundError } from '../../../plugin.js';
import { EventLog } from '../event-log.js';
import { type Contract, revisionOf, Samples, WIDGET } from './harness.js';

const FINALIZER = 'koreo.dev/managed-resources';

/** What a store promises of resources that may not go yet. */
export function deletion({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);
  const ref = samples.ref('one');

  if (!capabilities.holdsDeletion) {
    test('finalizers that a store does not heed are not set, and hold nothing', async (t, { store }) => {
      t.not(store.holdsDeletion, true);
      await store.create(samples.resource('one'));
      const told = await store.patchStatus(ref, { status: { a: 1 }, finalizers: { [FINALIZER]: true } });
      t.deepEqual(told.metadata.finalizers ?? [], []);
      await store.delete(ref);
      t.is(await store.get(ref), undefined);
    });
    return;
  }

  test('patchStatus sets and takes away finalizers, and keeps those of others', async (t, { store }) => {
    t.true(store.holdsDeletion);
    const resource = samples.resource('one');
    await store.create({ ...resource, metadata: { ...resource.metadata, finalizers: ['other.example/x'] } });
    const held = await store.patchStatus(ref, {
      status: { a: 1 },
      annotations: { 'k/a': '1' },
      finalizers: { [FINALIZER]: true },
    });
    t.deepEqual(held.metadata.finalizers?.toSorted(), [FINALIZER, 'other.example/x'].toSorted());
    t.deepEqual([held.status, held.metadata.annotations?.['k/a']], [{ a: 1 }, '1']);
    const again = await store.patchStatus(ref, { finalizers: { [FINALIZER]: true } });
    t.is(again.metadata.resourceVersion, held.metadata.resourceVersion);
    const free = await store.patchStatus(ref, { finalizers: { [FINALIZER]: false } });
    t.deepEqual(free.metadata.finalizers, ['other.example/x']);
    await store.patchStatus(ref, { finalizers: { 'other.example/x': false } });
    t.deepEqual((await store.get(ref))?.metadata.finalizers ?? [], []);
  });

  test('what is deleted stays, marked, until its finalizers are gone', async (t, { store }) => {
    const log = await EventLog.synced(store, WIDGET);
    await store.create(samples.resource('one', { size: 1 }));
    await store.patchStatus(ref, { finalizers: { [FINALIZER]: true } });
    await store.delete(ref);
    const leaving = await store.get(ref);
    t.truthy(leaving?.metadata.deletionTimestamp);
    t.deepEqual(leaving?.spec, { size: 1 });
    await store.delete(ref);
    await log.until('modified, marked', (events) =>
      events.some((event) => event.type === 'modified' && event.resource.metadata.deletionTimestamp !== undefined),
    );
    t.false(log.story.includes('deleted one'));
    const told = await store.patchStatus(ref, { status: { gone: 'soon' } });
    t.deepEqual(told.status, { gone: 'soon' });
    await store.patchStatus(ref, { finalizers: { [FINALIZER]: false } });
    await log.resource('deleted', 'one');
    t.is(await store.get(ref), undefined);
    log.stop();
  });

  test('a deletion is refused, and nothing marked, when what is deleted is another object or has changed', async (t, {
    store,
  }) => {
    const { metadata } = await store.create(samples.resource('one'));
    await store.patchStatus(ref, { finalizers: { [FINALIZER]: true } });
    await t.throwsAsync(store.delete(ref, { uid: 'another' }), { instanceOf: ConflictError });
    await t.throwsAsync(store.delete(ref, { revision: revisionOf({ ...samples.resource('one'), metadata }) }), {
      instanceOf: ConflictError,
    });
    t.is((await store.get(ref))?.metadata.deletionTimestamp, undefined);
    await store.patchStatus(ref, { finalizers: { [FINALIZER]: false } });
  });

  test('what is leaving keeps what it is known by, is listed, and is told to those who come later', async (t, {
    store,
  }) => {
    await store.create(samples.resource('one', { size: 1 }));
    const before = await store.patchStatus(ref, {
      status: { a: 1 },
      annotations: { 'k/a': '1' },
      finalizers: { [FINALIZER]: true },
    });
    await store.delete(ref);
    const leaving = await store.get(ref);
    t.is(leaving?.metadata.uid, before.metadata.uid);
    t.deepEqual([leaving?.status, leaving?.metadata.annotations?.['k/a']], [{ a: 1 }, '1']);
    t.deepEqual(leaving?.metadata.finalizers, [FINALIZER]);
    t.deepEqual((await store.list(WIDGET)).items, leaving === undefined ? [] : [leaving]);
    const log = await EventLog.synced(store, WIDGET);
    t.deepEqual(log.story, ['added one', 'synced']);
    log.stop();
    await store.patchStatus(ref, { finalizers: { [FINALIZER]: false } });
  });

  test('to take a finalizer away again when the resource is gone is NotFound', async (t, { store }) => {
    await store.create(samples.resource('one'));
    await store.patchStatus(ref, { finalizers: { [FINALIZER]: true } });
    await store.delete(ref);
    await store.patchStatus(ref, { finalizers: { [FINALIZER]: false } });
    await t.throwsAsync(store.patchStatus(ref, { finalizers: { [FINALIZER]: false } }), { instanceOf: NotFoundError });
    t.deepEqual((await store.list(WIDGET)).items, []);
  });

  if (capabilities.durable && capabilities.shared) {
    test('what is leaving is still there when the place is opened again', async (t, harness) => {
      const { store } = harness;
      await store.create(samples.resource('one', { size: 1 }));
      await store.patchStatus(ref, { annotations: { 'k/a': '1' }, finalizers: { [FINALIZER]: true } });
      await store.delete(ref);
      const leaving = await store.get(ref);
      await store.close();
      const reopened = await harness.open?.();
      t.truthy(leaving?.metadata.deletionTimestamp);
      t.deepEqual(await reopened?.get(ref), leaving);
      await reopened?.patchStatus(ref, { finalizers: { [FINALIZER]: false } });
      t.is(await reopened?.get(ref), undefined);
    });
  }

  if (capabilities.outside) {
    test('what somebody else deletes stays, marked, until its finalizers are gone', async (t, { store, outside }) => {
      await store.create(samples.resource('one', { size: 1 }));
      await store.patchStatus(ref, { annotations: { 'k/a': '1' }, finalizers: { [FINALIZER]: true } });
      const log = await EventLog.synced(store, WIDGET);
      await outside?.remove(ref);
      await log.until('modified, marked', (events) =>
        events.some((event) => event.type === 'modified' && event.resource.metadata.deletionTimestamp !== undefined),
      );
      t.is((await store.get(ref))?.metadata.annotations?.['k/a'], '1');
      await store.patchStatus(ref, { finalizers: { [FINALIZER]: false } });
      await log.resource('deleted', 'one');
      t.is(await store.get(ref), undefined);
      log.stop();
    });
  }

  test('many that set finalizers and status at once all get through', async (t, { store }) => {
    await store.create(samples.resource('one'));
    const names = ['a', 'b', 'c', 'd'].map((name) => `test.example/${name}`);
    await Promise.all(
      names.map((name, index) =>
        store.patchStatus(ref, { status: { [`f${index}`]: index }, finalizers: { [name]: true } }),
      ),
    );
    const { metadata, status } = (await store.get(ref)) ?? samples.resource('one');
    t.deepEqual(metadata.finalizers?.toSorted(), names);
    t.is(Object.keys(status ?? {}).length, 4);
    await store.patchStatus(ref, { finalizers: Object.fromEntries(names.map((name) => [name, false])) });
  });
}
