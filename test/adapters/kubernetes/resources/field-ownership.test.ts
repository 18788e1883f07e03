import test from 'ava';
import { ConflictError, type ContestedField, NotFoundError, UnavailableError } from 'koreo-kernel';
import { FieldConflictError } from '../../../../adapters/kubernetes/api/api-errors.js';
import { StoreWorld } from '../support/store-world.js';
import { WIDGET } from '../support/widget-crd.js';

test('a target takes away what earlier ones set; what was set once, and what others set, stays', async (t) => {
  const world = await StoreWorld.start(t);
  const { store } = world;
  await store.create(world.widget({ a: 1, deep: { x: 1, y: 2 } }), { lasting: world.widget({ a: 1, deep: { x: 1 } }) });
  world.patchAs('somebody', { spec: { theirs: true } });
  t.deepEqual((await store.apply(world.widget({ b: 1 }))).spec, { b: 1, deep: { y: 2 }, theirs: true });
  t.deepEqual((await store.apply(world.widget({ c: 1, deep: { x: 5 } }))).spec, {
    c: 1,
    deep: { x: 5, y: 2 },
    theirs: true,
  });
  t.deepEqual((await store.apply(world.widget({ d: 1 }))).spec, { d: 1, deep: { y: 2 }, theirs: true });
});

test('what others put into a mapping of ours stays when the mapping is no longer wanted', async (t) => {
  const world = await StoreWorld.start(t);
  await world.store.create(world.widget({ map: { ours: 1 } }, { labels: { ours: 'yes' } }));
  world.patchAs('somebody', { spec: { map: { theirs: 2 } }, metadata: { labels: { theirs: 'yes' } } });
  const applied = await world.store.apply(world.widget({ a: 1 }));
  t.deepEqual([applied.spec, applied.metadata.labels], [{ a: 1, map: { theirs: 2 } }, { theirs: 'yes' }]);
});

test('no target takes away what the kernel patched: finalizers, annotations, owner references, a status in the object', async (t) => {
  const world = await StoreWorld.start(t, { widgets: { statusSubresource: false } });
  const { store, ref } = world;
  await store.create(world.widget({ a: 1 }));
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'boss', uid: 'u-1' }];
  await store.patch(ref, { metadata: { finalizers: ['koreo.dev/managed-resources'], ownerReferences } });
  await store.patchStatus(ref, { status: { ready: true }, annotations: { 'koreo.dev/managed-resources': '{}' } });
  await store.apply(world.widget({ b: 1 }));
  const applied = await store.apply(world.widget({ c: 1 }));
  t.like(applied, {
    spec: { c: 1 },
    status: { ready: true },
    metadata: {
      finalizers: ['koreo.dev/managed-resources'],
      ownerReferences,
      annotations: { 'koreo.dev/managed-resources': '{}' },
    },
  });
});

test('a crash between any two requests of an apply leaves nothing that the next one does not put right', async (t) => {
  for (const verb of ['patch', 'apply'] as const) {
    for (const when of ['before', 'after'] as const) {
      const world = await StoreWorld.start(t);
      const { store } = world;
      await store.create(world.widget({ a: 1, deep: { x: 1, y: 2 } }), {
        lasting: world.widget({ a: 1, deep: { x: 1 } }),
      });
      world.server.faults.plan({ verb }, { type: 'cut', when });
      await t.throwsAsync(store.apply(world.widget({ b: 1 })), { instanceOf: UnavailableError });
      const applied = await store.apply(world.widget({ b: 1 }));
      t.deepEqual(applied.spec, { b: 1, deep: { y: 2 } }, `${verb} ${when}`);
      t.deepEqual(world.managers, ['koreo Apply', 'koreo-patch Update']);
    }
  }
});

