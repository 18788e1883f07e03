import test, { type ExecutionContext } from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { eventually } from '../../support/eventually.js';
import { Gate } from '../../support/gate.js';
import { answer } from './support/api-server.js';
import { BOX, type BoxApi, type BoxSetup, box, boxApi, boxRef, Told } from './support/box-api.js';

interface Watched extends BoxApi {
  readonly told: Told;
  readonly stop: () => void;
  /** Lets time pass until the next look, and the look happen. */
  readonly nextLook: () => Promise<void>;
}

/** Boxes that are watched; what was there first is not told yet. */
async function watchBoxes(
  t: ExecutionContext,
  setup: BoxSetup = {},
  items: Readonly<Record<string, JsonObject>> = {},
): Promise<Watched> {
  const api = await boxApi(t, { ...setup, api: { timeoutSeconds: LIMIT_SECONDS, ...setup.api } });
  for (const [path, item] of Object.entries(items)) api.server.put(path, item);
  const told = new Told();
  const subscription = api.handler.watch(BOX).subscribe(told.next);
  t.teardown(() => subscription.unsubscribe());
  const nextLook = async (): Promise<void> => {
    await between(api);
    await api.clock.advance(api.clock.nextTimerIn ?? 0);
    await between(api);
  };
  return { ...api, told, stop: () => subscription.unsubscribe(), nextLook };
}

/** The time limit of a request, which no pause comes near. */
const LIMIT_SECONDS = 50_000;

/** Resolves between two looks, when nothing is awaited but the time of the next. */
async function between({ clock }: BoxApi): Promise<void> {
  const isPause = () => clock.pending === 1 && (clock.nextTimerIn ?? Number.POSITIVE_INFINITY) < LIMIT_SECONDS * 500;
  await eventually('a look is over', isPause);
}

const THREE = {
  '/boxes/a': { name: 'a', size: 1 },
  '/boxes/b': { name: 'b', size: 2 },
  '/boxes/c': { name: 'c', size: 3 },
};

test('all that is there is told first, over all pages, then synced', async (t) => {
  const { server, told } = await watchBoxes(t, {}, THREE);
  t.deepEqual(await told.take(4), ['added a', 'added b', 'added c', 'synced']);
  t.deepEqual(server.newRequests(), ['GET /boxes', 'GET /boxes?page=1']);
});

test('what others add, change and delete is told by the next look, and nothing else', async (t) => {
  const { server, told, nextLook } = await watchBoxes(t, {}, THREE);
  await told.take(4);
  server.put('/boxes/d', { name: 'd', size: 4 });
  server.put('/boxes/b', { name: 'b', size: 20 });
  server.put('/boxes/c', { name: 'c', size: 3, dust: 'much' });
  server.items.delete('/boxes/a');
  await nextLook();
  t.deepEqual([...(await told.take(3))].sort(), ['added d', 'deleted a', 'modified b']);
  await nextLook();
  t.deepEqual(told.events, []);
});

test('an item that was deleted and made anew between two looks is another one', async (t) => {
  const { server, told, nextLook } = await watchBoxes(t, {}, { '/boxes/a': { name: 'a', size: 1 } });
  await told.take(2);
  server.items.delete('/boxes/a');
  server.put('/boxes/a', { name: 'a', size: 1 });
  await nextLook();
  t.deepEqual(await told.take(2), ['deleted a', 'added a']);
});

test('a list that has not changed is not sent again', async (t) => {
  const { server, told, nextLook } = await watchBoxes(t, {}, { '/boxes/a': { name: 'a', size: 1 } });
  await told.take(2);
  const sent = server.requests.length;
  await nextLook();
  t.is(server.requests.length, sent + 1);
  t.truthy(server.requests.at(-1)?.headers['if-none-match']);
  server.put('/boxes/a', { name: 'a', size: 2 });
  await nextLook();
  t.deepEqual(await told.take(1), ['modified a']);
});

test('where the revision is the entity tag each item is asked for, and not sent again when it has not changed', async (t) => {
  const item = { name: 'name', revision: 'etag', spec: { size: 'size' } } as const;
  const { server, told, nextLook, handler } = await watchBoxes(
    t,
    { kind: { item } },
    { '/boxes/a': { name: 'a', size: 1 } },
  );
  await told.take(2);
  await nextLook();
  const last = server.requests.findLast(({ url }) => url === '/boxes/a');
  t.is(last?.headers['if-none-match'], (await handler.read(boxRef('a'), {}))?.metadata.resourceVersion);
  t.deepEqual(told.events, []);
  server.put('/boxes/a', { name: 'a', size: 2 });
  await nextLook();
  t.deepEqual(await told.take(1), ['modified a']);
});

