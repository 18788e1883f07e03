import test from 'ava';
import {
  AlreadyExistsError,
  ConflictError,
  InvalidResourceError,
  NotFoundError,
  type Resource,
  type StoreEvent,
  UnavailableError,
} from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';

const GVK = { apiVersion: 'shop.example/v1', kind: 'Order' };
const order = (name: string, spec = {}, namespace = 'shop'): Resource => ({
  ...GVK,
  metadata: { name, namespace },
  spec,
});
const ref = { ...GVK, name: 'a', namespace: 'shop' };

test('a created resource gets a uid, a revision and generation 1, and cannot be changed by who holds it', async (t) => {
  const store = new MemoryStore();
  const input = order('a', { items: [{ n: 1 }] });
  const made = await store.create(input);
  t.truthy(made.metadata.uid);
  t.truthy(made.metadata.resourceVersion);
  t.is(made.metadata.generation, 1);
  (input.spec as { items: { n: number }[] }).items[0] = { n: 99 };
  t.deepEqual((await store.get(ref))?.spec, { items: [{ n: 1 }] });
  t.throws(() => Object.assign(made.spec as object, { x: 1 }), { instanceOf: TypeError });
});

test('creating a name twice is AlreadyExists, and a resource without a name is invalid', async (t) => {
  const store = new MemoryStore({ resources: [order('a')] });
  await t.throwsAsync(store.create(order('a')), { instanceOf: AlreadyExistsError });
  await t.throwsAsync(store.create(order('')), { instanceOf: InvalidResourceError });
  await store.create(order('a', {}, 'elsewhere'));
  t.is(store.resources.length, 2);
});

test('a patch merges, removes with null, and counts a generation only outside of metadata and status', async (t) => {
  const store = new MemoryStore({ resources: [order('a', { keep: 1, drop: 2 })] });
  const patched = await store.patch(ref, { spec: { drop: null, deep: { x: 1, none: null } } });
  t.deepEqual(patched.spec, { keep: 1, deep: { x: 1 } });
  t.is(patched.metadata.generation, 2);
  const labelled = await store.patch(ref, { metadata: { labels: { a: 'b' } } });
  t.is(labelled.metadata.generation, 2);
  t.not(labelled.metadata.resourceVersion, patched.metadata.resourceVersion);
});

test('a write that would change nothing changes nothing, not even the revision, and nobody is told', async (t) => {
  const store = new MemoryStore();
  const before = store.put(order('a', { n: 1 }));
  const events: StoreEvent[] = [];
  store.watch(GVK).subscribe((event) => events.push(event));
  t.is(await store.patch(ref, { spec: { n: 1 } }), before);
  t.is(await store.apply(order('a', { n: 1 })), before);
  t.is(await store.patchStatus(ref, {}), before);
  t.is(store.writes, 3);
  t.is(store.changes, 0);
  t.deepEqual(
    events.map(({ type }) => type),
    ['added', 'synced'],
  );
});

test('guards refuse a write or a delete that was computed from another revision or another object', async (t) => {
  const store = new MemoryStore({ resources: [order('a')] });
  const read = await store.get(ref);
  const revision = read?.metadata.resourceVersion ?? '';
  await store.patch(ref, { spec: { n: 1 } }, { revision, uid: read?.metadata.uid ?? '' });
  await t.throwsAsync(store.patch(ref, { spec: { n: 2 } }, { revision }), { instanceOf: ConflictError });
  await t.throwsAsync(store.delete(ref, { revision }), { instanceOf: ConflictError });
  await t.throwsAsync(store.apply(order('a'), { uid: 'other' }), { instanceOf: ConflictError });
  t.deepEqual(store.peek(ref)?.spec, { n: 1 });
});

test('patching what is not there is NotFound, deleting it is done already', async (t) => {
  const store = new MemoryStore();
  await t.throwsAsync(store.patch(ref, { spec: {} }), { instanceOf: NotFoundError });
  await store.delete(ref, { uid: 'any' });
  t.is(store.changes, 0);
});

