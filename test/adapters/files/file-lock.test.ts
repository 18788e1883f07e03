import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UnavailableError } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { contentRevision } from '../../../adapters/files/content-revision.js';
import { FileChangedError } from '../../../adapters/files/file-errors.js';
import { FileLocks } from '../../../adapters/files/file-lock.js';
import { Folder } from '../../../adapters/files/folder.js';

const KEY = 'orders.yaml';

/** A holder in this very process. */
const HERE = { pid: process.pid, host: hostname(), startedAt: Date.now() - process.uptime() * 1000, token: 'x' };

interface Shared {
  readonly root: string;
  readonly lockFile: string;
  locks(options?: { readonly waitMs?: number; readonly staleMs?: number }): FileLocks;
  /** As another process would have left it. */
  leave(holder: object | string, ageMs?: number): Promise<void>;
}

async function shared(t: ExecutionContext): Promise<Shared> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'koreo-lock-')));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const lockFile = join(root, '.koreo', 'locks', `${contentRevision(KEY)}.lock`);
  return {
    root,
    lockFile,
    locks: (options = {}) => new FileLocks({ folder: new Folder(root), clock: new VirtualClock(), ...options }),
    leave: async (holder, ageMs = 0) => {
      await mkdir(join(root, '.koreo', 'locks'), { recursive: true });
      await writeFile(lockFile, typeof holder === 'string' ? holder : JSON.stringify(holder));
      const time = new Date(Date.now() - ageMs);
      await utimes(lockFile, time, time);
    },
  };
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('work on one key runs alone, in one store and in several', async (t) => {
  const { locks } = await shared(t);
  const stores = [locks(), locks(), locks()];
  let running = 0;
  let most = 0;
  const runs = Array.from({ length: 30 }, (_, index) =>
    stores[index % 3]?.run(KEY, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return index;
    }),
  );
  t.deepEqual(
    await Promise.all(runs),
    runs.map((_, index) => index),
  );
  t.is(most, 1);
});

test('work on two keys runs at the same time', async (t) => {
  const { locks } = await shared(t);
  const store = locks();
  let finish: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = store.run('a', () => gate);
  await store.run('b', async () => finish());
  await t.notThrowsAsync(first);
});

test('a lock is gone when its work has ended, however it ended', async (t) => {
  const { root, locks } = await shared(t);
  const failure = new Error('the work failed');
  t.is(await t.throwsAsync(locks().run(KEY, () => Promise.reject(failure))), failure);
  t.deepEqual(await readdir(join(root, '.koreo', 'locks')), []);
});

test('the lock of a process that died is taken over at once', async (t) => {
  const { locks, leave } = await shared(t);
  await leave({ ...HERE, pid: deadPid() });
  t.is(await locks({ waitMs: 0 }).run(KEY, async () => 'done'), 'done');
});

test('the lock of an earlier process of the same id, as in a container that was started anew, is taken over at once', async (t) => {
  const { locks, leave } = await shared(t);
  await leave({ ...HERE, startedAt: HERE.startedAt - 60_000 });
  t.is(await locks({ waitMs: 0 }).run(KEY, async () => 'done'), 'done');
});

test('the lock of a process on another machine is taken over when it is old', async (t) => {
  const { locks, leave } = await shared(t);
  const holder = { ...HERE, host: 'elsewhere' };
  // The time of a file's last change of attributes cannot be set back, so old is what is older than nothing.
  await leave(holder);
  await t.throwsAsync(
    locks({ waitMs: 30 }).run(KEY, async () => 'done'),
    { instanceOf: UnavailableError },
  );
  t.is(await locks({ waitMs: 1000, staleMs: 0 }).run(KEY, async () => 'done'), 'done');
});

test('a lock that is held is waited for, and in the end reported with its file', async (t) => {
  const { lockFile, locks, leave } = await shared(t);
  await leave(HERE);
  const waiting = locks({ waitMs: 30 }).run(KEY, async () => 'done');
  const error = await t.throwsAsync(waiting, { instanceOf: UnavailableError });
  t.regex(error?.message ?? '', /\.koreo\/locks\/.*\.lock/);
  const patient = locks().run(KEY, async () => 'done');
  await rm(lockFile);
  t.is(await patient, 'done');
});

test('a damaged lock file is held until it is old', async (t) => {
  const { locks, leave } = await shared(t);
  await leave('not json');
  await t.throwsAsync(
    locks({ waitMs: 30 }).run(KEY, async () => 'done'),
    { instanceOf: UnavailableError },
  );
  t.is(await locks({ waitMs: 1000, staleMs: 0 }).run(KEY, async () => 'done'), 'done');
});

test('who was taken over finds out, and leaves the new lock alone', async (t) => {
  const { lockFile, locks, leave } = await shared(t);
  const other = { ...HERE, token: 'other' };
  const work = locks().run(KEY, async (stillHeld) => {
    await t.notThrowsAsync(stillHeld());
    await rm(lockFile);
    await leave(other);
    await stillHeld();
  });
  await t.throwsAsync(work, { instanceOf: FileChangedError });
  t.deepEqual(JSON.parse(await readFile(lockFile, 'utf8')), other);
});

test('an aborted wait ends with the reason, and nothing runs', async (t) => {
  const { locks, leave } = await shared(t);
  await leave(HERE);
  const controller = new AbortController();
  const reason = new Error('enough');
  const waiting = locks().run(KEY, () => Promise.reject(new Error('ran')), controller.signal);
  controller.abort(reason);
  t.is(await t.throwsAsync(waiting), reason);
});
