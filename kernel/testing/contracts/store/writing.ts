import {
  AlreadyExistsError,
  asResource,
  ConflictError,
  InvalidResourceError,
  type JsonObject,
  NotFoundError,
  type Resource,
  type Store,
  type WriteOptions,
} from '../../../plugin.js';
import { EventLog } from '../event-log.js';
import { type Contract, revisionOf, Samples, type StoreHarness, uidOf, WIDGET } from './harness.js';

/** What create, apply, patch and delete promise. */
export function writing(contract: Contract): void {
  creating(contract);
  merging(contract);
  guarding(contract);
  deleting(contract);
  owning(contract);
}

function creating({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('create refuses a name that is taken, and changes nothing', async (t, harness) => {
    await harness.store.create(samples.resource('one', { size: 1 }));
    const unchanged = await witness(harness, samples);
    await t.throwsAsync(harness.store.create(samples.resource('one', { size: 2 })), { instanceOf: AlreadyExistsError });
    t.deepEqual(await witness(harness, samples), unchanged);
  });

  test('create keeps labels, annotations, owner references and finalizers', async (t, { store }) => {
    const owner = {
      apiVersion: 'v1',
      kind: 'Owner',
      name: 'boss',
      uid: 'u-1',
      blockOwnerDeletion: true,
      controller: false,
    };
    const resource = samples.resource('one', { size: 1 });
    const metadata = {
      ...resource.metadata,
      labels: { team: 'a' },
      annotations: { note: 'b' },
      ownerReferences: [owner],
      finalizers: ['koreo.dev/managed-resources'],
    };
    await store.create({ ...resource, metadata });
    const read = await store.get(samples.ref('one'));
    t.like(read?.metadata, {
      labels: { team: 'a' },
      annotations: { note: 'b' },
      finalizers: ['koreo.dev/managed-resources'],
    });
    t.deepEqual(read?.metadata.ownerReferences, [owner]);
  });

  test('create and apply refuse what is not a resource', async (t, { store }) => {
    const good = samples.resource('one');
    const bad = [
      { ...good, metadata: { ...good.metadata, name: '' } },
      { ...good, metadata: {} },
      { apiVersion: good.apiVersion, kind: good.kind },
      { ...good, metadata: { ...good.metadata, name: 7 } },
    ];
    for (const resource of bad) {
      const given = asResource(resource as unknown as JsonObject);
      await t.throwsAsync(store.create(given), { instanceOf: InvalidResourceError });
      await t.throwsAsync(store.apply(given), { instanceOf: InvalidResourceError });
    }
    t.deepEqual((await store.list(WIDGET)).items, []);
  });
}

/** apply and patch share their rules; each test runs with both. */
function merging({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);
  const ways: readonly [string, (store: Store, change: JsonObject, options?: WriteOptions) => Promise<Resource>][] = [
    ['patch', (store, spec, options) => store.patch(samples.ref('one'), { spec }, options)],
    ['apply', (store, spec, options) => store.apply(samples.resource('one', spec), options)],
  ];
  for (const [way, change] of ways) {
    test(`${way} merges maps, and gives what get then gives`, async (t, { store }) => {
      await store.create(samples.resource('one', { a: { x: 1 }, keep: true }), { lasting: samples.resource('one') });
      const written = await change(store, { a: { x: 2, y: 1 } });
      t.deepEqual(written.spec, { a: { x: 2, y: 1 }, keep: true });
      t.deepEqual(await store.get(samples.ref('one')), written);
    });

    test(`${way} removes what is null, and makes nothing of a null for what is not there`, async (t, { store }) => {
      await store.create(samples.resource('one', { a: 1, b: { c: 1, d: 2 } }), { lasting: samples.resource('one') });
      const written = await change(store, { a: null, b: { c: null }, never: null, fresh: { also: null, here: 1 } });
      t.deepEqual(written.spec, { b: { d: 2 }, fresh: { here: 1 } });
    });

    test(`${way} replaces lists and scalars whole`, async (t, { store }) => {
      await store.create(samples.resource('one', { list: [1, { a: 1 }, 3], scalar: 1, map: { a: 1 }, wasList: [1] }));
      const written = await change(store, { list: [{ b: 2 }], scalar: 'text', map: 7, wasList: { now: 'map' } });
      t.deepEqual(written.spec, { list: [{ b: 2 }], scalar: 'text', map: 7, wasList: { now: 'map' } });
    });

    test(`${way} writes nothing when nothing would change`, async (t, harness) => {
      const { store } = harness;
      const created = await store.create(samples.resource('one', { a: { b: 1 }, list: [1, { c: 2 }] }));
      const log = await EventLog.synced(store, WIDGET);
      const unchanged = await witness(harness, samples);
      const written = await change(store, { list: [1, { c: 2 }], a: { b: 1, gone: null } });
      t.is(revisionOf(written), revisionOf(created));
      t.deepEqual(await witness(harness, samples), unchanged);
      t.deepEqual(log.story, ['added one', 'synced']);
      log.stop();
    });

    test(`${way} keeps the uid and changes the revision, every time`, async (t, { store }) => {
      const created = await store.create(samples.resource('one', { size: 0 }));
      const revisions = [revisionOf(created)];
      for (const size of [1, 2, 3]) {
        const written = await change(store, { size });
        t.is(uidOf(written), uidOf(created));
        revisions.push(revisionOf(written));
      }
      t.is(new Set(revisions).size, 4);
    });

    test(`${way} of what is not there is NotFound`, async (t, { store }) => {
      await t.throwsAsync(change(store, { size: 1 }), { instanceOf: NotFoundError });
      t.is(await store.get(samples.ref('one')), undefined);
    });

    test(`${way} leaves other resources alone`, async (t, { store }) => {
      await store.create(samples.resource('one', { size: 1 }));
      const other = await store.create(samples.resource('two', { size: 1 }));
      await change(store, { size: 2 });
      t.deepEqual(await store.get(samples.ref('two')), other);
    });
  }

  test('apply of a resource as it was read writes nothing', async (t, { store }) => {
    const created = await store.create(samples.resource('one', { a: 1 }));
    t.is(revisionOf(await store.apply(created)), revisionOf(created));
  });

  if (capabilities.fieldOwners) {
    test('apply takes away what an earlier target set and this one does not', async (t, { store }) => {
      await store.create(samples.resource('one', { a: 1, b: 2, deep: { x: 1, y: 2 } }));
      t.deepEqual((await store.apply(samples.resource('one', { a: 3, deep: { x: 1 } }))).spec, {
        a: 3,
        deep: { x: 1 },
      });
      t.deepEqual((await store.apply(samples.resource('one', { c: 4 }))).spec, { c: 4 });
      t.deepEqual((await store.kind(WIDGET))?.ownsFields, true);
    });

    test('apply leaves what somebody else set', async (t, { store }) => {
      await store.create(samples.resource('one', { a: 1 }));
      await store.patchStatus(samples.ref('one'), { annotations: { 'k/a': '1' } });
      const applied = await store.apply(samples.resource('one', { b: 2 }));
      t.deepEqual([applied.spec, applied.metadata.annotations?.['k/a']], [{ b: 2 }, '1']);
    });

    test('what create set beyond its lasting part is never taken away, and is on record', async (t, { store }) => {
      const lasting = samples.resource('one', { a: 1, deep: { x: 1 } });
      const created = await store.create(samples.resource('one', { a: 1, deep: { x: 1, y: 2 }, list: [1] }), {
        lasting,
      });
      t.deepEqual((JSON.parse(created.metadata.annotations?.['koreo.dev/set-once'] ?? '[]') as string[]).toSorted(), [
        '/spec/deep/y',
        '/spec/list',
      ]);
      const applied = await store.apply(samples.resource('one', { b: 1 }));
      t.deepEqual(applied.spec, { b: 1, deep: { y: 2 }, list: [1] });
      t.deepEqual((await store.apply(samples.resource('one', { c: 1 }))).spec, { c: 1, deep: { y: 2 }, list: [1] });
    });
  } else {
    test('apply keeps fields that the target does not speak of', async (t, { store }) => {
      await store.create(samples.resource('one', { a: 1, b: 2 }));
      t.deepEqual((await store.apply(samples.resource('one', { a: 3 }))).spec, { a: 3, b: 2 });
    });
  }

  test('patch merges labels and annotations, and replaces finalizers', async (t, { store }) => {
    const resource = samples.resource('one');
    const labels = { a: '1', b: '2' };
    await store.create({ ...resource, metadata: { ...resource.metadata, labels, finalizers: ['x/y', 'x/z'] } });
    const patch = { metadata: { labels: { a: null, c: '3' }, annotations: { note: 'n' }, finalizers: ['x/z'] } };
    const { metadata } = await store.patch(samples.ref('one'), patch);
    t.deepEqual(metadata.labels, { b: '2', c: '3' });
    t.is(metadata.annotations?.note, 'n');
    t.deepEqual(metadata.finalizers, ['x/z']);
  });

  test('patch cannot make a resource another one', async (t, harness) => {
    const { store } = harness;
    const created = await store.create(samples.resource('one', { size: 1 }));
    const unchanged = await witness(harness, samples);
    for (const patch of [
      { kind: 'Gadget' },
      { apiVersion: 'v9' },
      { metadata: { name: 'two' } },
      { metadata: null },
      { kind: null },
    ]) {
      await t.throwsAsync(store.patch(samples.ref('one'), patch), { instanceOf: InvalidResourceError });
    }
    t.deepEqual(await witness(harness, samples), unchanged);
    t.is(uidOf(await store.get(samples.ref('one'))), uidOf(created));
    t.is(await store.get(samples.ref('two')), undefined);
  });
}

function guarding({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);
  const ways: readonly [string, (store: Store, options: WriteOptions) => Promise<unknown>][] = [
    ['patch', (store, options) => store.patch(samples.ref('one'), { spec: { size: 9 } }, options)],
    ['apply', (store, options) => store.apply(samples.resource('one', { size: 9 }), options)],
    ['patchStatus', (store, options) => store.patchStatus(samples.ref('one'), { status: { size: 9 } }, options)],
    ['delete', (store, options) => store.delete(samples.ref('one'), options)],
  ];
  for (const [way, write] of ways) {
    test(`${way} with a stale revision is a conflict, and writes nothing`, async (t, harness) => {
      const { store } = harness;
      const created = await store.create(samples.resource('one', { size: 1 }));
      await store.patch(samples.ref('one'), { spec: { size: 2 } });
      const unchanged = await witness(harness, samples);
      await t.throwsAsync(write(store, { revision: revisionOf(created) }), { instanceOf: ConflictError });
      t.deepEqual(await witness(harness, samples), unchanged);
    });

    test(`${way} with another uid is a conflict, and writes nothing`, async (t, harness) => {
      const { store } = harness;
      await store.create(samples.resource('one', { size: 1 }));
      const unchanged = await witness(harness, samples);
      await t.throwsAsync(write(store, { uid: 'somebody-else' }), { instanceOf: ConflictError });
      t.deepEqual(await witness(harness, samples), unchanged);
    });

    test(`${way} with the current revision and uid is done`, async (t, { store }) => {
      const created = await store.create(samples.resource('one', { size: 1 }));
      await t.notThrowsAsync(write(store, { revision: revisionOf(created), uid: uidOf(created) }));
      t.notDeepEqual(await store.get(samples.ref('one')), created);
    });
  }
}

function deleting({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('delete removes the resource, and nothing else', async (t, harness) => {
    const { store } = harness;
    await store.create(samples.resource('one', { size: 1 }));
    const other = await store.create(samples.resource('two', { size: 2 }));
    await store.delete(samples.ref('one'));
    t.is(await store.get(samples.ref('one')), undefined);
    t.is(await harness.authorsPart(samples.ref('one')), undefined);
    t.deepEqual((await store.list(WIDGET)).items, [other]);
  });

  test('delete of what is gone is done already, guards or not', async (t, { store }) => {
    await t.notThrowsAsync(store.delete(samples.ref('nobody')));
    const created = await store.create(samples.resource('one'));
    await store.delete(samples.ref('one'));
    await t.notThrowsAsync(store.delete(samples.ref('one')));
    await t.notThrowsAsync(store.delete(samples.ref('one'), { revision: revisionOf(created), uid: uidOf(created) }));
  });

  test('delete takes every propagation', async (t, { store }) => {
    for (const propagation of ['background', 'foreground', 'orphan'] as const) {
      await store.create(samples.resource(propagation));
      await store.delete(samples.ref(propagation), { propagation });
      const left = await store.get(samples.ref(propagation));
      if (capabilities.deletesAtOnce) t.is(left, undefined);
      else t.true(left === undefined || left.metadata.deletionTimestamp !== undefined, propagation);
    }
  });

  test('a name can be taken again after delete, and nothing of the old life shows', async (t, { store }) => {
    const resource = samples.resource('one', { old: true });
    const first = await store.create({ ...resource, metadata: { ...resource.metadata, labels: { old: 'yes' } } });
    await store.patchStatus(samples.ref('one'), { status: { old: true }, annotations: { 'koreo.dev/old': 'yes' } });
    await store.delete(samples.ref('one'));
    const second = await store.create(samples.resource('one', { fresh: true }));
    t.deepEqual(second.spec, { fresh: true });
    t.is(second.status, undefined);
    t.is(second.metadata.labels, undefined);
    t.is(second.metadata.annotations?.['koreo.dev/old'], undefined);
    if (capabilities.uidPerLife) t.not(uidOf(second), uidOf(first));
  });
}

/** Who may change which object when. */
function owning({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('what the caller does to its arguments after a call has no effect', async (t, { store }) => {
    const resource = { ...samples.resource('one'), spec: { list: [1], map: { a: 1 } } };
    const created = store.create(resource);
    resource.spec.list.push(2);
    resource.spec.map.a = 2;
    t.deepEqual((await created).spec, { list: [1], map: { a: 1 } });
    t.deepEqual((await store.get(samples.ref('one')))?.spec, { list: [1], map: { a: 1 } });

    const patch = { spec: { map: { b: 1 } } };
    const patched = store.patch(samples.ref('one'), patch);
    patch.spec.map.b = 2;
    t.deepEqual((await patched).spec, { list: [1], map: { a: 1, b: 1 } });
    patch.spec.map.b = 3;
    t.deepEqual((await store.get(samples.ref('one')))?.spec, { list: [1], map: { a: 1, b: 1 } });

    const status = { list: [1] };
    const told = store.patchStatus(samples.ref('one'), { status });
    status.list.push(2);
    t.deepEqual((await told).status, { list: [1] });
    t.deepEqual((await store.get(samples.ref('one')))?.status, { list: [1] });
  });

  test('a resource once given never changes', async (t, { store }) => {
    const log = await EventLog.synced(store, WIDGET);
    const created = await store.create(samples.resource('one', { list: [1, { a: 1 }] }));
    const given = [
      created,
      await store.get(samples.ref('one')),
      (await store.list(WIDGET)).items[0],
      await log.resource('added', 'one'),
    ];
    const before = JSON.stringify(given);
    await store.patch(samples.ref('one'), { spec: { list: [2], more: {} }, metadata: { labels: { a: 'b' } } });
    await store.patchStatus(samples.ref('one'), { status: { seen: true }, annotations: { note: 'n' } });
    await store.delete(samples.ref('one'));
    t.is(JSON.stringify(given), before);
    log.stop();
  });
}

/** All that must stay the same when nothing was written. */
async function witness(harness: StoreHarness, samples: Samples): Promise<unknown> {
  const ref = samples.ref('one');
  return [await harness.store.get(ref), await harness.authorsPart(ref), await harness.store.list(WIDGET)];
}
