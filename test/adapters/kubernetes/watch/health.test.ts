import test from 'ava';
import { ForbiddenError, UnavailableError } from 'koreo-kernel';
import { WatchWorld, WIDGET } from './watch-world.js';

const REFUSED = 'https://cluster cannot be reached: nothing listens there (ECONNREFUSED)';
const MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

test('a store is starting until all kinds are listed', async (t) => {
  const world = new WatchWorld();
  world.client.fail('list', 'hang');
  await world.watch(MAP);
  await world.watch();
  t.deepEqual(world.health, { state: 'starting', message: 'listing ConfigMap', problems: [] });
  world.hub.close();
});

test('a server that does not answer: the store is degraded, and says why, since when and what is not followed', async (t) => {
  const world = new WatchWorld();
  await world.watch();
  await world.watch(MAP);
  await world.pass(30);
  for (const verb of ['list', 'watch'] as const) world.client.fail(verb, new UnavailableError(REFUSED), 100);
  for (const watch of world.server.watches()) watch.cut();
  await world.pass(10);
  t.deepEqual(world.health, {
    state: 'degraded',
    message: `${REFUSED}; not followed since 2026-01-01T00:00:30Z: ConfigMap, Widget (of 2 kinds); trying again`,
    problems: [],
  });
  const { length } = world.healths;
  await world.pass(60);
  t.is(world.healths.length, length, 'it says so once, however often it tries');
  world.client.mend();
  await world.pass(31);
  t.deepEqual(world.health, { state: 'healthy', problems: [] });
  world.hub.close();
});

test('what fails for a moment only is not told', async (t) => {
  const world = new WatchWorld();
  await world.watch();
  const { length } = world.healths;
  for (const watch of world.server.watches()) watch.close();
  await world.pass(5);
  t.is(world.healths.length, length);
  world.hub.close();
});

test('a kind that may not be watched is a problem that a person can mend, and is tried again', async (t) => {
  const world = new WatchWorld();
  world.client.fail('list', new ForbiddenError('widgets is forbidden: User "koreo" cannot list it'), 3);
  const story = await world.watch();
  await world.pass(1);
  t.deepEqual(story.told, []);
  t.deepEqual(world.health, {
    state: 'degraded',
    problems: [
      {
        code: 'watch-forbidden',
        message:
          'the kind Widget of probe.koreo.dev/v1 may not be watched, which needs the verbs list and watch: widgets is forbidden: User "koreo" cannot list it',
      },
    ],
  });
  await world.pass(30);
  t.deepEqual([story.told, world.health], [['synced'], { state: 'healthy', problems: [] }]);
  world.hub.close();
});

test('a server that cannot be asked for its kinds is waited for', async (t) => {
  const world = new WatchWorld();
  world.client.fail('discover', new UnavailableError(REFUSED), 4);
  const story = await world.watch();
  await world.pass(3);
  t.deepEqual([story.told, world.health?.state], [[], 'degraded']);
  await world.pass(30);
  t.deepEqual([story.told, world.health?.state], [['synced'], 'healthy']);
  world.hub.close();
});

test('what was watched and is not any more does not count', async (t) => {
  const world = new WatchWorld({ installed: false });
  const story = await world.watch(WIDGET);
  t.is(world.health?.problems.length, 1);
  story.stop();
  t.deepEqual(world.health, { state: 'healthy', problems: [] });
  world.hub.close();
});
