import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { StoreEvent } from 'koreo-kernel';
import { EventLog } from '../../contract/store.js';
import { healthOf, Place, THING, thing, thingRef } from './place.js';

/** The value of `spec.n` of what was told last. */
function lastNumber(events: readonly StoreEvent[]): number | undefined {
  const last = events.at(-1);
  return last === undefined || last.type === 'synced' ? undefined : (last.resource.spec as { n?: number }).n;
}

test('a file that is half written keeps its last good resources in force until it is whole', async (t) => {
  const place = await Place.make(t);
  const [before, after] = [
    `${thing('one', '{n: 1}')}---\n${thing('two', '{n: 1}')}`,
    `${thing('one', '{n: 2}')}---\n${thing('two', '{n: 2}')}`,
  ];
  await place.write('a.yaml', before);
  // Long, so that a slow machine does not make "half" into "for long".
  const store = place.open({ settleMs: 4000 });
  const log = await EventLog.synced(store, THING);
  log.clear();
  for (const part of ['', after.slice(0, 30), `${after.slice(0, 130)}: [`, after]) {
    await place.write('a.yaml', part);
    t.is((await store.list(THING)).items.length, 2);
  }
  await log.until('both at 2', (events) => events.length >= 2 && lastNumber(events) === 2);
  t.deepEqual(log.story, ['modified one', 'modified two']);
  t.deepEqual(await healthOf(store, () => true), { state: 'healthy', problems: [] });
  log.stop();
});

test('a file that does not parse for long is told, its last good resources stay, and it heals', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', `${thing('one', '{n: 1}')}---\n${thing('two', '{n: 1}')}`);
  const store = place.open({ settleMs: 20 });
  const log = await EventLog.synced(store, THING);
  log.clear();
  await place.write('a.yaml', `${thing('one', '{n: 2}')}---\n${thing('two', '[')}`);
  const { problems } = await healthOf(store, ({ state }) => state === 'degraded');
  t.deepEqual(
    problems.map(({ location }) => [location?.file, location?.line]),
    [['root/a.yaml', 14]],
  );
  await log.resource('modified', 'one');
  t.deepEqual((await store.get(thingRef('two')))?.spec, { n: 1 });
  await place.write('a.yaml', thing('one', '{n: 2}'));
  await log.resource('deleted', 'two');
  await healthOf(store, ({ state }) => state === 'healthy');
  t.deepEqual(log.story, ['modified one', 'deleted two']);
  log.stop();
});

test('a file that is emptied is empty in the end', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{}'));
  await place.write('b.yaml', thing('two', '{}'));
  const store = place.open({ settleMs: 20 });
  const log = await EventLog.synced(store, THING);
  await place.write('a.yaml', '');
  await log.resource('deleted', 'one');
  t.is(await store.get(thingRef('one')), undefined);
  await place.write('b.yaml', '# nothing any more\n');
  await log.resource('deleted', 'two');
  log.stop();
});

test('a file that does not parse and is removed takes its last good resources with it', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{}'));
  const store = place.open({ settleMs: 20 });
  const log = await EventLog.synced(store, THING);
  await place.write('a.yaml', '{');
  await healthOf(store, ({ state }) => state === 'degraded');
  await place.remove('a.yaml');
  await log.resource('deleted', 'one');
  t.deepEqual((await healthOf(store, ({ state }) => state === 'healthy')).problems, []);
  log.stop();
});

test('a file that is renamed, or its folder, is the same resource in another place', async (t) => {
  const place = await Place.make(t);
  await place.write('x/a.yaml', thing('one', '{n: 1}'));
  const store = place.open();
  await store.patchStatus(thingRef('one'), { status: { s: 1 } });
  const log = await EventLog.synced(store, THING);
  log.clear();
  await rename(join(place.root, 'x/a.yaml'), join(place.root, 'x/b.yaml'));
  t.like(await store.get(thingRef('one')), { status: { s: 1 } });
  await rename(join(place.root, 'x'), join(place.root, 'y'));
  await place.write('mark.yaml', thing('mark', '{}'));
  await log.resource('added', 'mark');
  t.deepEqual(log.story, ['added mark']);
  await store.patch(thingRef('one'), { spec: { n: 2 } });
  t.deepEqual(await place.manifests(), ['mark.yaml', 'y/b.yaml']);
  t.like(await store.get(thingRef('one')), { spec: { n: 2 }, status: { s: 1 } });
  log.stop();
});

test('an editor that saves by renaming, with a backup or without, changes and does not remove', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{n: 1}'));
  const log = await EventLog.synced(place.open(), THING);
  log.clear();
  const path = join(place.root, 'a.yaml');
  await writeFile(`${path}.tmp`, thing('one', '{n: 2}'));
  await rename(`${path}.tmp`, path);
  await log.until('n 2', (events) => lastNumber(events) === 2);
  await rename(path, `${path}~`);
  await writeFile(path, thing('one', '{n: 3}'));
  await log.until('n 3', (events) => lastNumber(events) === 3);
  t.deepEqual(log.story, ['modified one', 'modified one']);
  log.stop();
});