test('without a list the items that somebody has asked for are looked at', async (t) => {
  const { server, told, nextLook, handler } = await watchBoxes(t, { without: ['list'] }, THREE);
  t.deepEqual(await told.take(1), ['synced']);
  await handler.read(boxRef('b'), {});
  await handler.read(boxRef('x'), {});
  await nextLook();
  t.deepEqual(await told.take(1), ['added b']);
  server.put('/boxes/x', { name: 'x', size: 9 });
  server.items.delete('/boxes/b');
  await nextLook();
  t.deepEqual([...(await told.take(2))].sort(), ['added x', 'deleted b']);
});

test('what is not there and was not asked for again is looked for no longer', async (t) => {
  const { server, told, nextLook, handler } = await watchBoxes(t, { without: ['list'] });
  await told.take(1);
  await handler.read(boxRef('x'), {});
  for (let look = 0; look < 10; look += 1) await nextLook();
  server.newRequests();
  await nextLook();
  t.deepEqual(server.newRequests(), []);
});

test('a list of one namespace is made for each namespace that somebody has asked for', async (t) => {
  const kind = { read: { url: '/shops/{namespace}/boxes/{name}' }, list: { url: '/shops/{namespace}/boxes' } };
  const { server, told, nextLook, handler } = await watchBoxes(
    t,
    { kind },
    { '/shops/one/boxes/a': { name: 'a', size: 1 } },
  );
  t.deepEqual(await told.take(1), ['synced']);
  await handler.read(boxRef('a', 'one'), {});
  await handler.read(boxRef('b', 'two'), {});
  server.newRequests();
  await nextLook();
  t.deepEqual(server.newRequests(), ['GET /shops/one/boxes', 'GET /shops/two/boxes']);
  t.deepEqual(await told.take(1), ['added a']);
});

test('what this process writes is told at once, and not again by the next look', async (t) => {
  const { server, told, nextLook, handler } = await watchBoxes(t, {}, { '/boxes/a': { name: 'a', size: 1 } });
  await told.take(2);
  await handler.apply(box('a', { size: 2 }), {});
  await handler.create(box('b', { size: 1 }), {});
  t.deepEqual(await told.take(2), ['modified a', 'added b']);
  await nextLook();
  t.deepEqual(told.events, []);
  t.is(server.items.size, 2);
});

test('a list whose entity tag does not change with its items hides no write of ours', async (t) => {
  const { server, told, nextLook, handler } = await watchBoxes(t, {}, { '/boxes/a': { name: 'a', size: 1 } });
  await told.take(2);
  server.fault = ({ url, headers }, response) => {
    if (url !== '/boxes' || headers['if-none-match'] === undefined) return false;
    answer(response, 304, undefined);
    return true;
  };
  await handler.apply(box('a', { size: 2 }), {});
  t.deepEqual(await told.take(1), ['modified a']);
  await nextLook();
  t.deepEqual(told.events, []);
  await handler.remove(boxRef('a'), {});
  await nextLook();
  t.deepEqual(await told.take(1), ['deleted a']);
});

test('a look that began before a write does not tell how things were before it', async (t) => {
  const api = await watchBoxes(t, {}, { '/boxes/a': { name: 'a', size: 1 } });
  const { server, told, handler, clock } = api;
  await told.take(2);
  await between(api);
  const [looked, finish] = [new Gate(), new Gate()];
  server.fault = ({ url, method }, response) => {
    if (url !== '/boxes' || method !== 'GET') return false;
    const before = [...server.items.values()];
    looked.open();
    void finish.opened.then(() => answer(response, 200, before));
    return true;
  };
  await clock.advance(clock.nextTimerIn ?? 0);
  await looked.opened;
  await handler.apply(box('a', { size: 2 }), {});
  await handler.create(box('b', { size: 1 }), {});
  finish.open();
  t.deepEqual(await told.take(2), ['modified a', 'added b']);
  await between(api);
  t.deepEqual(told.events, []);
});

test('while the API is down the looks become rarer; then all that happened is told, and nothing twice', async (t) => {
  const { server, told, nextLook, clock, incidents } = await watchBoxes(
    t,
    { api: { pollSeconds: 10, maxPollSeconds: 60 } },
    THREE,
  );
  await told.take(4);
  server.fault = (_request, response) => {
    answer(response, 503, { message: 'down' });
    return true;
  };
  const waits: number[] = [];
  for (let look = 0; look < 5; look += 1) {
    await nextLook();
    waits.push((clock.nextTimerIn ?? 0) / 1000);
  }
  for (const [index, base] of [10, 20, 40, 60, 60].entries()) {
    t.true((waits[index] ?? 0) >= base * 0.75 && (waits[index] ?? 0) <= base * 1.25, `${waits}`);
  }
  t.is(incidents.length, 1, 'it is told once');
  t.regex(String(incidents[0]), /answered 503: down/);
  server.put('/boxes/b', { name: 'b', size: 20 });
  server.items.delete('/boxes/a');
  server.fault = () => false;
  await nextLook();
  t.deepEqual([...(await told.take(2))].sort(), ['deleted a', 'modified b']);
  t.true((clock.nextTimerIn ?? 0) <= 11_000);
  t.deepEqual(told.events, []);
});

