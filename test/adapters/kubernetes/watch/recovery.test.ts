import test from 'ava';
import { ApiError } from '../../../support/fake-api-server/api-error.js';
import type { OpenWatch } from '../../../support/fake-api-server/open-watch.js';
import { WatchWorld } from './watch-world.js';

/** The one watch that is open. */
function open(world: WatchWorld): OpenWatch {
  const [watch, other] = world.server.watches();
  if (watch === undefined || other !== undefined) throw new Error('there is not exactly one watch');
  return watch;
}

/** The revisions from which watches were begun. */
function begun(world: WatchWorld): readonly (string | undefined)[] {
  return world.client.requestsOf('watch').map(({ query }) => query?.resourceVersion);
}

/** Seconds between the requests of a verb until `count` have come. */
async function gaps(world: WatchWorld, verb: 'list' | 'watch', count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let step = 0; step < 2000 && times.length < count; step++) {
    const before = world.client.requestsOf(verb).length;
    await world.pass(0.1);
    if (world.client.requestsOf(verb).length > before) times.push(world.clock.now());
  }
  return times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
}

test('a watch that the server ends goes on from the last revision that it told, without a list', async (t) => {
  const world = new WatchWorld();
  const story = await world.watch();
  const revision = world.put('one').metadata.resourceVersion;
  await world.rest();
  open(world).close();
  world.put('one', 2);
  await world.rest();
  t.deepEqual(story.told, ['synced', 'added one 1', 'modified one 2']);
  t.is(begun(world).at(-1), revision);
  t.is(world.client.requestsOf('list').length, 1);
  t.deepEqual(world.restarts, ['closed']);
  t.is(world.health?.state, 'healthy');
  world.hub.close();
});

test('a bookmark counts as a revision to go on from', async (t) => {
  const world = new WatchWorld();
  await world.watch();
  const later = world.server.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: 'a' } });
  open(world).bookmark();
  world.server.compact();
  open(world).close();
  await world.rest();
  t.is(begun(world).at(-1), later.metadata.resourceVersion);
  t.deepEqual([world.restarts, world.client.requestsOf('list').length], [['closed'], 1]);
  world.hub.close();
});

test('watches are asked for with bookmarks, for a time between the option and its double', async (t) => {
  const world = new WatchWorld();
  await world.watch();
  for (let turn = 0; turn < 30; turn++) {
    await world.pass(2);
    open(world).close();
    await world.rest();
  }
  const queries = world.client.requestsOf('watch').map(({ query }) => query);
  const seconds = queries.map((query) => Number(query?.timeoutSeconds));
  t.true(queries.every((query) => query?.allowWatchBookmarks === 'true' && query.watch === 'true'));
  t.true(seconds.every((one) => one >= 300 && one <= 600));
  t.true(new Set(seconds).size > 20);
  world.hub.close();
});

for (const how of ['status', 'event'] as const) {
  test(`410 as ${how === 'status' ? 'a status' : 'an event'}: a new list tells only what is gone, changed or new`, async (t) => {
    const world = new WatchWorld();
    for (const name of ['gone', 'changed', 'same']) world.put(name);
    const story = await world.watch();
    story.news();
    open(world).hold();
    world.drop('gone');
    world.put('changed', 2);
    world.put('new');
    if (how === 'status') world.client.fail('watch', { status: 410 });
    else world.server.compact();
    await world.pass(2);
    open(world).close();
    await world.rest();
    t.deepEqual(story.news(), ['modified changed 2', 'added new 1', 'deleted gone 1']);
    t.deepEqual(world.restarts, ['closed', 'expired']);
    world.put('after');
    await world.rest();
    t.deepEqual(story.news(), ['added after 1']);
    t.true(world.healths.every(({ state }) => state !== 'degraded'));
    world.hub.close();
  });
}

test('410 in the middle of a list in pages: the list is begun anew', async (t) => {
  const world = new WatchWorld({ pageSize: 2 });
  for (const name of ['a', 'b', 'c', 'd']) world.put(name);
  const story = world.watch();
  const { length } = world.client.requestsOf('list');
  t.is(length, 0);
  const sent = world.client.send.bind(world.client);
  let pages = 0;
  world.client.send = async (request) => {
    const answer = await sent(request);
    if (request.verb === 'list' && ++pages === 1) {
      world.drop('a');
      world.server.compact();
    }
    return answer;
  };
  t.deepEqual((await story).told, ['added a 1', 'added b 1', 'added c 1', 'added d 1', 'deleted a 1', 'synced']);
  t.deepEqual(
    world.client.requestsOf('list').map(({ query }) => query?.continue !== undefined),
    [false, true, false, true],
  );
  world.hub.close();
});

test('a revision that is never kept is not asked for without end', async (t) => {
  const world = new WatchWorld();
  world.client.fail('watch', { status: 410 }, 1000);
  await world.watch();
  await world.pass(120);
  t.true(world.client.requestsOf('list').length < 15);
  t.is(world.health?.state, 'degraded');
  world.client.mend();
  await world.pass(31);
  t.is(world.health?.state, 'healthy');
  world.hub.close();
});

test('an error event that is not about the revision: the watch goes on from where it was', async (t) => {
  const world = new WatchWorld();
  const story = await world.watch();
  open(world).error(new ApiError(500, 'etcd is tired'));
  world.put('one');
  await world.pass(1);
  t.deepEqual(story.told, ['synced', 'added one 1']);
  t.is(world.client.requestsOf('list').length, 1);
  t.deepEqual(world.restarts, ['error']);
  world.hub.close();
});

