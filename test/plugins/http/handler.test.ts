import test from 'ava';
import {
  AlreadyExistsError,
  ConflictError,
  guardsOf,
  InvalidResourceError,
  NotFoundError,
  UnknownKindError,
} from 'koreo-kernel';
import { answer } from './support/api-server.js';
import { BOX, box, boxApi, boxRef } from './support/box-api.js';

test('an item is read as a resource: name, uid, spec and status are the properties that the options say', async (t) => {
  const { server, handler } = await boxApi(t);
  server.put('/boxes/a', { id: 7, name: 'a', size: 3, paint: { colour: 'red', gloss: true }, seal: { by: 'eve' } });
  const resource = await handler.read(boxRef('a'), {});
  t.like(resource, {
    ...BOX,
    metadata: { name: 'a', uid: '7' },
    spec: { size: 3, colour: 'red' },
    status: { seal: { by: 'eve' } },
  });
  t.deepEqual(Object.keys(resource?.spec as object), ['size', 'colour'], 'what is not mapped is not shown');
  t.is(typeof resource?.metadata.resourceVersion, 'string');
});

test('what is not there is undefined', async (t) => {
  const { handler } = await boxApi(t);
  t.is(await handler.read(boxRef('a'), {}), undefined);
});

test('an item is made from its template, and the answer is the resource', async (t) => {
  const { server, handler } = await boxApi(t);
  const made = await handler.create(box('a', { size: 3, colour: 'red' }), {});
  t.deepEqual(server.items.get('/boxes/a'), { id: 1, size: 3, paint: { colour: 'red' }, name: 'a' });
  t.deepEqual(server.newRequests(), ['POST /boxes']);
  t.deepEqual(made, await handler.read(boxRef('a'), {}));
});

test('an answer to a write that does not say all that was sent is no item: it is read again', async (t) => {
  const { server, handler } = await boxApi(t);
  server.fault = ({ method }, response) => {
    if (method !== 'POST') return false;
    server.put('/boxes/a', { name: 'a', size: 3 });
    answer(response, 202, { accepted: true });
    return true;
  };
  t.like(await handler.create(box('a', { size: 3 }), {}), { spec: { size: 3 }, metadata: { uid: '1' } });
  t.deepEqual(server.newRequests(), ['POST /boxes', 'GET /boxes/a']);
});

test('what is there already is AlreadyExists', async (t) => {
  const { server, handler } = await boxApi(t);
  server.put('/boxes/a', { name: 'a' });
  await t.throwsAsync(handler.create(box('a', { size: 3 }), {}), {
    instanceOf: AlreadyExistsError,
    message: /there is one/,
  });
});

test('an item that is made at its own URL never replaces one that is there', async (t) => {
  const { server, handler } = await boxApi(t, { kind: { create: { method: 'PUT', url: '/boxes/{name}' } } });
  server.fault = ({ headers }, response) => {
    if (headers['if-none-match'] !== '*') return false;
    answer(response, 412, {});
    return true;
  };
  await t.throwsAsync(handler.create(box('a', { size: 3 }), {}), { instanceOf: AlreadyExistsError });
});

test('a patch sends what changes, and nothing when nothing does', async (t) => {
  const { server, handler } = await boxApi(t);
  server.put('/boxes/a', { name: 'a', size: 3, paint: { colour: 'red', gloss: true } });
  const changed = await handler.apply(box('a', { size: 3, colour: 'blue' }), {});
  const [, patch] = server.requests;
  t.deepEqual(patch?.body, { paint: { colour: 'blue' } });
  t.like(changed, { spec: { size: 3, colour: 'blue' } });
  t.deepEqual(server.items.get('/boxes/a'), { id: 1, name: 'a', size: 3, paint: { colour: 'blue', gloss: true } });
  server.newRequests();
  await handler.apply(box('a', { size: 3, colour: 'blue' }), {});
  t.deepEqual(server.newRequests(), ['GET /boxes/a']);
});

test('null takes a field away', async (t) => {
  const { server, handler } = await boxApi(t);
  server.put('/boxes/a', { name: 'a', size: 3, paint: { colour: 'red' } });
  t.like(await handler.patch(boxRef('a'), { spec: { colour: null } }, {}), { spec: { size: 3 } });
  t.deepEqual(server.items.get('/boxes/a'), { id: 1, name: 'a', size: 3, paint: {} });
});