test('somebody who writes between two requests of an apply is not overwritten, and does not stop it', async (t) => {
  const world = await StoreWorld.start(t);
  await world.store.create(world.widget({ a: 1 }));
  // Each order of the fields' owners finds another revision than it was made from, twice.
  world.server.faults.plan({ verb: 'patch' }, { type: 'status', code: 409, reason: 'Conflict' }, { times: 2 });
  world.patchAs('somebody', { spec: { theirs: 1 } });
  const applied = await world.store.apply(world.widget({ b: 1 }));
  t.deepEqual(applied.spec, { b: 1, theirs: 1 });
});

test('a revision that the caller read is minded, however many requests an apply is', async (t) => {
  const world = await StoreWorld.start(t);
  const { metadata } = await world.store.create(world.widget({ a: 1 }));
  const revision = String(metadata.resourceVersion);
  const applied = await world.store.apply(world.widget({ b: 1 }), { revision });
  t.deepEqual(applied.spec, { b: 1 });
  world.patchAs('somebody', { spec: { theirs: 1 } });
  const stale = world.store.apply(world.widget({ c: 1 }), { revision: String(applied.metadata.resourceVersion) });
  await t.throwsAsync(stale, { instanceOf: ConflictError });
});

test('fields that others have set to something else are taken, and told of', async (t) => {
  const world = await StoreWorld.start(t);
  await world.store.create(world.widget({ a: 1 }));
  await world.store.apply(world.widget({ a: 1, b: 1 }));
  world.patchAs('somebody', { spec: { a: 7 } });
  const contested: ContestedField[] = [];
  const applied = await world.store.apply(world.widget({ a: 2, b: 1 }), {
    onContested: (fields) => contested.push(...fields),
  });
  t.deepEqual(applied.spec, { a: 2, b: 1 });
  t.deepEqual(contested, [{ path: '.spec.a', manager: 'somebody' }]);
});

test('where conflicts are refused, an apply names the fields and their managers, and changes nothing', async (t) => {
  const world = await StoreWorld.start(t, { options: { conflicts: 'refuse' } });
  await world.store.create(world.widget({ a: 1 }));
  await world.store.apply(world.widget({ a: 1, b: 1 }));
  world.patchAs('somebody', { spec: { a: 7 } });
  const error = await t.throwsAsync(world.store.apply(world.widget({ a: 2 })), { instanceOf: FieldConflictError });
  t.true(error instanceof ConflictError);
  t.is(error?.message, 'other field managers have set .spec.a (somebody)');
  t.deepEqual((await world.store.get(world.ref))?.spec, { a: 7, b: 1 });
  t.deepEqual((await world.store.apply(world.widget({ a: 2 }), { contested: 'take' })).spec, { a: 2 });
});

test('what the kernel itself patched is not contested', async (t) => {
  const world = await StoreWorld.start(t, { options: { conflicts: 'refuse' } });
  await world.store.create(world.widget({ a: 1 }));
  await world.store.apply(world.widget({ a: 1, b: 1 }));
  await world.store.patch(world.ref, { spec: { a: 7 } });
  const told: ContestedField[] = [];
  const applied = await world.store.apply(world.widget({ a: 2 }), { onContested: (fields) => told.push(...fields) });
  t.deepEqual([applied.spec, told], [{ a: 2 }, []]);
});

test('an apply that changes nothing is one read', async (t) => {
  const world = await StoreWorld.start(t);
  await world.store.create(world.widget({ a: 1, list: [1, 2] }));
  await world.store.apply(world.widget({ a: 2, list: [1, 2] }));
  const { length } = world.writes;
  await world.store.apply(world.widget({ a: 2, list: [1, 2], never: null }));
  t.is(world.writes.length, length);
});

test('an apply never brings back what was deleted while it was under way', async (t) => {
  const world = await StoreWorld.start(t);
  await world.store.create(world.widget({ a: 1 }));
  await world.store.apply(world.widget({ a: 2 }));
  const requests = world.server.requests.length;
  const dropped = world.server
    .until(() => world.server.requests.length > requests)
    .then(() => {
      world.server.drop({ ...WIDGET, namespace: 'default', name: 'one' });
    });
  await t.throwsAsync(world.store.apply(world.widget({ a: 3 })), { any: true });
  await dropped;
  t.is(await world.store.get(world.ref), undefined);
});