for (const [title, line] of [
  ['is no JSON', '{"type": "ADDED", "object": {'],
  ['has no object', '{"type": "ADDED"}'],
  ['is of an unknown type', '{"type": "RENAMED", "object": {}}'],
  ['has no revision', '{"type": "BOOKMARK", "object": {"metadata": {}}}'],
] as const) {
  test(`a line that ${title} ends the watch, which goes on from before it`, async (t) => {
    const world = new WatchWorld();
    const story = await world.watch();
    open(world).send(line);
    world.put('one');
    await world.pass(1);
    t.deepEqual(story.told, ['synced', 'added one 1']);
    t.deepEqual(world.restarts, ['error']);
    world.hub.close();
  });
}

test('what cannot be read at a revision time and again is passed by a new list', async (t) => {
  const world = new WatchWorld();
  const story = await world.watch();
  const watches = () => world.server.watches();
  for (let second = 0; second < 300 && world.client.requestsOf('list').length < 2; second++) {
    watches()[0]?.send('{"type": "RENAMED"}');
    await world.pass(1);
  }
  t.is(world.client.requestsOf('list').length, 2);
  world.put('one');
  await world.pass(31);
  t.deepEqual(story.told, ['synced', 'added one 1']);
  world.hub.close();
});

test('a connection that breaks off, between lines or inside one, loses nothing', async (t) => {
  const world = new WatchWorld();
  const story = await world.watch();
  for (const [index, cut] of [() => open(world).cut(), () => open(world).cutInLine()].entries()) {
    world.put(`before-${index}`);
    await world.rest();
    cut();
    world.put(`after-${index}`);
    await world.pass(3);
  }
  t.deepEqual(story.told.toSorted(), [
    'added after-0 1',
    'added after-1 1',
    'added before-0 1',
    'added before-1 1',
    'synced',
  ]);
  t.is(world.client.requestsOf('list').length, 1);
  world.hub.close();
});

test('tries that fail are further and further apart, up to half a minute, never stop, and are near again after a good time', async (t) => {
  const world = new WatchWorld();
  await world.watch();
  world.client.fail('watch', { status: 503 }, 1000);
  open(world).cut();
  const apart = await gaps(world, 'watch', 12);
  const ceilings = [0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30, 30, 30].slice(1);
  for (const [index, ceiling] of ceilings.entries()) {
    const gap = apart[index] ?? 0;
    t.true(gap >= ceiling / 2 - 0.2 && gap <= ceiling + 0.2, `${gap} s in place of at most ${ceiling}`);
  }
  t.true(new Set(apart.slice(-4)).size > 1, 'they vary');
  world.client.mend();
  await world.pass(31);
  t.is(world.client.watching, 1);
  await world.pass(61);
  world.client.fail('watch', { status: 503 }, 1);
  open(world).cut();
  const soon = await gaps(world, 'watch', 2);
  t.true((soon[0] ?? 99) <= 1.8);
  world.hub.close();
});

test('the server’s Retry-After is kept to', async (t) => {
  const world = new WatchWorld();
  world.client.fail('list', { status: 429, retryAfter: 20 });
  await world.watch();
  await world.pass(19);
  t.is(world.client.requestsOf('list').length, 1);
  await world.pass(22);
  t.is(world.client.requestsOf('list').length, 2);
  t.is(world.health?.state, 'healthy');
  world.hub.close();
});

test('a server that ends every watch at once is not asked without end', async (t) => {
  const world = new WatchWorld();
  await world.watch();
  for (let step = 0; step < 600; step++) {
    for (const watch of world.server.watches()) watch.close();
    await world.pass(0.1);
  }
  t.true(world.client.requestsOf('watch').length < 12);
  t.is(world.health?.state, 'degraded');
  world.hub.close();
});

test('a watch that says nothing for too long is given up and begun anew', async (t) => {
  const world = new WatchWorld();
  const story = await world.watch();
  open(world).hold();
  world.put('one');
  await world.pass(89);
  t.deepEqual(story.told, ['synced']);
  await world.pass(2);
  t.deepEqual(story.told, ['synced', 'added one 1']);
  t.deepEqual(world.restarts, ['silent']);
  t.is(world.client.watching, 1);
  world.hub.close();
});

test('a watch that is never answered is given up, too', async (t) => {
  const world = new WatchWorld();
  world.client.fail('watch', 'hang');
  const story = await world.watch();
  world.put('one');
  await world.pass(91);
  t.deepEqual(story.told, ['synced', 'added one 1']);
  world.hub.close();
});

test('bookmarks are words: a watch that has them goes on', async (t) => {
  const world = new WatchWorld();
  await world.watch();
  for (let minute = 0; minute < 4; minute++) {
    await world.pass(60);
    open(world).bookmark();
    await world.rest();
  }
  t.deepEqual(world.restarts, []);
  world.hub.close();
});

test('of a server that sends no bookmarks shorter watches are asked, so that silence stays a sign', async (t) => {
  const world = new WatchWorld();
  await world.watch();
  await world.pass(91);
  const seconds = Number(world.client.requestsOf('watch').at(-1)?.query?.timeoutSeconds);
  t.true(seconds >= 30 && seconds < 80, `${seconds} s`);
  world.hub.close();
});

test('what was deleted and made again while nobody looked is told as another', async (t) => {
  const world = new WatchWorld();
  const old = world.put('one', 1);
  const story = await world.watch();
  story.news();
  open(world).hold();
  world.drop('one');
  const fresh = world.put('one', 2);
  world.server.compact();
  await world.pass(2);
  open(world).close();
  await world.rest();
  const uids = story.events.flatMap((event) => (event.type === 'synced' ? [] : [event.resource.metadata.uid]));
  t.deepEqual(story.told, ['deleted one 1', 'added one 2']);
  t.deepEqual(uids, [old.metadata.uid, fresh.metadata.uid]);
  world.hub.close();
});