test('where there is no PATCH, PUT sends the whole spec', async (t) => {
  const { server, handler } = await boxApi(t, { kind: { update: { method: 'PUT', url: '/boxes/{name}' } } });
  server.put('/boxes/a', { name: 'a', size: 3, paint: { colour: 'red' } });
  await handler.apply(box('a', { colour: 'blue' }), {});
  t.deepEqual(server.requests.at(-1)?.body, { size: 3, paint: { colour: 'blue' } });
});

test('what an item holds beside its spec is kept by a PUT that sends the whole item', async (t) => {
  const { server, handler } = await boxApi(t, {
    kind: { update: { method: 'PUT', url: '/boxes/{name}', sends: 'item' } },
  });
  server.put('/boxes/a', { name: 'a', size: 3, paint: { colour: 'red', gloss: true } });
  await handler.apply(box('a', { colour: 'blue' }), {});
  t.like(server.items.get('/boxes/a'), { size: 3, paint: { colour: 'blue', gloss: true } });
});

test('a field that changes is sent as a whole where the API merges only its outermost fields', async (t) => {
  const { server, handler } = await boxApi(t, {
    kind: {
      item: { name: 'name', spec: { size: 'size', paint: 'paint' } },
      update: { url: '/boxes/{name}', sends: 'fields' },
    },
  });
  server.put('/boxes/a', { name: 'a', size: 3, paint: { colour: 'red', gloss: true } });
  await handler.apply(box('a', { paint: { colour: 'blue' } }), {});
  t.deepEqual(server.requests.at(-1)?.body, { paint: { colour: 'blue', gloss: true } });
});

test('a body may name its fields otherwise than the item does', async (t) => {
  const { server, handler } = await boxApi(t, {
    kind: {
      update: { url: '/boxes/{name}', spec: { colour: 'new_colour', size: 'size' }, body: { reason: 'for {name}' } },
    },
  });
  server.put('/boxes/a', { name: 'a', size: 3, paint: { colour: 'red' } });
  await handler.apply(box('a', { colour: 'blue' }), {});
  const sent = server.requests.find(({ method }) => method === 'PATCH');
  t.deepEqual(sent?.body, { new_colour: 'blue', reason: 'for a' });
});

test('a patch of what is not there is NotFound', async (t) => {
  const { handler } = await boxApi(t);
  await t.throwsAsync(handler.apply(box('a', { size: 3 }), {}), {
    instanceOf: NotFoundError,
    message: 'Box a is not there',
  });
});

test('a deletion is done when there is nothing, and when somebody else was faster', async (t) => {
  const { server, handler } = await boxApi(t);
  await handler.remove(boxRef('a'), {});
  server.put('/boxes/a', { name: 'a' });
  server.fault = ({ method }, response) => {
    if (method === 'DELETE') answer(response, 404, {});
    return method === 'DELETE';
  };
  await handler.remove(boxRef('a'), {});
  server.fault = () => false;
  await handler.remove(boxRef('a'), {});
  t.is(server.items.size, 0);
});

test('of two writers the second is refused by the entity tag, and neither loses what it wrote', async (t) => {
  const { server, handler } = await boxApi(t);
  server.put('/boxes/a', { name: 'a', size: 3 });
  server.fault = ({ method, headers }) => {
    if (method === 'PATCH' && headers['if-match'] !== undefined) {
      server.fault = () => false;
      server.put('/boxes/a', { name: 'a', size: 9 });
    }
    return false;
  };
  await t.throwsAsync(handler.apply(box('a', { colour: 'red' }), {}), {
    instanceOf: ConflictError,
    message: /it has changed/,
  });
  t.like(server.items.get('/boxes/a'), { size: 9 });
  t.like(await handler.apply(box('a', { colour: 'red' }), {}), { spec: { size: 9, colour: 'red' } });
});

