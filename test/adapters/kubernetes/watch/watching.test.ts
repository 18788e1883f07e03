import test from 'ava';
import { WatchWorld, WIDGET } from './watch-world.js';

test('a watch tells what is there, then that it is synced, then what changes', async (t) => {
  const world = new WatchWorld();
  world.put('one', 1);
  world.put('a/two', 2);
  const story = await world.watch();
  t.deepEqual(story.news(), ['added a/two 2', 'added one 1', 'synced']);
  world.put('one', 3);
  world.put('three', 1);
  world.drop('one');
  await world.rest();
  t.deepEqual(story.news(), ['modified one 3', 'added three 1', 'deleted one 3']);
  t.is(world.health?.state, 'healthy');
  world.hub.close();
});

test('those who watch the same share one connection, and who comes late is told all that is there', async (t) => {
  const world = new WatchWorld();
  world.put('one', 1);
  const early = await world.watch();
  world.put('one', 2);
  const late = await world.watch();
  world.put('one', 3);
  await world.rest();
  t.deepEqual(early.told, ['added one 1', 'synced', 'modified one 2', 'modified one 3']);
  t.deepEqual(late.told, ['added one 2', 'synced', 'modified one 3']);
  t.deepEqual([world.client.requestsOf('list').length, world.client.watching], [1, 1]);
  world.hub.close();
});

test('who comes before the list is done is told the whole once', async (t) => {
  const world = new WatchWorld();
  world.put('one');
  const [first, second] = [world.watch(), world.watch()];
  t.deepEqual((await first).told, ['added one 1', 'synced']);
  t.deepEqual((await second).told, ['added one 1', 'synced']);
  world.hub.close();
});

test('the connection is closed when the last one leaves, and nothing is left behind', async (t) => {
  const world = new WatchWorld();
  const [one, two] = [await world.watch(), await world.watch()];
  one.stop();
  t.is(world.client.watching, 1);
  two.stop();
  t.is(world.client.watching, 0);
  await world.rest();
  t.is(world.clock.pending, 0);
  const again = await world.watch();
  t.deepEqual(again.told, ['synced']);
  world.hub.close();
});

test('a hub that is closed tells nobody anything, leaves no timer and no connection, and takes no more watches', async (t) => {
  const world = new WatchWorld();
  const story = await world.watch();
  world.client.fail('list', 'hang');
  const unanswered = await world.watch({ apiVersion: 'v1', kind: 'ConfigMap' });
  world.client.fail('list', { status: 500 });
  const failing = await world.watch({ apiVersion: 'v1', kind: 'Secret' });
  const missing = await world.watch({ apiVersion: 'v1', kind: 'Nothing' });
  world.hub.close();
  world.hub.close();
  world.put('one');
  await world.rest();
  t.deepEqual([story.told, unanswered.told, failing.told, missing.told], [['synced'], [], [], ['synced']]);
  t.deepEqual([world.clock.pending, world.client.watching], [0, 0]);
  t.deepEqual((await world.watch()).told, []);
  t.is(story.ended, undefined);
});

test('a list comes in pages, and what each brings is told before the next is asked for', async (t) => {
  const world = new WatchWorld({ pageSize: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) world.put(name);
  const story = await world.watch();
  t.deepEqual(story.told, ['added a 1', 'added b 1', 'added c 1', 'added d 1', 'added e 1', 'synced']);
  const lists = world.client.requestsOf('list');
  t.deepEqual(
    lists.map(({ query }) => [query?.limit, query?.continue !== undefined]),
    [
      ['2', false],
      ['2', true],
      ['2', true],
    ],
  );
  world.hub.close();
});

test('resources are frozen, and hold no managed fields', async (t) => {
  const world = new WatchWorld();
  const made = world.put('one');
  t.true('managedFields' in made.metadata);
  const story = await world.watch();
  world.put('one', 2);
  await world.rest();
  for (const event of story.events) {
    if (event.type === 'synced') continue;
    t.false('managedFields' in event.resource.metadata);
    t.true(
      Object.isFrozen(event.resource) &&
        Object.isFrozen(event.resource.metadata) &&
        Object.isFrozen(event.resource.spec),
    );
  }
  world.hub.close();
});

test('items of kinds whose lists do not say their type have it', async (t) => {
  const world = new WatchWorld();
  const story = await world.watch({ apiVersion: 'v1', kind: 'Namespace' });
  const types = story.events.flatMap((event) => (event.type === 'synced' ? [] : [event.resource.kind]));
  t.deepEqual(types, ['Namespace', 'Namespace', 'Namespace', 'Namespace', 'Namespace']);
  world.hub.close();
});

test('a watch of one namespace asks for nothing else', async (t) => {
  const world = new WatchWorld();
  world.put('a/one');
  world.put('b/one');
  const story = await world.watch({ ...WIDGET, namespace: 'a' });
  world.put('b/two');
  world.put('a/two');
  await world.rest();
  t.deepEqual(story.told, ['added a/one 1', 'synced', 'added a/two 1']);
  t.true(world.client.requestsOf('watch').every(({ path }) => path.includes('/namespaces/a/')));
  world.hub.close();
});

test('a store of some namespaces watches each of them, and is synced when all are', async (t) => {
  const world = new WatchWorld({ namespaces: ['a', 'b'] });
  for (const name of ['a/one', 'b/one', 'c/one']) world.put(name);
  world.client.fail('list', { status: 503 });
  const story = await world.watch();
  t.deepEqual(story.news(), ['added b/one 1']);
  await world.pass(2);
  t.deepEqual(story.news(), ['added a/one 1', 'synced']);
  world.drop('a/one');
  world.put('b/one', 2);
  world.drop('c/one');
  await world.rest();
  t.deepEqual(story.news(), ['deleted a/one 1', 'modified b/one 2']);
  t.is(world.client.watching, 2);
  world.hub.close();
});

test('a new list of one namespace takes nothing away from the others', async (t) => {
  const world = new WatchWorld({ namespaces: ['a', 'b'] });
  for (const name of ['a/one', 'a/two', 'b/one']) world.put(name);
  const story = await world.watch();
  story.news();
  const [first] = world.server.watches({ namespace: 'a' });
  await world.pass(10);
  first?.hold();
  world.drop('a/one');
  world.put('a/two', 2);
  world.server.compact();
  first?.close();
  await world.pass(5);
  t.deepEqual(story.news(), ['modified a/two 2', 'deleted a/one 1']);
  t.deepEqual(world.restarts, ['closed', 'expired']);
  world.hub.close();
});

test('a kind without namespaces is watched once, however many namespaces a store is about', async (t) => {
  const world = new WatchWorld({ namespaces: ['a', 'b'] });
  const story = await world.watch({ apiVersion: 'v1', kind: 'Namespace' });
  t.is(story.told.filter((line) => line === 'synced').length, 1);
  t.is(world.client.watching, 1);
  world.hub.close();
});
