import test from 'ava';
import {
  AlreadyExistsError,
  ConflictError,
  FencedError,
  InvalidResourceError,
  NotFoundError,
  type StoreHealth,
  UnavailableError,
  UnknownKindError,
} from 'koreo-kernel';
import { eventually } from '../../support/eventually.js';
import { SwitchFence } from '../../support/switch-fence.js';
import { StoreWorld } from './support/store-world.js';
import { installWidgets, uninstallWidgets, WIDGET } from './support/widget-crd.js';

test('nothing is asked before the store is used', async (t) => {
  const { server, store } = await StoreWorld.start(t);
  store.health.subscribe().unsubscribe();
  await store.close();
  t.deepEqual(server.requests, []);
});

test('where namespaces are named, lists look in those alone; a resource is found in its own', async (t) => {
  const { server, store } = await StoreWorld.start(t, { options: { namespaces: ['team-a', 'team-b'] } });
  for (const namespace of ['team-a', 'team-b', 'default']) {
    server.put({ ...WIDGET, metadata: { name: `in-${namespace}`, namespace } });
  }
  const { items } = await store.list(WIDGET);
  t.deepEqual(
    items.map(({ metadata }) => metadata.name),
    ['in-team-a', 'in-team-b'],
  );
  t.true(server.requestsOf({ verb: 'list' }).every(({ target }) => target?.namespace !== undefined));
  t.truthy(await store.get({ ...WIDGET, name: 'in-default', namespace: 'default' }));
  t.is((await store.list({ apiVersion: 'v1', kind: 'Namespace' })).items.length, 4);
  t.is(await store.defaultNamespace?.(), 'team-a');
});

test("the namespace that people mean is that of the kubeconfig's context", async (t) => {
  const { store } = await StoreWorld.start(t);
  t.is(await store.defaultNamespace?.(), 'team-a');
});

test('a list whose pages the server has forgotten is begun anew', async (t) => {
  const { server, store } = await StoreWorld.start(t, { options: { watch: { pageSize: 2 } } });
  for (const name of ['a', 'b', 'c', 'd', 'e']) server.put({ ...WIDGET, metadata: { name, namespace: 'default' } });
  server.faults.plan({ verb: 'list' }, { type: 'status', code: 410, reason: 'Expired' }, { skip: 1 });
  const { items } = await store.list(WIDGET);
  t.deepEqual(
    items.map(({ metadata }) => metadata.name),
    ['a', 'b', 'c', 'd', 'e'],
  );
  t.is(server.requestsOf({ verb: 'list' }).length, 2 + 3);
});

test('a server that forgets its pages each time is not asked without end', async (t) => {
  const { server, store } = await StoreWorld.start(t, { options: { watch: { pageSize: 1 } } });
  for (const name of ['a', 'b']) server.put({ ...WIDGET, metadata: { name, namespace: 'default' } });
  const forgets = { type: 'status', code: 410, reason: 'Expired' } as const;
  server.faults.plan({ verb: 'list' }, forgets, { skip: 1, times: Number.POSITIVE_INFINITY });
  await t.throwsAsync(store.list(WIDGET), { instanceOf: UnavailableError });
  t.is(server.requestsOf({ verb: 'list' }).length, 1 + 5);
});

test('a kind that is uninstalled is unknown, and known again when it is back', async (t) => {
  const world = await StoreWorld.start(t);
  const { server, store, ref } = world;
  await store.create(world.widget({}));
  uninstallWidgets(server);
  await t.throwsAsync(store.get(ref), { instanceOf: UnknownKindError });
  await t.throwsAsync(store.list(WIDGET), { instanceOf: UnknownKindError });
  installWidgets(server);
  await eventually('the kind is known again', async () => store.list(WIDGET));
  t.is(await store.get(ref), undefined);
});

test('a create whose answer was lost is told as one that may have been done; the next finds it', async (t) => {
  const world = await StoreWorld.start(t);
  world.server.faults.plan({ verb: 'create' }, { type: 'cut', when: 'after' });
  const lost = await t.throwsAsync(world.store.create(world.widget({})), { instanceOf: UnavailableError });
  t.regex(lost?.message ?? '', /the write may have taken effect$/);
  await t.throwsAsync(world.store.create(world.widget({})), { instanceOf: AlreadyExistsError });
});

test('a status goes through its subresource, an annotation into the object, each only when it changes something', async (t) => {
  const world = await StoreWorld.start(t);
  const { server, store, ref } = world;
  await store.create(world.widget({ a: 1 }));
  const patches = (): readonly string[] =>
    server.requestsOf({ verb: 'patch' }).map(({ target }) => target?.subresource ?? 'object');
  await store.patchStatus(ref, { status: { ready: true }, annotations: { 'k/a': '1' } });
  t.deepEqual(patches(), ['object', 'status']);
  await store.patchStatus(ref, { status: { ready: false }, annotations: { 'k/a': '1' } });
  t.deepEqual(patches(), ['object', 'status', 'status']);
  await store.patchStatus(ref, { status: { ready: false }, annotations: { 'k/a': '1', 'k/b': null } });
  t.is(patches().length, 3);
  t.like(await store.get(ref), { spec: { a: 1 }, status: { ready: false } });
});