for (const etags of ['strong', 'weak', 'none'] as const) {
  test(`a write that was computed from another revision is a conflict, with ${etags} entity tags`, async (t) => {
    const { server, handler } = await boxApi(t);
    server.etags = etags;
    server.put('/boxes/a', { name: 'a', size: 3 });
    const read = await handler.read(boxRef('a'), {});
    const revision = read?.metadata.resourceVersion ?? '';
    server.put('/boxes/a', { name: 'a', size: 9 });
    const guarded = { revision };
    await t.throwsAsync(handler.apply(box('a', { size: 4 }), guarded), { instanceOf: ConflictError });
    await t.throwsAsync(handler.remove(boxRef('a'), guarded), { instanceOf: ConflictError });
    t.like(server.items.get('/boxes/a'), { size: 9 });
    const now = await handler.read(boxRef('a'), {});
    await handler.remove(boxRef('a'), now === undefined ? {} : guardsOf(now));
    t.is(server.items.size, 0);
  });
}

test('an item of the same name that is another object is a conflict', async (t) => {
  const { server, handler } = await boxApi(t);
  server.put('/boxes/a', { id: 2, name: 'a', size: 3 });
  await t.throwsAsync(handler.remove(boxRef('a'), { uid: '1' }), { instanceOf: ConflictError });
  t.is(server.items.size, 1);
});

test('the entity tag is the revision where the options say so, and guards the write', async (t) => {
  const { server, handler } = await boxApi(t, {
    kind: { item: { name: 'name', revision: 'etag', spec: { size: 'size' } } },
  });
  server.put('/boxes/a', { name: 'a', size: 3 });
  const read = await handler.read(boxRef('a'), {});
  t.is(read?.metadata.resourceVersion, server.etagOf(server.items.get('/boxes/a') ?? {}));
  await handler.apply(box('a', { size: 4 }), { revision: read?.metadata.resourceVersion ?? '' });
  t.is(server.requests.at(-1)?.headers['if-match'], read?.metadata.resourceVersion);
});

test('an API that gives no entity tag though the options say that it does is told so', async (t) => {
  const { server, handler } = await boxApi(t, { kind: { item: { name: 'name', revision: 'etag' } } });
  server.etags = 'none';
  server.put('/boxes/a', { name: 'a', size: 3 });
  await t.throwsAsync(handler.read(boxRef('a'), {}), {
    instanceOf: InvalidResourceError,
    message: 'things gave a Box without an ETag: choose another `revision` for the kind',
  });
});

test('a revision may be a property of the item', async (t) => {
  const { server, handler } = await boxApi(t, { kind: { item: { name: 'name', revision: { property: 'version' } } } });
  server.put('/boxes/a', { name: 'a', version: 41 });
  t.is((await handler.read(boxRef('a'), {}))?.metadata.resourceVersion, '41');
});

test('an item whose URL has an id that the API chose is found by its name in the list', async (t) => {
  const { server, handler } = await boxApi(t, {
    kind: {
      item: { name: 'label', uid: 'id', spec: { size: 'size' }, variables: { id: 'id' } },
      read: { url: '/boxes?label={name}', in: '' },
      update: { url: '/boxes/{id}' },
      delete: { url: '/boxes/{id}' },
    },
  });
  server.put('/boxes/x17', { id: 'x17', label: 'a', size: 3 });
  t.like(await handler.read(boxRef('a'), {}), { metadata: { name: 'a', uid: 'x17' }, spec: { size: 3 } });
  await handler.apply(box('a', { size: 4 }), {});
  await handler.remove(boxRef('a'), {});
  t.deepEqual(
    server.newRequests().filter((one) => !one.startsWith('GET')),
    ['PATCH /boxes/x17', 'DELETE /boxes/x17'],
  );
});

test('without a way to read one item it is looked for in the pages of the list', async (t) => {
  const { server, handler } = await boxApi(t, { without: ['read'] });
  for (const name of ['a', 'b', 'c', 'd', 'e']) server.put(`/boxes/${name}`, { name, size: name.charCodeAt(0) });
  t.like(await handler.read(boxRef('e'), {}), { spec: { size: 101 } });
  t.is(await handler.read(boxRef('f'), {}), undefined);
});