test('a whole tree that appears, changes and goes is told, each resource once', async (t) => {
  const place = await Place.make(t);
  const store = place.open({ settleMs: 20 });
  const log = await EventLog.synced(store, THING);
  log.clear();
  const staging = join(place.base, 'staging');
  await mkdir(join(staging, 'deep'), { recursive: true });
  for (let index = 0; index < 20; index += 1)
    await writeFile(join(staging, 'deep', `${index}.yaml`), thing(`n${index}`, '{}'));
  await rename(staging, join(place.root, 'tree'));
  await log.until('20 added', (events) => events.length >= 20);
  await place.write('tree/deep/0.yaml', thing('n0', '{n: 1}'));
  await log.resource('modified', 'n0');
  await rm(join(place.root, 'tree'), { recursive: true });
  await log.until('20 deleted', (events) => events.filter(({ type }) => type === 'deleted').length === 20);
  t.is(log.events.length, 41);
  log.stop();
});

test('own writes are told once, also when the disk tells of them later', async (t) => {
  const place = await Place.make(t);
  const store = place.open({ settleMs: 20 });
  const log = await EventLog.synced(store, THING);
  log.clear();
  await store.create({ ...THING, metadata: { name: 'one', namespace: 'default' }, spec: { n: 1 } });
  await store.patch(thingRef('one'), { spec: { n: 2 } });
  await store.patchStatus(thingRef('one'), { status: { s: 1 } });
  await store.delete(thingRef('one'));
  await store.create({ ...THING, metadata: { name: 'one', namespace: 'default' }, spec: { n: 1 } });
  // What somebody else writes is told after all that was noticed before it.
  await place.write('mark.yaml', thing('mark', '{}'));
  await log.resource('added', 'mark');
  t.deepEqual(log.story, ['added one', 'modified one', 'modified one', 'deleted one', 'added one', 'added mark']);
  log.stop();
});

test('a folder that comes, goes and comes again is watched all along', async (t) => {
  const place = await Place.make(t);
  const store = place.open({ root: 'root/late', settleMs: 20 });
  const log = await EventLog.synced(store, THING);
  for (const n of [1, 2]) {
    await place.write('late/sub/a.yaml', thing('one', `{n: ${n}}`));
    await log.until(`n ${n}`, (events) => lastNumber(events) === n);
    await rm(join(place.root, 'late'), { recursive: true });
    await log.until('deleted', (events) => events.at(-1)?.type === 'deleted');
  }
  t.deepEqual(log.story, ['synced', 'added one', 'deleted one', 'added one', 'deleted one']);
  log.stop();
});

test('a volume of Kubernetes that switches to its next state is noticed', async (t) => {
  const place = await Place.make(t);
  await place.write('..1/a.yaml', thing('one', '{n: 1}'));
  await place.write('..2/a.yaml', thing('one', '{n: 2}'));
  await symlink('..1', join(place.root, '..data'));
  await symlink('..data/a.yaml', join(place.root, 'a.yaml'));
  const log = await EventLog.synced(place.open(), THING);
  t.is(lastNumber([log.events[0] ?? { type: 'synced' }]), 1);
  await symlink('..2', join(place.root, '..data_tmp'));
  await rename(join(place.root, '..data_tmp'), join(place.root, '..data'));
  await log.until('n 2', (events) => lastNumber(events) === 2);
  log.stop();
});

test('a status that another process writes is told, with the place of the definition', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', `# comment\n${thing('one', '{n: 1}')}`);
  const log = await EventLog.synced(place.open(), THING);
  log.clear();
  const other = place.open();
  await other.patchStatus(thingRef('one'), { status: { s: 1 } });
  t.deepEqual((await log.resource('modified', 'one')).status, { s: 1 });
  const [event] = log.events;
  t.deepEqual(event?.type === 'modified' ? event.origin?.locate?.(['spec']) : undefined, { line: 7, column: 7 });
  log.clear();
  await other.patchStatus(thingRef('one'), { status: { s: 2 } });
  t.deepEqual((await log.resource('modified', 'one')).status, { s: 2 });
  log.stop();
});

test('a change by somebody else is told within a second', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{n: 0}'));
  const log = await EventLog.synced(place.open(), THING);
  for (let n = 1; n <= 5; n += 1) {
    const start = Date.now();
    await place.write('a.yaml', thing('one', `{n: ${n}}`));
    await log.until(`n ${n}`, (events) => lastNumber(events) === n);
    t.true(Date.now() - start < 1000);
  }
  log.stop();
});
