import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  ForbiddenError,
  getAt,
  type Json,
  type JsonObject,
  type Resource,
  type Store,
  UnavailableError,
} from 'koreo-kernel';
import type { FileSystem } from '../../../adapters/files/file-system.js';
import { Crash, crashingDisk, type Step, stagedDisk, systemError } from '../files/staged-disk.js';
import { healthOf, Place, THING, thing, thingRef } from './place.js';

/** One write, the state before it, and how to tell that it took place. */
interface Write {
  readonly name: string;
  readonly options?: JsonObject;
  readonly run: (store: Store) => Promise<unknown>;
  readonly isDone: (resources: ReadonlyMap<string, Resource>) => boolean;
}

const NEW: Resource = { ...THING, metadata: { name: 'new', namespace: 'default' }, spec: { n: 1 } };

const writes: readonly Write[] = [
  { name: 'create', run: (store) => store.create(NEW), isDone: (resources) => resources.has('new') },
  {
    name: 'create of one more document',
    options: { pattern: 'all.yaml' },
    run: (store) => store.create(NEW),
    isDone: (resources) => resources.has('new'),
  },
  {
    name: 'patch',
    run: (store) => store.patch(thingRef('one'), { spec: { n: 2 } }),
    isDone: (resources) => getAt(resources.get('one')?.spec as Json, ['n']) === 2,
  },
  {
    name: 'first patchStatus',
    run: (store) => store.patchStatus(thingRef('two'), { status: { s: 1 } }),
    isDone: (resources) => resources.get('two')?.status?.s === 1,
  },
  {
    name: 'patchStatus',
    run: (store) => store.patchStatus(thingRef('one'), { status: { s: 2 } }),
    isDone: (resources) => resources.get('one')?.status?.s === 2,
  },
  {
    name: 'delete of a document',
    run: (store) => store.delete(thingRef('one')),
    isDone: (resources) => !resources.has('one'),
  },
  {
    name: 'delete of a file',
    run: (store) => store.delete(thingRef('alone')),
    isDone: (resources) => !resources.has('alone'),
  },
];

/** Files with comments, a status, several documents. */
async function furnish(place: Place): Promise<void> {
  await rm(place.root, { recursive: true, force: true });
  await place.write('all.yaml', `# mine\n${thing('one', '{n: 1} # one')}---\n${thing('two', '{n: 1}')}`);
  await place.write('sub/alone.yaml', thing('alone', '{n: 1}'));
  const store = place.open();
  await store.patchStatus(thingRef('one'), { status: { s: 1 } });
  await store.close();
}

/** Lets the locks that are held be those of a process that has ended, which this one has not. */
async function bury(place: Place): Promise<void> {
  for (const path of await place.files()) {
    if (!path.endsWith('.lock')) continue;
    const holder = JSON.parse(await place.read(path)) as JsonObject;
    await place.write(path, JSON.stringify({ ...holder, startedAt: 0 }));
  }
}

async function resourcesOf(store: Store): Promise<ReadonlyMap<string, Resource>> {
  const { items } = await store.list(THING);
  return new Map(items.map((resource) => [resource.metadata.name, resource]));
}

/** All that readers see, without what only one write is about. */
function seen(resources: ReadonlyMap<string, Resource>): string {
  return JSON.stringify(
    [...resources.values()].map(({ metadata, spec, status }) => [metadata.name, spec, status]).toSorted(),
  );
}