test('a name of several parts is written with slashes, and each part is a variable', async (t) => {
  const { server, handler } = await boxApi(t, {
    kind: {
      item: { name: { shop: '/shop', shelf: '/shelf' }, spec: { size: 'size' } },
      read: { url: '/boxes/{shop}-{shelf}' },
    },
  });
  server.put('/boxes/one-two', { shop: 'one', shelf: 'two', size: 3 });
  t.like(await handler.read(boxRef('one/two'), {}), { metadata: { name: 'one/two' }, spec: { size: 3 } });
  await t.throwsAsync(handler.read(boxRef('one'), {}), { message: 'the name of a Box is written as shop/shelf' });
});

test('an item of another name than was asked for is refused', async (t) => {
  const { server, handler } = await boxApi(t);
  server.put('/boxes/a', { name: 'A', size: 3 });
  await t.throwsAsync(handler.read(boxRef('a'), {}), { instanceOf: InvalidResourceError, message: /differ in case/ });
});

test('what an item has no place for is refused before anything is sent', async (t) => {
  const { server, handler } = await boxApi(t);
  await t.throwsAsync(handler.create(box('a', { colur: 'red' }), {}), {
    instanceOf: InvalidResourceError,
    message: "spec.colur has no place in an item: the plug-in's options do not map it; did you mean 'colour'?",
  });
  const labelled = { ...box('a', {}), metadata: { name: 'a', labels: { x: 'y' } } };
  await t.throwsAsync(handler.create(labelled, {}), {
    message: 'an item has no place for metadata.labels of a Box: only for its spec',
  });
  t.deepEqual(server.newRequests(), []);
});

test('the record of what was applied is not sent: it lies with the trigger', async (t) => {
  const { server, handler } = await boxApi(t);
  const annotations = { 'koreo.dev/last-applied-configuration': '{}' };
  await handler.create({ ...box('a', { size: 1 }), metadata: { name: 'a', annotations } }, {});
  t.deepEqual(server.items.get('/boxes/a'), { id: 1, size: 1, name: 'a' });
  t.is(handler.kind(BOX)?.keepsAnnotations, false);
});

test('what the options have no request for cannot be done, and the message says what is missing', async (t) => {
  const { server, handler } = await boxApi(t, { without: ['create', 'update', 'delete'] });
  server.put('/boxes/a', { name: 'a', size: 3 });
  const message = (verb: string, participle: string) =>
    `Box a cannot be ${participle}: the plug-in's options have no \`${verb}\` for its kind`;
  await t.throwsAsync(handler.apply(box('a', { size: 4 }), {}), { message: message('update', 'updated') });
  await t.throwsAsync(handler.remove(boxRef('a'), {}), { message: message('delete', 'deleted') });
  await t.throwsAsync(handler.create(box('a', {}), {}), { message: message('create', 'created') });
});

test('a handler claims the kinds of its options and no others', async (t) => {
  const { handler } = await boxApi(t);
  t.true(handler.claims(BOX));
  t.false(handler.claims({ ...BOX, kind: 'Lid' }));
  t.is(handler.storeOf(BOX, {}), 'things');
  t.is(handler.storeOf(BOX, { store: 'things' }), 'things');
  t.throws(() => handler.storeOf(BOX, { store: 'files' }), {
    message: "a Box is in the API things, and not in 'files': take `store` away",
  });
  t.deepEqual(handler.kind(BOX), { ...BOX, plural: 'boxes', namespaced: false, keepsAnnotations: false });
  await t.throwsAsync(handler.read({ ...BOX, kind: 'Lid', name: 'a' }, {}), { instanceOf: UnknownKindError });
});

test('namespaces are part of URLs, and names of any letters stay in their place', async (t) => {
  const { server, handler } = await boxApi(t, { kind: { read: { url: '/shops/{namespace}/boxes/{name}' } } });
  server.put('/shops/a b/boxes/c/d?e#f', { name: 'c/d?e#f', size: 3 });
  t.like(await handler.read(boxRef('c/d?e#f', 'a b'), {}), { metadata: { name: 'c/d?e#f', namespace: 'a b' } });
  t.deepEqual(server.newRequests(), ['GET /shops/a%20b/boxes/c%2Fd%3Fe%23f']);
  t.true(handler.kind(BOX)?.namespaced);
});
