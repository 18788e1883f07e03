import test from 'ava';
import { WatchWorld, WIDGET } from './watch-world.js';

test('a kind that is not installed is synced with nothing, and what waits for it is said', async (t) => {
  const world = new WatchWorld({ installed: false });
  const story = await world.watch();
  t.deepEqual(story.told, ['synced']);
  t.deepEqual(world.health, {
    state: 'healthy',
    problems: [{ code: 'kind-missing', message: 'waiting for the kind Widget of probe.koreo.dev/v1 to be installed' }],
  });
  world.hub.close();
});

test('a kind that is installed later is found within seconds, and told of', async (t) => {
  const world = new WatchWorld({ installed: false });
  const story = await world.watch();
  await world.pass(600);
  world.install();
  world.put('one');
  await world.pass(16);
  t.deepEqual(story.told, ['synced', 'added one 1']);
  t.deepEqual(world.health, { state: 'healthy', problems: [] });
  world.put('two');
  await world.rest();
  t.is(story.told.at(-1), 'added two 1');
  world.hub.close();
});

test('looking for a missing kind costs little', async (t) => {
  const world = new WatchWorld({ installed: false });
  await world.watch();
  await world.pass(3600);
  const { length } = world.client.requests;
  t.true(length > 200 && length < 600, `${length} requests in an hour`);
  world.hub.close();
});

test('when a kind is taken away, its resources are gone, and it may come back with another scope', async (t) => {
  const world = new WatchWorld({ namespaces: ['a', 'b'] });
  world.put('a/one');
  world.put('b/one');
  const story = await world.watch();
  story.news();
  world.uninstall();
  await world.pass(5);
  t.deepEqual(story.news().toSorted(), ['deleted a/one 1', 'deleted b/one 1']);
  t.is(world.health?.problems[0]?.code, 'kind-missing');
  world.install({ scope: 'Cluster', plural: 'widgetries' });
  world.server.put({ ...WIDGET, metadata: { name: 'whole' }, spec: { size: 7 } });
  await world.pass(16);
  t.deepEqual(story.news(), ['added whole 7']);
  t.deepEqual([world.client.watching, world.health?.problems], [1, []]);
  world.hub.close();
});

test('what a kind that was taken away has not told any more is told as deleted', async (t) => {
  const world = new WatchWorld();
  world.put('one');
  const story = await world.watch();
  story.news();
  for (const watch of world.server.watches()) watch.hold();
  world.uninstall();
  await world.pass(5);
  t.deepEqual(story.news(), ['deleted one 1']);
  world.hub.close();
});

test('a late subscriber to a missing kind is synced at once', async (t) => {
  const world = new WatchWorld({ installed: false });
  await world.watch();
  t.deepEqual((await world.watch()).told, ['synced']);
  world.hub.close();
});