test('what is null in a target is removed, whoever set it', async (t) => {
  const world = await StoreWorld.start(t);
  await world.store.create(world.widget({ a: 1 }));
  world.patchAs('somebody', { spec: { theirs: { x: 1, y: 2 } } });
  const applied = await world.store.apply(world.widget({ a: 1, theirs: { x: null } }));
  t.deepEqual(applied.spec, { a: 1, theirs: { y: 2 } });
});

test('a kind that refuses server-side apply is written by merge patches from then on', async (t) => {
  const world = await StoreWorld.start(t);
  const { store } = world;
  await store.create(world.widget({ a: 1 }));
  t.true((await store.kind(WIDGET))?.ownsFields);
  const refusal = world.server.faults.plan({ verb: 'apply' }, { type: 'status', code: 415 }, { times: 9 });
  t.deepEqual((await store.apply(world.widget({ b: 1 }))).spec, { a: 1, b: 1 });
  t.deepEqual((await store.apply(world.widget({ c: 1 }))).spec, { a: 1, b: 1, c: 1 });
  t.is(refusal.hits, 1);
  t.false((await store.kind(WIDGET))?.ownsFields);
});

test('kinds are written by merge patches where the configuration says so', async (t) => {
  const rules = { writeRules: [{ apiVersion: 'probe.koreo.dev/*', kind: 'Widget', writes: 'merge' }] };
  const world = await StoreWorld.start(t, { options: rules });
  await world.store.create(world.widget({ a: 1 }));
  t.deepEqual((await world.store.apply(world.widget({ b: 1 }))).spec, { a: 1, b: 1 });
  t.deepEqual(world.writes, ['create', 'patch']);
  t.false((await world.store.kind(WIDGET))?.ownsFields);
  t.true((await world.store.kind({ apiVersion: 'v1', kind: 'ConfigMap' }))?.ownsFields);
});

test('fields are owned under the name that the configuration, or the call, says', async (t) => {
  const world = await StoreWorld.start(t, { options: { fieldManager: 'team' } });
  await world.store.create(world.widget({ a: 1 }));
  await world.store.apply(world.widget({ a: 2 }));
  await world.store.apply(world.widget({ b: 1 }), { manager: 'koreo-cli' });
  await world.store.patch(world.ref, { spec: { c: 1 } });
  t.deepEqual(world.managers, ['koreo-cli Apply', 'team Apply', 'team-patch Update']);
});

test('a preview gives what an apply then does, and writes nothing', async (t) => {
  const world = await StoreWorld.start(t);
  const { store } = world;
  const made = await store.preview?.(world.widget({ a: 1 }));
  t.deepEqual(made?.spec, { a: 1 });
  t.is(await store.get(world.ref), undefined);
  const created = await store.create(world.widget({ a: 1, deep: { x: 1, y: 2 } }), {
    lasting: world.widget({ a: 1, deep: { x: 1 } }),
  });
  world.patchAs('somebody', { spec: { theirs: 1 } });
  const before = await store.get(world.ref);
  const target = world.widget({ b: 1, theirs: null });
  const preview = await store.preview?.(target);
  t.deepEqual(await store.get(world.ref), before);
  t.deepEqual(preview?.spec, { b: 1, deep: { y: 2 } });
  t.deepEqual((await store.apply(target)).spec, preview?.spec);
  t.is(preview?.metadata.uid, created.metadata.uid);
});

test('an apply of what is not there is NotFound, and makes nothing', async (t) => {
  const world = await StoreWorld.start(t);
  await t.throwsAsync(world.store.apply(world.widget({ a: 1 })), { instanceOf: NotFoundError });
  t.deepEqual(world.writes, []);
});