test('a patch cannot move a resource, nor change what the store alone decides', async (t) => {
  const store = new MemoryStore({ resources: [order('a')] });
  await t.throwsAsync(store.patch(ref, { metadata: { name: 'b' } }), { instanceOf: InvalidResourceError });
  await t.throwsAsync(store.patch(ref, { kind: 'Other' }), { instanceOf: InvalidResourceError });
  const { uid } = store.peek(ref)?.metadata ?? {};
  const patched = await store.patch(ref, { metadata: { uid: 'mine', generation: 77, labels: { x: 'y' } } });
  t.is(patched.metadata.uid, uid);
  t.is(patched.metadata.generation, 1);
});

test('the status and the annotations of the kernel are kept beside what the author wrote', async (t) => {
  const store = new MemoryStore({ resources: [order('a', { n: 1 })] });
  const told = await store.patchStatus(ref, { status: { ready: true }, annotations: { 'koreo.dev/x': '1' } });
  t.deepEqual(told.status, { ready: true });
  t.deepEqual(told.metadata.annotations, { 'koreo.dev/x': '1' });
  t.is(told.metadata.generation, 1);
  const cleared = await store.patchStatus(ref, { annotations: { 'koreo.dev/x': null } });
  t.deepEqual(cleared.metadata.annotations, {});
});

test('a watch tells what is there, that it has synced, then each write of its kind and namespace at once', async (t) => {
  const store = new MemoryStore({ resources: [order('a'), order('far', {}, 'elsewhere')] });
  const events: string[] = [];
  const watch = store.watch({ ...GVK, namespace: 'shop' }).subscribe((event) => {
    events.push(event.type === 'synced' ? 'synced' : `${event.type} ${event.resource.metadata.name}`);
  });
  await store.create(order('b'));
  await store.create(order('c', {}, 'elsewhere'));
  await store.create({ ...order('d'), kind: 'Invoice' });
  await store.patch(ref, { spec: { n: 1 } });
  await store.delete(ref);
  watch.unsubscribe();
  await store.create(order('e'));
  t.deepEqual(events, ['added a', 'synced', 'added b', 'modified a', 'deleted a']);
});

test('a listener that writes while it listens sees events in order, and so does every other', (t) => {
  const store = new MemoryStore();
  const first: string[] = [];
  const second: string[] = [];
  const nameOf = (event: StoreEvent) =>
    event.type === 'synced' ? [] : [`${event.type} ${event.resource.metadata.name}`];
  store.watch(GVK).subscribe((event) => {
    first.push(...nameOf(event));
    if (event.type === 'added' && event.resource.metadata.name === 'a') store.put(order('b'));
  });
  store.watch(GVK).subscribe((event) => second.push(...nameOf(event)));
  store.put(order('a'));
  t.deepEqual(first, ['added a', 'added b']);
  t.deepEqual([...second].sort(), ['added a', 'added b']);
});

test('reads and writes are counted, and an interceptor can fail or hold a call', async (t) => {
  const store = new MemoryStore({ resources: [order('a')] });
  await store.get(ref);
  await store.list(GVK);
  const stop = store.intercept(({ verb }) => {
    if (verb === 'patch') throw new UnavailableError('busy', 7);
  });
  await t.throwsAsync(store.patch(ref, { spec: { n: 1 } }), { instanceOf: UnavailableError });
  stop();
  await store.patch(ref, { spec: { n: 1 } });
  t.deepEqual([store.reads, store.writes, store.changes], [2, 2, 1]);
});

test('an aborted call rejects with the reason of the signal and does nothing', async (t) => {
  const store = new MemoryStore();
  const reason = new Error('too late');
  const error = await t.throwsAsync(store.create(order('a'), { signal: AbortSignal.abort(reason) }));
  t.is(error, reason);
  t.is(store.changes, 0);
});

test('kinds are what was declared and what is held; an unknown one is guessed', async (t) => {
  const declared = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
  const store = new MemoryStore({ kinds: [declared], resources: [order('a')] });
  t.deepEqual(await store.kinds(), [declared, { ...GVK, plural: 'orders', namespaced: true }]);
  t.is((await store.kind({ apiVersion: 'v1', kind: 'NetworkPolicy' })).plural, 'networkpolicies');
});
