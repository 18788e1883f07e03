import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import type { StoreEvent } from 'koreo-kernel';
import { EventLog } from '../../contract/store.js';
import { healthOf, Place, THING, thing, thingRef } from './place.js';

const SCRIPT = fileURLToPath(new URL('second-process.js', import.meta.url));

/** Runs another process on the folder to its end. */
async function runProcess(t: ExecutionContext, root: string, name: string, rounds: number): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, root, name, String(rounds)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'exit');
  t.is(code, 0, errors);
}

test('several processes on one folder, and one file, lose no update of each other', async (t) => {
  t.timeout(120_000);
  const rounds = 12;
  const names = ['a', 'b', 'c'];
  const place = await Place.make(t);
  await place.write('all.yaml', `# by hand\n${thing('shared', '{count: 0} # counted')}`);
  const store = place.open();
  const log = await EventLog.synced(store, THING);
  await Promise.all(names.map((name) => runProcess(t, place.root, name, rounds)));

  const shared = await store.get(thingRef('shared'));
  t.deepEqual(shared?.spec, { count: names.length * rounds });
  t.deepEqual(shared?.status, Object.fromEntries(names.map((name) => [name, rounds])));
  const left = names.flatMap((name) => Array.from({ length: rounds / 2 }, (_, index) => `${name}-${2 * index + 1}`));
  const { items } = await store.list(THING);
  t.deepEqual(items.map(({ metadata }) => metadata.name).toSorted(), [...left, 'shared'].toSorted());
  t.true(
    (await place.read('all.yaml')).startsWith(
      `# by hand\n${thing('shared', `{count: ${names.length * rounds}} # counted`)}`,
    ),
  );
  t.deepEqual(
    (await place.files()).filter((path) => !path.startsWith('.koreo/status/')),
    ['all.yaml'],
  );
  t.deepEqual((await healthOf(store, ({ state }) => state !== 'starting')).problems, []);

  // What was watched comes to the same.
  const expected = ['shared', ...left].toSorted();
  await log.until('the same', (events) => isDeepStrictEqual([...presentAfter(events)].toSorted(), expected));
  log.stop();
});

test('a process that is killed in the middle of its work keeps nobody from going on', async (t) => {
  const place = await Place.make(t);
  await place.write('all.yaml', thing('shared', '{count: 0}'));
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, [SCRIPT, place.root, `k${round}`, '1000'], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    const watcher = place.open();
    const log = await EventLog.synced(watcher, THING);
    await log.until('some work', (events) => events.filter(({ type }) => type === 'added').length > 3 + round * 2);
    child.kill('SIGKILL');
    await exited;
    log.stop();
    await watcher.close();

    const store = place.open({ pattern: 'all.yaml' });
    await store.create({ ...THING, metadata: { name: `after-${round}`, namespace: 'default' } });
    await store.patch(thingRef('shared'), { spec: { [`after${round}`]: true } });
    t.like((await store.get(thingRef('shared')))?.spec, { [`after${round}`]: true });
    t.deepEqual((await healthOf(store, ({ state }) => state !== 'starting')).problems, []);
    await store.close();
  }
});

/** The names that are there when all these events have been told. */
function presentAfter(events: readonly StoreEvent[]): ReadonlySet<string> {
  const present = new Set<string>();
  for (const event of events) {
    if (event.type === 'deleted') present.delete(event.resource.metadata.name);
    else if (event.type !== 'synced') present.add(event.resource.metadata.name);
  }
  return present;
}
