import { NotFoundError } from '../../../plugin.js';
import { EventLog } from '../event-log.js';
import { type Contract, revisionOf, Samples, uidOf, WIDGET } from './harness.js';

const MANAGED = 'koreo.dev/managed-resources';

/** What patchStatus promises: the kernel's view is kept apart from what the author wrote. */
export function status(contract: Contract): void {
  recording(contract);
  living(contract);
}

function recording({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);
  const ref = samples.ref('one');

  test('patchStatus shows under status and annotations, and leaves what the author wrote as it is', async (t, harness) => {
    const { store } = harness;
    const created = await store.create(samples.resource('one', { size: 1 }));
    const written = await harness.authorsPart(ref);
    t.not(written, undefined);
    const conditions = [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'one ready.' }];
    const told = await store.patchStatus(ref, {
      status: { conditions },
      annotations: { [MANAGED]: '{"workflow":"w"}' },
    });
    t.deepEqual(told.status, { conditions });
    t.is(told.metadata.annotations?.[MANAGED], '{"workflow":"w"}');
    t.deepEqual(told.spec, { size: 1 });
    t.is(uidOf(told), uidOf(created));
    t.not(revisionOf(told), revisionOf(created));
    t.deepEqual(await store.get(ref), told);
    t.deepEqual((await store.list(WIDGET)).items, [told]);
    t.deepEqual(await harness.authorsPart(ref), written);
  });

  test('patchStatus is a merge patch: maps merge, null removes, lists replace', async (t, { store }) => {
    await store.create(samples.resource('one'));
    await store.patchStatus(ref, {
      status: { a: 1, list: [1, 2], map: { x: 1, y: 2 } },
      annotations: { 'k/a': '1', 'k/b': '2' },
    });
    const told = await store.patchStatus(ref, {
      status: { a: null, list: [3], map: { x: null, z: 3 }, never: null },
      annotations: { 'k/a': null, 'k/c': '3', 'k/never': null },
    });
    t.deepEqual(told.status, { list: [3], map: { y: 2, z: 3 } });
    t.deepEqual(told.metadata.annotations, { 'k/b': '2', 'k/c': '3' });
  });

  test('patchStatus of only annotations leaves the status, and the other way round', async (t, { store }) => {
    await store.create(samples.resource('one'));
    await store.patchStatus(ref, { status: { a: 1 } });
    t.deepEqual((await store.patchStatus(ref, { annotations: { 'k/a': '1' } })).status, { a: 1 });
    t.is((await store.patchStatus(ref, { status: { a: 2 } })).metadata.annotations?.['k/a'], '1');
  });

  test("patchStatus keeps the author's annotations", async (t, { store }) => {
    const resource = samples.resource('one');
    await store.create({ ...resource, metadata: { ...resource.metadata, annotations: { team: 'a' } } });
    const told = await store.patchStatus(ref, { annotations: { [MANAGED]: 'x' } });
    t.deepEqual(told.metadata.annotations, { team: 'a', [MANAGED]: 'x' });
    const untold = await store.patchStatus(ref, { annotations: { [MANAGED]: null } });
    t.deepEqual(untold.metadata.annotations, { team: 'a' });
  });

  test('patchStatus writes nothing when nothing would change', async (t, { store }) => {
    await store.create(samples.resource('one'));
    const told = await store.patchStatus(ref, { status: { a: { b: [1] } }, annotations: { 'k/a': '1' } });
    const log = await EventLog.synced(store, WIDGET);
    const again = await store.patchStatus(ref, {
      status: { a: { b: [1], none: null } },
      annotations: { 'k/a': '1', 'k/b': null },
    });
    t.is(revisionOf(again), revisionOf(told));
    t.is(revisionOf(await store.patchStatus(ref, {})), revisionOf(told));
    t.deepEqual(log.story, ['added one', 'synced']);
    log.stop();
  });

  test('patchStatus of what is not there is NotFound', async (t, { store }) => {
    await t.throwsAsync(store.patchStatus(ref, { status: { a: 1 } }), { instanceOf: NotFoundError });
    t.is(await store.get(ref), undefined);
  });

  test('many fields of a status come back as they were given', async (t, { store }) => {
    await store.create(samples.resource('one'));
    const state = {
      text: 'multi\nline "quoted" ü',
      empty: {},
      none: [],
      zero: 0,
      no: false,
      big: 2 ** 53 - 1,
      half: 0.5,
    };
    await store.patchStatus(ref, { status: { state } });
    t.deepEqual((await store.get(ref))?.status, { state });
  });
}

function living({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);
  const ref = samples.ref('one');

  test('the status outlives changes by the author', async (t, { store }) => {
    await store.create(samples.resource('one', { size: 1 }), { lasting: samples.resource('one') });
    await store.patchStatus(ref, { status: { a: 1 }, annotations: { 'k/a': '1' } });
    await store.patch(ref, { spec: { size: 2 } });
    const applied = await store.apply(samples.resource('one', { more: true }));
    t.deepEqual(applied.status, { a: 1 });
    t.is(applied.metadata.annotations?.['k/a'], '1');
    t.deepEqual(applied.spec, { size: 2, more: true });
  });

  test('watchers are told of a new status', async (t, { store }) => {
    await store.create(samples.resource('one'));
    const log = await EventLog.synced(store, WIDGET);
    const told = await store.patchStatus(ref, { status: { a: 1 } });
    t.deepEqual(await log.resource('modified', 'one'), told);
    log.stop();
  });

  test("a resource's status is its own", async (t, { store }) => {
    await store.create(samples.resource('one'));
    const two = await store.create(samples.resource('two'));
    await store.patchStatus(ref, { status: { a: 1 } });
    t.deepEqual(await store.get(samples.ref('two')), two);
    if (!capabilities.namespaced) return;
    const elsewhere = await store.create(samples.resource('one', {}, { namespace: 'elsewhere' }));
    await store.patchStatus(ref, { status: { a: 2 } });
    t.deepEqual(await store.get(samples.ref('one', { namespace: 'elsewhere' })), elsewhere);
  });

  if (capabilities.durable && capabilities.shared) {
    test('everything is there when the place is opened again', async (t, harness) => {
      const { store } = harness;
      const resource = samples.resource('one', { size: 1 });
      await store.create({ ...resource, metadata: { ...resource.metadata, labels: { a: 'b' } } });
      const told = await store.patchStatus(ref, { status: { a: 1 }, annotations: { 'k/a': '1' } });
      await store.close();
      const reopened = await harness.open?.();
      t.deepEqual(await reopened?.get(ref), told);
    });
  }

  if (capabilities.outside) {
    test('the status outlives a change from outside', async (t, { store, outside }) => {
      await store.create(samples.resource('one', { size: 1 }));
      await store.patchStatus(ref, { status: { a: 1 } });
      const log = await EventLog.synced(store, WIDGET);
      await outside?.put(samples.resource('one', { size: 2 }));
      const seen = await log.resource('modified', 'one');
      t.deepEqual(seen.spec, { size: 2 });
      t.deepEqual(seen.status, { a: 1 });
      log.stop();
    });
  }
}