test('a status that others write at the same time is merged with theirs, but for a revision that the caller read', async (t) => {
  const world = await StoreWorld.start(t);
  const { server, store, ref } = world;
  const created = await store.create(world.widget({}));
  server.faults.plan({ verb: 'patch' }, { type: 'status', code: 409, reason: 'Conflict' }, { times: 2 });
  const told = await store.patchStatus(ref, { status: { ready: true } }, { uid: String(created.metadata.uid) });
  t.deepEqual(told.status, { ready: true });
  const stale = { revision: String(created.metadata.resourceVersion) };
  await t.throwsAsync(store.patchStatus(ref, { status: { ready: false } }, stale), { instanceOf: ConflictError });
});

test('who knows the resource spares a read, and is not believed where it is another by now', async (t) => {
  const world = await StoreWorld.start(t);
  const { server, store, ref } = world;
  const known = await store.create(world.widget({}));
  const uid = String(known.metadata.uid);
  const reads = (): number => server.requestsOf({ verb: 'get' }).length;
  const first = { status: { ready: true }, annotations: { 'k/a': '1' }, finalizers: { 'k/held': true } };
  const held = await store.patchStatus(ref, first, { uid, known });
  t.is(reads(), 0);
  t.like(held, { status: { ready: true }, metadata: { annotations: { 'k/a': '1' }, finalizers: ['k/held'] } });

  await store.patch(ref, { metadata: { finalizers: ['k/held', 'their/own'] }, spec: { a: 1 } });
  const freed = await store.patchStatus(ref, { finalizers: { 'k/held': false } }, { uid, known: held });
  t.is(reads(), 1, 'the list of finalizers is that of others, too');
  t.like(freed, { spec: { a: 1 }, metadata: { finalizers: ['their/own'] } });

  await store.patch(ref, { metadata: { annotations: { 'k/a': null } } });
  const again = await store.patchStatus(ref, { annotations: { 'k/a': '1' } }, { uid, known: freed });
  t.is(reads(), 2, 'that there is nothing to write is not taken from what is of the past');
  t.like(again, { metadata: { annotations: { 'k/a': '1' } } });
});

test('a patch that would make a resource another one asks nobody', async (t) => {
  const { store, ref, writes } = await StoreWorld.start(t);
  for (const patch of [{ kind: 'Gadget' }, { metadata: { namespace: 'team-a' } }, { metadata: null }]) {
    await t.throwsAsync(store.patch(ref, patch), { instanceOf: InvalidResourceError });
  }
  t.deepEqual(writes, []);
});

test('every write asks the fence at the last moment, and reads do not', async (t) => {
  const fence = new SwitchFence();
  const world = await StoreWorld.start(t, { fence });
  const { store, ref } = world;
  await store.create(world.widget({ a: 1 }));
  fence.expire();
  const refused = [
    store.create(world.widget({})),
    store.apply(world.widget({ a: 2 })),
    store.patch(ref, { spec: { a: 3 } }),
    store.patchStatus(ref, { status: { a: 4 } }),
    store.delete(ref),
  ];
  for (const write of refused) await t.throwsAsync(write, { instanceOf: FencedError });
  t.like(await store.get(ref), { spec: { a: 1 }, status: undefined });
  t.deepEqual(world.writes, ['create']);
});

test('the health says what is waited for, and that it is over', async (t) => {
  const world = await StoreWorld.start(t);
  const { server, store, ref } = world;
  const told: StoreHealth[] = [];
  store.health.subscribe((health) => told.push(health));
  t.is(told.at(-1)?.state, 'starting');
  await store.get(ref);
  t.deepEqual(told.at(-1), { state: 'healthy', problems: [] });
  await server.stop();
  await t.throwsAsync(store.get(ref), { instanceOf: UnavailableError });
  t.is(told.at(-1)?.state, 'degraded');
  t.regex(told.at(-1)?.message ?? '', /cannot be reached: nothing listens there/);
  await server.start();
  await store.get(ref);
  t.deepEqual(told.at(-1), { state: 'healthy', problems: [] });
});

test('what a store does on the wire is told, with the kind', async (t) => {
  const world = await StoreWorld.start(t);
  const told: string[] = [];
  world.store.activity?.subscribe((one) => {
    if (one.type === 'call') told.push(`${one.verb} ${one.code} ${one.kind?.kind ?? '-'}`);
  });
  await world.store.create(world.widget({}));
  await t.throwsAsync(world.store.apply({ ...WIDGET, metadata: { name: 'two', namespace: 'default' } }), {
    instanceOf: NotFoundError,
  });
  t.deepEqual(told, ['discover 200 -', 'create 201 Widget', 'get 404 Widget']);
});
