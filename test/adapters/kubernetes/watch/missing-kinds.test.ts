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

test('what a kind that was taken away has not told any more is told as deleted when it has been missing for a while', async (t) => {
  const world = new WatchWorld();
  world.put('one');
  const story = await world.watch();
  story.news();
  for (const watch of world.server.watches()) watch.hold();
  world.uninstall();
  await world.pass(20);
  t.deepEqual(story.news(), []);
  t.is(world.health?.problems[0]?.code, 'kind-missing');
  await world.pass(30);
  t.deepEqual(story.news(), ['deleted one 1']);
  world.hub.close();
});

test('a server that does not know its kinds yet, having just started, makes nobody believe that all is gone', async (t) => {
  const world = new WatchWorld();
  world.put('one');
  world.put('two');
  const story = await world.watch();
  story.news();
  await world.pass(10);
  for (const verb of ['watch', 'discover', 'list'] as const) world.client.fail(verb, { status: 404 });
  const [watch] = world.server.watches();
  watch?.hold();
  world.drop('two');
  watch?.cut();
  await world.pass(20);
  t.deepEqual(story.news(), ['deleted two 1']);
  t.deepEqual(world.health, { state: 'healthy', problems: [] });
  world.hub.close();
});

test('a late subscriber to a missing kind is synced at once', async (t) => {
  const world = new WatchWorld({ installed: false });
  await world.watch();
  t.deepEqual((await world.watch()).told, ['synced']);
  world.hub.close();
});

test('a kind that discovery lists and that is not served is no kind that is missing: its resources stay, and it is said', async (t) => {
  const world = new WatchWorld();
  world.put('one');
  const story = await world.watch();
  story.news();
  world.client.fail('list', { status: 404 }, 100);
  world.client.fail('watch', { status: 404 }, 100);
  for (const watch of world.server.watches()) watch.cut();
  await world.pass(20);
  t.deepEqual(story.news(), []);
  t.regex(world.health?.message ?? '', /lists the kind, and does not serve it \(404\); not followed since/);
  world.client.mend();
  await world.pass(31);
  world.put('two');
  await world.rest();
  t.deepEqual([story.news(), world.health?.state], [['added two 1'], 'healthy']);
  world.hub.close();
});
