import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { ConflictError, type JsonObject, type Resource, UnavailableError } from 'koreo-kernel';
import type { FileSystemStore } from '../../../adapters/file-system/file-system-store.js';
import { EventLog } from '../../contract/store.js';
import { Crash, crashingDisk, stagedDisk, systemError } from '../files/staged-disk.js';
import { Place, THING, thing, thingRef } from './place.js';

const FINALIZER = 'koreo.dev/managed-resources';
const ONE = thingRef('one');
const SETTLE_MS = 60;

/** A thing in `one.yaml` that a finalizer holds, with an inventory. */
async function hold(place: Place, text = thing('one', '{n: 1}')): Promise<void> {
  await place.write('one.yaml', text);
  const store = place.open();
  await store.patchStatus(ONE, {
    status: { s: 1 },
    annotations: { inventory: 'much' },
    finalizers: { [FINALIZER]: true },
  });
  await store.close();
}

function open(place: Place, options: JsonObject = {}): FileSystemStore {
  return place.open({ settleMs: SETTLE_MS, ...options });
}

function release(store: FileSystemStore): Promise<Resource> {
  return store.patchStatus(ONE, { finalizers: { [FINALIZER]: false } });
}

/** What is left of the thing for those who have to see to its end. */
function knownOf(resource: Resource | undefined) {
  const { metadata, status } = resource ?? { metadata: { name: '' } };
  const { annotations, finalizers, deletionTimestamp } = metadata;
  return { status, annotations, finalizers, isLeaving: deletionTimestamp !== undefined };
}

const HELD = { status: { s: 1 }, annotations: { inventory: 'much' }, finalizers: [FINALIZER], isLeaving: false };
const LEAVING = { ...HELD, isLeaving: true };

test('a file that goes while no process is there is found at the next start, and goes with its last finalizer', async (t) => {
  const place = await Place.make(t);
  await hold(place);
  const uid = (await place.open().get(ONE))?.metadata.uid;
  await place.remove('one.yaml');
  const store = open(place);
  const log = await EventLog.synced(store, THING);
  t.deepEqual(log.story, ['added one', 'synced']);
  const leaving = await store.get(ONE);
  t.deepEqual(knownOf(leaving), LEAVING);
  t.is(leaving?.metadata.uid, uid);
  t.is(leaving?.spec, undefined, 'nobody knows what it said');
  t.deepEqual(
    (await store.kinds()).map(({ kind }) => kind),
    ['Thing'],
  );
  const last = await release(store);
  t.deepEqual(last.metadata.finalizers ?? [], []);
  t.deepEqual(log.story, ['added one', 'synced', 'deleted one']);
  t.deepEqual([await store.get(ONE), await place.files()], [undefined, []]);
  log.stop();
});

test('the uid that an author gave is still known when his file is gone', async (t) => {
  const place = await Place.make(t);
  await hold(place, thing('one', '{}').replace('  name: one', '  name: one\n  uid: mine'));
  await place.remove('one.yaml');
  t.is((await open(place).get(ONE))?.metadata.uid, 'mine');
});

test('what a file said last is kept when somebody saw it go, also for those who start later', async (t) => {
  const place = await Place.make(t);
  await hold(place);
  const store = open(place);
  const log = await EventLog.synced(store, THING);
  await place.remove('one.yaml');
  await log.until('marked', (events) => events.length === 3);
  t.deepEqual(log.story, ['added one', 'synced', 'modified one']);
  const leaving = await store.get(ONE);
  t.deepEqual([knownOf(leaving), leaving?.spec], [LEAVING, { n: 1 }]);
  log.stop();
  await store.close();
  const changes: string[] = [];
  const disk = stagedDisk((step) => {
    if (step.changes) changes.push(step.call);
  });
  const next = place.open({}, { fileSystem: disk });
  t.deepEqual((await next.list(THING)).items, leaving === undefined ? [] : [leaving]);
  t.deepEqual(await next.get(ONE), leaving);
  t.deepEqual(changes, [], 'what is on record is not written again');
});

test('what a file of a Secret said is kept nowhere', async (t) => {
  const place = await Place.make(t);
  const ref = { apiVersion: 'v1', kind: 'Secret', name: 'key', namespace: 'default' };
  await place.write(
    'key.yaml',
    'apiVersion: v1\nkind: Secret\nmetadata: {name: key, namespace: default}\nstringData: {a: hunter2}\n',
  );
  const store = open(place);
  await store.patchStatus(ref, { finalizers: { [FINALIZER]: true } });
  await store.delete(ref);
  t.truthy((await store.get(ref))?.metadata.deletionTimestamp);
  const [path = ''] = await place.files();
  t.false((await place.read(path)).includes('hunter2'));
});