for (const { name, run, isDone, options = {} } of writes) {
  test(`a process that dies at any step of ${name} leaves the old state or the new one, and the next one goes on`, async (t) => {
    const place = await Place.make(t);
    await furnish(place);
    const store = place.open(options);
    const before = await resourcesOf(store);
    await run(store);
    const after = await resourcesOf(store);
    t.true(isDone(after) && !isDone(before));
    const outcomes = new Set<string>();
    for (let crashAt = 0, survived = false; !survived; crashAt += 1) {
      await furnish(place);
      const { disk, steps } = crashingDisk(crashAt);
      const error = await failure(run(place.open(options, { fileSystem: disk })));
      survived = error === undefined;
      // A crash after the write took effect may be inside of a step whose failure is forgiven.
      t.true(survived || error instanceof Crash, `step ${crashAt}: ${String(error)}`);
      survived &&= steps().length < crashAt;
      await bury(place);

      const next = place.open(options);
      const found = await resourcesOf(next);
      t.true([seen(before), seen(after)].includes(seen(found)), `step ${crashAt}`);
      outcomes.add(seen(found));
      await run(next).catch(() => undefined);
      t.is(seen(await resourcesOf(next)), seen(after), `step ${crashAt}`);
      t.deepEqual((await healthOf(next, ({ state }) => state !== 'starting')).problems, []);
      await next.close();
    }
    t.is(outcomes.size, 2);
  });
}

test('what a crash left behind is removed when it is old, and never read', async (t) => {
  const place = await Place.make(t);
  await place.write('.koreo-0123456789abcdef.tmp', thing('leftover', '{}'));
  await place.write('.koreo/status/.koreo-0123456789abcdef.tmp', '{}');
  await place.write('sub/.koreo-fedcba9876543210.tmp', thing('leftover', '{}'));
  await place.write('sub/.koreo-fedcba9876543210.yaml', thing('leftover', '{}'));
  const store = place.open();
  t.deepEqual((await store.list(THING)).items, []);
  await store.close();
  t.is((await place.files()).length, 4);
  let now = 0;
  const later: FileSystem = { ...stagedDisk(() => undefined), now: () => now };
  now = Date.now() + 3_600_000;
  const next = place.open({}, { fileSystem: later });
  await next.list(THING);
  await next.close();
  t.deepEqual(await place.files(), ['sub/.koreo-fedcba9876543210.yaml']);
});

/** Runs a write on a disk that fails with the code at one changing step after the other. */
async function failAtEachStep(
  t: import('ava').ExecutionContext,
  { code, write, expected }: { code: string; write: Write; expected: new (...args: never[]) => Error },
): Promise<void> {
  const place = await Place.make(t);
  for (let failAt = 0, passed = false; !passed; failAt += 1) {
    await furnish(place);
    const texts = await Promise.all((await place.manifests()).map((path) => place.read(path)));
    let step = 0;
    const disk = stagedDisk(({ call, changes }: Step) => {
      // Without hard links there is another way; what is cleaned up may stay.
      if (!changes || call === 'link' || call.startsWith('remove')) return;
      if (step++ === failAt) throw systemError(code);
    });
    const store = place.open(write.options, { fileSystem: disk });
    const error = await failure(write.run(store));
    passed = step <= failAt;
    const done = write.isDone(await resourcesOf(store));
    if (passed) {
      t.is(error, undefined);
      t.true(done);
      continue;
    }
    t.true(error instanceof expected, `${write.name}, step ${failAt}: ${String(error)}`);
    t.false(done);
    t.deepEqual(await Promise.all((await place.manifests()).map((path) => place.read(path))), texts);
    t.deepEqual(
      (await place.files()).filter((path) => path.includes('.tmp') || path.includes('locks')),
      [],
    );
    // Once there is room again, all is well.
    await t.notThrowsAsync(write.run(place.open(write.options)));
  }
}

for (const write of writes) {
  test(`a full disk at any step of ${write.name} is Unavailable, loses nothing, and is over when there is room`, (t) =>
    failAtEachStep(t, { code: 'ENOSPC', write, expected: UnavailableError }));

  // By way of the seam: whoever runs as root may write into folders that are read-only.
  test(`a read-only file system at any step of ${write.name} is Forbidden, and loses nothing`, (t) =>
    failAtEachStep(t, { code: 'EROFS', write, expected: ForbiddenError }));
}