test('it waits as long as the API asks for', async (t) => {
  const { server, told, nextLook, clock } = await watchBoxes(t, { api: { pollSeconds: 10, maxPollSeconds: 60 } });
  await told.take(1);
  server.fault = (_request, response) => {
    answer(response, 429, {}, { 'retry-after': '500' });
    return true;
  };
  await nextLook();
  t.true((clock.nextTimerIn ?? 0) >= 500_000, String(clock.nextTimerIn));
});

test('an API that is down at first is told of when it comes', async (t) => {
  const api = await boxApi(t, { api: { pollSeconds: 10, timeoutSeconds: LIMIT_SECONDS } });
  api.server.put('/boxes/a', { name: 'a', size: 1 });
  api.server.fault = (_request, response) => {
    answer(response, 500, {});
    return true;
  };
  const told = new Told();
  const subscription = api.handler.watch(BOX).subscribe(told.next);
  t.teardown(() => subscription.unsubscribe());
  await between(api);
  t.deepEqual(told.events, []);
  api.server.fault = () => false;
  await api.clock.advance(20_000);
  t.deepEqual(await told.take(2), ['added a', 'synced']);
});

test('one item that may not be read hides no other', async (t) => {
  const kind = { item: { name: 'name', revision: 'etag', spec: { size: 'size' } } } as const;
  const { server, told, nextLook } = await watchBoxes(t, { kind }, THREE);
  await told.take(4);
  server.fault = ({ url }, response) => {
    if (url === '/boxes/a') answer(response, 403, {});
    return url === '/boxes/a';
  };
  server.put('/boxes/a', { name: 'a', size: 10 });
  server.put('/boxes/b', { name: 'b', size: 20 });
  await nextLook();
  t.deepEqual(await told.take(1), ['modified b']);
  server.fault = () => false;
  await nextLook();
  t.deepEqual(await told.take(1), ['modified a']);
});

test('a watch that ends leaves no timer and no request behind', async (t) => {
  const api = await watchBoxes(t, {}, THREE);
  const { server, told, stop, clock } = api;
  await told.take(4);
  await between(api);
  const [asked, closed] = [new Gate(), new Gate()];
  server.fault = (_request, response) => {
    response.once('close', () => closed.open());
    asked.open();
    return true;
  };
  await clock.advance(clock.nextTimerIn ?? 0);
  await asked.opened;
  stop();
  await closed.opened;
  await clock.settle();
  t.is(clock.pending, 0);
  t.deepEqual(told.events, []);
});

const PAGES = {
  url: { type: 'url', at: '/paging/next' },
  cursor: { type: 'cursor', at: '/paging/next', query: 'after' },
} as const;

for (const [type, pages] of Object.entries(PAGES)) {
  test(`pages are followed by a ${type} in the answer`, async (t) => {
    const api = await boxApi(t, { kind: { list: { url: '/boxes?per_page=2', in: '/data', pages } } });
    api.server.fault = ({ url }, response) => {
      const isFirst = url === '/boxes?per_page=2';
      const next = type === 'url' ? '/boxes?per_page=2&after=b' : 'b';
      const data = isFirst
        ? [
            { name: 'a', id: 1 },
            { name: 'b', id: 2 },
          ]
        : [{ name: 'c', id: 3 }];
      answer(response, 200, { data, paging: isFirst ? { next } : {} });
      return true;
    };
    const told = new Told();
    const subscription = api.handler.watch(BOX).subscribe(told.next);
    t.teardown(() => subscription.unsubscribe());
    t.deepEqual(await told.take(4), ['added a', 'added b', 'added c', 'synced']);
    t.deepEqual(api.server.newRequests(), ['GET /boxes?per_page=2', 'GET /boxes?per_page=2&after=b']);
  });
}

test('pages without an end are given up', async (t) => {
  const { handler, server } = await boxApi(t, { without: ['read'] });
  server.fault = ({ url }, response) => {
    answer(response, 200, [], { link: `<${url}>; rel=next` });
    return true;
  };
  await t.throwsAsync(handler.read(boxRef('a'), {}), { message: /has no last page$/ });
});