test('a file that is written again while its resource is leaving is there again at once, with its inventory', async (t) => {
  const place = await Place.make(t);
  await hold(place);
  const store = open(place);
  await store.delete(ONE);
  const log = await EventLog.synced(store, THING);
  await place.write('again.yaml', thing('one', '{n: 2}'));
  await log.until('there again', (events) => events.length === 3);
  const again = await store.get(ONE);
  t.deepEqual([knownOf(again), again?.spec], [HELD, { n: 2 }]);
  t.false((await place.read((await place.files())[0] ?? '')).includes('leaving'), 'the record says so too');
  await place.remove('again.yaml');
  await log.until('marked once more', (events) => events.length === 4);
  const gone = await store.get(ONE);
  t.deepEqual([knownOf(gone), gone?.spec], [LEAVING, { n: 2 }]);
  t.deepEqual(log.story, ['added one', 'synced', 'modified one', 'modified one']);
  log.stop();
});

test('a file that was deleted and written again while no process was there has lost nothing', async (t) => {
  const place = await Place.make(t);
  await hold(place);
  const store = open(place);
  await store.delete(ONE);
  await store.close();
  await place.write('one.yaml', thing('one', '{n: 2}'));
  const again = await open(place).get(ONE);
  t.deepEqual([knownOf(again), again?.spec], [HELD, { n: 2 }]);
});

for (const [verb, write] of [
  ['create', (store: FileSystemStore, resource: Resource) => store.create(resource)],
  ['apply', (store: FileSystemStore, resource: Resource) => store.apply(resource)],
] as const) {
  test(`${verb} of what is leaving writes it anew, and a patch has nothing to change`, async (t) => {
    const place = await Place.make(t);
    await hold(place);
    const store = open(place);
    await store.delete(ONE);
    await t.throwsAsync(store.patch(ONE, { spec: { n: 3 } }), { instanceOf: ConflictError });
    const { name, namespace } = ONE;
    const again = await write(store, { ...THING, metadata: { name, namespace }, spec: { n: 2 } });
    t.deepEqual([knownOf(again), again.spec], [HELD, { n: 2 }]);
    t.deepEqual(await store.get(ONE), again);
    t.deepEqual(await place.manifests(), ['default/Thing/one.yaml']);
  });
}

test('a file that is moved, or saved by way of another, was never gone', async (t) => {
  const place = await Place.make(t);
  await hold(place);
  const store = open(place, { settleMs: 400 });
  const log = await EventLog.synced(store, THING);
  await rename(join(place.root, 'one.yaml'), join(place.root, 'one.yaml~'));
  t.deepEqual(knownOf(await store.get(ONE)), HELD, 'it may be on its way');
  t.is((await store.list(THING)).items.length, 1);
  await place.write('two.yaml', thing('one', '{n: 2}'));
  await log.until('changed', (events) => events.length === 3);
  t.deepEqual(knownOf(await store.get(ONE)), HELD);
  t.deepEqual(log.story, ['added one', 'synced', 'modified one']);
  log.stop();
});

test('while a file cannot be read that a resource may have moved to, it is not taken for gone', async (t) => {
  const place = await Place.make(t);
  await hold(place);
  const store = open(place);
  const log = await EventLog.synced(store, THING);
  await place.write('other.yaml', 'a: [');
  await store.list(THING);
  await place.remove('one.yaml');
  for (let look = 0; look < 3; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    t.deepEqual((await store.list(THING)).items.map(knownOf), [HELD]);
  }
  await place.write('other.yaml', 'a: []');
  await log.until('marked', (events) => events.length === 3);
  t.deepEqual(knownOf(await store.get(ONE)), LEAVING);
  log.stop();
});

test('finalizers that an author wrote hold nothing of their own, and go from sight without a touch of his file', async (t) => {
  const place = await Place.make(t);
  const text = thing('one', '{}').replace('  name: one', '  name: one\n  finalizers: [theirs]');
  await place.write('one.yaml', text);
  const store = open(place);
  t.deepEqual((await store.get(ONE))?.metadata.finalizers, ['theirs']);
  const told = await store.patchStatus(ONE, { finalizers: { theirs: false, [FINALIZER]: true } });
  t.deepEqual(told.metadata.finalizers, [FINALIZER]);
  await release(store);
  t.is(await place.read('one.yaml'), text);
  await store.delete(ONE);
  t.deepEqual([await store.get(ONE), await place.files()], [undefined, []]);
});