test('a disk that refuses to remove a file refuses the delete', async (t) => {
  const place = await Place.make(t);
  await furnish(place);
  const disk = stagedDisk(({ call, paths }) => {
    if (call === 'removeFile' && paths[0]?.endsWith('alone.yaml')) throw systemError('EACCES');
  });
  const store = place.open({}, { fileSystem: disk });
  await t.throwsAsync(store.delete(thingRef('alone')), { instanceOf: ForbiddenError });
  t.true((await resourcesOf(store)).has('alone'));
});

test('a file that vanishes while it is read is gone, and harms nothing', async (t) => {
  const place = await Place.make(t);
  for (const call of ['stat', 'realPath', 'openToRead', 'file.stat', 'file.read']) {
    await furnish(place);
    let armed = true;
    const disk = stagedDisk(async (step) => {
      if (!armed || step.call !== call || !step.paths[0]?.endsWith('alone.yaml')) return;
      armed = false;
      await rm(join(place.root, 'sub/alone.yaml'));
    });
    const store = place.open({}, { fileSystem: disk });
    const first = await resourcesOf(store);
    t.deepEqual([first.has('one'), first.has('two')], [true, true], call);
    t.false((await resourcesOf(store)).has('alone'), call);
    t.is(await store.get(thingRef('alone')), undefined);
    t.deepEqual((await healthOf(store, ({ state }) => state !== 'starting')).problems, [], call);
  }
});

test('a file that vanishes while it is changed is NotFound', async (t) => {
  const place = await Place.make(t);
  await furnish(place);
  const disk = stagedDisk(async ({ call, paths }) => {
    if (call === 'openNew' && paths[0]?.startsWith(join(place.root, 'sub')))
      await rm(join(place.root, 'sub/alone.yaml'), { force: true });
  });
  const store = place.open({}, { fileSystem: disk });
  await t.throwsAsync(store.patch(thingRef('alone'), { spec: { n: 2 } }), { code: 'not-found' });
  t.deepEqual(await place.manifests(), ['all.yaml']);
});

test('a file and a folder that may not be read are told; what was known stays, and all else works', async (t) => {
  const place = await Place.make(t);
  await furnish(place);
  let refused = false;
  const disk = stagedDisk(({ call, paths: [path] }) => {
    if (!refused) return;
    if (call === 'list' && path?.endsWith('/sub')) throw systemError('EACCES');
    if (call === 'stat' && path?.endsWith('all.yaml')) throw systemError('EIO');
  });
  const store = place.open({}, { fileSystem: disk });
  t.is((await resourcesOf(store)).size, 3);
  refused = true;
  await place.write('more.yaml', thing('more', '{}'));
  t.deepEqual([...(await resourcesOf(store)).keys()].toSorted(), ['alone', 'more', 'one', 'two']);
  const { state, problems } = await healthOf(store, (health) => health.problems.length === 2);
  t.is(state, 'degraded');
  t.deepEqual(
    problems.map(({ code, location }) => [code, location?.file]),
    [
      ['file-unreadable', 'root/all.yaml'],
      ['file-unreadable', 'root/sub'],
    ],
  );
  refused = false;
  await store.list(THING);
  t.deepEqual((await healthOf(store, () => true)).problems, []);
});

test('a root that may not be read is an error of each call, and a watch waits until it may', async (t) => {
  const place = await Place.make(t);
  await furnish(place);
  let refused = true;
  const disk = stagedDisk(({ call, paths: [path] }) => {
    if (refused && call === 'list' && path === place.root) throw systemError('EACCES');
  });
  const store = place.open({}, { fileSystem: disk });
  await t.throwsAsync(store.list(THING), { instanceOf: ForbiddenError });
  await t.throwsAsync(store.get(thingRef('one')), { instanceOf: ForbiddenError });
  const { message } = await healthOf(store, ({ state }) => state === 'degraded');
  t.regex(message ?? '', /permission denied/);
  const synced = new Promise<void>((resolve) => {
    const subscription = store.watch(THING).subscribe(({ type }) => {
      if (type !== 'synced') return;
      t.false(refused);
      subscription.unsubscribe();
      resolve();
    });
  });
  refused = false;
  await synced;
});

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