test('a store that keeps status in its manifests, or must not write, holds nothing', async (t) => {
  const place = await Place.make(t);
  const holding = (options: JsonObject): boolean => place.open(options).holdsDeletion;
  t.deepEqual([{}, { status: 'inline' }, { readOnly: true }].map(holding), [true, false, false]);
  await hold(place);
  await place.open().delete(ONE);
  const files = await place.files();
  t.deepEqual(knownOf(await place.open({ readOnly: true }).get(ONE)), LEAVING, 'but shows what another one holds');
  t.deepEqual(await place.files(), files);
});

test('stores on one folder that read different files do not take what the other holds for theirs', async (t) => {
  const place = await Place.make(t);
  await hold(place);
  await place.open().delete(ONE);
  t.is(await place.open({ ignore: ['one.yaml'] }).get(ONE), undefined);
  t.deepEqual(knownOf(await place.open().get(ONE)), LEAVING);
});

/** Lets the locks that are held be those of a process that has ended, which this one has not. */
async function bury(place: Place): Promise<void> {
  for (const path of await place.files()) {
    if (!path.endsWith('.lock')) continue;
    const holder = JSON.parse(await place.read(path)) as JsonObject;
    await place.write(path, JSON.stringify({ ...holder, startedAt: 0 }));
  }
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const LIVES: readonly [
  name: string,
  prepare: (place: Place) => Promise<void>,
  run: (store: FileSystemStore) => Promise<unknown>,
][] = [
  ['the deletion of a held resource', async () => undefined, (store) => store.delete(ONE)],
  ['finding a held file gone', (place) => place.remove('one.yaml'), (store) => store.list(THING)],
  [
    'finding one there again',
    async (place) => {
      await place.open().delete(ONE);
      await place.write('one.yaml', thing('one', '{n: 2}'));
    },
    (store) => store.list(THING),
  ],
  ['letting go of a held resource', (place) => place.open().delete(ONE), release],
  [
    'setting the finalizer',
    async (place) => void (await release(place.open())),
    (store) => store.patchStatus(ONE, { finalizers: { [FINALIZER]: true } }),
  ],
];

for (const [name, prepare, run] of LIVES) {
  test(`a process that dies at any step of ${name} loses no inventory, and the next one goes on`, async (t) => {
    t.timeout(120_000);
    const expected = await reference();
    for (let crashAt = 0, survived = false; !survived; crashAt += 1) {
      const place = await Place.make(t);
      await hold(place);
      await prepare(place);
      const { disk, steps } = crashingDisk(crashAt);
      const error = await failureOf(run(place.open({ settleMs: 5 }, { fileSystem: disk })));
      survived = error === undefined && steps().length < crashAt;
      t.true(error === undefined || error instanceof Crash, `step ${crashAt}: ${String(error)}`);
      await bury(place);
      const next = place.open({ settleMs: 5 });
      const found = await next.get(ONE);
      if (found !== undefined) t.deepEqual(found.metadata.annotations, { inventory: 'much' }, `step ${crashAt}`);
      else t.is(run, release, `step ${crashAt}`);
      await failureOf(run(next));
      t.deepEqual(knownOf(await next.get(ONE)), expected, `step ${crashAt}`);
      await place.dispose();
    }

    async function reference() {
      const place = await Place.make(t);
      await hold(place);
      await prepare(place);
      const store = place.open({ settleMs: 5 });
      await run(store);
      return knownOf(await store.get(ONE));
    }
  });
}

test('a deletion that cannot be put on record fails, is known to be wanted, and is on record when there is room', async (t) => {
  const place = await Place.make(t);
  await hold(place);
  let isFull = true;
  const disk = stagedDisk(({ call, paths }) => {
    if (isFull && call === 'openNew' && paths[0]?.includes('.koreo/status')) throw systemError('ENOSPC');
  });
  const store = place.open({ settleMs: SETTLE_MS }, { fileSystem: disk });
  await t.throwsAsync(store.delete(ONE), { instanceOf: UnavailableError });
  t.deepEqual(knownOf(await store.get(ONE)), HELD);
  isFull = false;
  await store.delete(ONE);
  const leaving = await store.get(ONE);
  t.deepEqual([knownOf(leaving), leaving?.spec], [LEAVING, { n: 1 }]);
});
