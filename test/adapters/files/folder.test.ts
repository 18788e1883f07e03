import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ForbiddenError, InvalidResourceError, NotFoundError, UnavailableError } from 'koreo-kernel';
import { FileChangedError } from '../../../adapters/files/file-errors.js';
import { type FileContent, Folder } from '../../../adapters/files/folder.js';
import { Crash, crashingDisk, stagedDisk, systemError } from './staged-disk.js';

async function temporary(t: ExecutionContext): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'koreo-folder-')));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function readOf(folder: Folder, path: string): Promise<FileContent> {
  const content = await folder.read(path);
  if (content === undefined) throw new Error(`${path} is not there`);
  return content;
}

test('a file is written, read, replaced and removed, and folders come and go with it', async (t) => {
  const root = await temporary(t);
  const folder = new Folder(join(root, 'not', 'yet'));
  t.is(await folder.read('a/b.txt'), undefined);
  t.deepEqual(await folder.list(''), []);
  const created = await folder.create('a/b.txt', 'one');
  t.is((await readOf(folder, 'a/b.txt')).revision, created.revision);
  await folder.replace('a/b.txt', 'two', created);
  t.is((await readOf(folder, 'a/b.txt')).text, 'two');
  await folder.remove('a/b.txt', await readOf(folder, 'a/b.txt'));
  t.is(await folder.read('a/b.txt'), undefined);
  t.deepEqual(await folder.list(''), []);
  t.true((await stat(folder.path)).isDirectory());
});

test('a folder that holds something else stays when a file in it is removed', async (t) => {
  const root = await temporary(t);
  const folder = new Folder(root);
  const created = await folder.create('a/b/c.txt', 'one');
  await folder.create('a/other.txt', 'two');
  await folder.remove('a/b/c.txt', created);
  t.deepEqual(await readdir(join(root, 'a')), ['other.txt']);
});

test('create never replaces what is there', async (t) => {
  const folder = new Folder(await temporary(t));
  await folder.create('a.txt', 'first');
  await t.throwsAsync(folder.create('a.txt', 'second'), { instanceOf: FileChangedError });
  t.is((await readOf(folder, 'a.txt')).text, 'first');
  t.deepEqual(await readdir(folder.path), ['a.txt']);
});

test('create does without hard links where the file system has none', async (t) => {
  const root = await temporary(t);
  const disk = stagedDisk(({ call }) => {
    if (call === 'link') throw systemError('EPERM');
  });
  const folder = new Folder(root, { fileSystem: disk });
  await folder.create('a.txt', 'first');
  await t.throwsAsync(folder.create('a.txt', 'second'), { instanceOf: FileChangedError });
  t.is(await readFile(join(root, 'a.txt'), 'utf8'), 'first');
  t.deepEqual(await readdir(root), ['a.txt']);
});

test('replace keeps the mode', async (t) => {
  const root = await temporary(t);
  await writeFile(join(root, 'a.txt'), 'one');
  await chmod(join(root, 'a.txt'), 0o640);
  const folder = new Folder(root);
  await folder.replace('a.txt', 'two', await readOf(folder, 'a.txt'));
  t.is((await stat(join(root, 'a.txt'))).mode & 0o777, 0o640);
});

test('replace and remove refuse a file that is no longer as it was read', async (t) => {
  const root = await temporary(t);
  const folder = new Folder(root);
  const before = await folder.create('a.txt', 'one');
  await writeFile(join(root, 'a.txt'), 'by somebody else');
  await t.throwsAsync(folder.replace('a.txt', 'two', before), { instanceOf: FileChangedError });
  await t.throwsAsync(folder.remove('a.txt', before), { instanceOf: FileChangedError });
  t.is(await readFile(join(root, 'a.txt'), 'utf8'), 'by somebody else');
  await rm(join(root, 'a.txt'));
  await t.throwsAsync(folder.replace('a.txt', 'two', before), { instanceOf: FileChangedError });
  t.deepEqual(await readdir(root), []);
});

test('a check that throws stops the write, and leaves nothing behind', async (t) => {
  const folder = new Folder(await temporary(t));
  const before = await folder.create('a.txt', 'one');
  const refusal = new Error('no longer');
  const refuse = () => Promise.reject(refusal);
  for (const write of [
    () => folder.replace('a.txt', 'two', before, refuse),
    () => folder.remove('a.txt', before, refuse),
    () => folder.create('b.txt', 'two', refuse),
  ]) {
    t.is(await t.throwsAsync(write()), refusal);
  }
  t.deepEqual(await readdir(folder.path), ['a.txt']);
  t.is((await readOf(folder, 'a.txt')).text, 'one');
});

test('a link inside is followed: its target is read and replaced, and it stays a link', async (t) => {
  const root = await temporary(t);
  await mkdir(join(root, 'real'));
  await writeFile(join(root, 'real', 'a.txt'), 'one');
  await symlink('real/a.txt', join(root, 'link.txt'));
  const folder = new Folder(root);
  await folder.replace('link.txt', 'two', await readOf(folder, 'link.txt'));
  t.is(await readFile(join(root, 'real', 'a.txt'), 'utf8'), 'two');
  t.is(await folder.canonicalPath('link.txt'), 'real/a.txt');
});

test('what a link leads out to is neither read nor written nor removed', async (t) => {
  const base = await temporary(t);
  const [root, outside] = [join(base, 'root'), join(base, 'outside')];
  await mkdir(root);
  await mkdir(outside);
  await writeFile(join(outside, 'a.txt'), 'secret');
  await symlink(outside, join(root, 'folder'));
  await symlink(join(outside, 'a.txt'), join(root, 'file.txt'));
  const folder = new Folder(root);
  const like = await folder.create('mine.txt', 'secret');
  for (const path of ['file.txt', 'folder/a.txt']) {
    await t.throwsAsync(folder.read(path), { instanceOf: InvalidResourceError });
    await t.throwsAsync(folder.replace(path, 'x', like), { instanceOf: InvalidResourceError });
    await t.throwsAsync(folder.remove(path, like), { instanceOf: InvalidResourceError });
  }
  await t.throwsAsync(folder.create('folder/new/b.txt', 'x'), { instanceOf: InvalidResourceError });
  await t.throwsAsync(folder.list('folder'), { instanceOf: InvalidResourceError });
  t.deepEqual(await readdir(outside), ['a.txt']);
  t.is(await readFile(join(outside, 'a.txt'), 'utf8'), 'secret');
});

test('a folder that becomes a link while a file in it is read gives nothing away', async (t) => {
  const base = await temporary(t);
  const [root, outside] = [join(base, 'root'), join(base, 'outside')];
  await mkdir(join(root, 'sub'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(root, 'sub', 'a.txt'), 'mine');
  await writeFile(join(outside, 'a.txt'), 'secret');
  let swapped = false;
  const disk = stagedDisk(async ({ call }) => {
    if (call !== 'openToRead' || swapped) return;
    swapped = true;
    await rename(join(root, 'sub'), join(root, 'old'));
    await symlink(outside, join(root, 'sub'));
  });
  const error = await t.throwsAsync(new Folder(root, { fileSystem: disk }).read('sub/a.txt'), {
    instanceOf: UnavailableError,
  });
  t.false(error?.message.includes('secret'));
});

test('what is no text is refused: bytes that are not UTF-8, a folder, a file that is too large', async (t) => {
  const root = await temporary(t);
  await writeFile(join(root, 'bytes.txt'), Buffer.from([0x61, 0xff, 0xfe]));
  await mkdir(join(root, 'folder.txt'));
  await writeFile(join(root, 'large.txt'), 'x'.repeat(101));
  const folder = new Folder(root, { maximumFileBytes: 100 });
  for (const path of ['bytes.txt', 'folder.txt', 'large.txt']) {
    await t.throwsAsync(folder.read(path), { instanceOf: InvalidResourceError });
  }
});

test('a byte order mark is part of the text', async (t) => {
  const root = await temporary(t);
  await writeFile(join(root, 'a.txt'), '\ufeffone');
  t.is((await readOf(new Folder(root), 'a.txt')).text, '\ufeffone');
});

test('a file that is written while it is read is read again, and never comes out in halves', async (t) => {
  const root = await temporary(t);
  await writeFile(join(root, 'a.txt'), 'old old old');
  let reads = 0;
  const disk = stagedDisk(async ({ call }) => {
    if (call !== 'file.read') return;
    reads += 1;
    // The time of the file must differ, whatever the disk's clock does.
    if (reads === 1) {
      await writeFile(join(root, 'a.txt'), 'new new new, and more');
      await utimes(join(root, 'a.txt'), 1, 1);
    }
  });
  t.is((await readOf(new Folder(root, { fileSystem: disk }), 'a.txt')).text, 'new new new, and more');
  t.is(reads, 2);
});

test('what an editor writes into the old file, in place, in the instant before it is replaced is not lost', async (t) => {
  const root = await temporary(t);
  await writeFile(join(root, 'a.txt'), 'one');
  const disk = stagedDisk(async ({ call }) => {
    if (call === 'rename') await writeFile(join(root, 'a.txt'), 'by the editor');
  });
  const folder = new Folder(root, { fileSystem: disk });
  await t.throwsAsync(folder.replace('a.txt', 'two', await readOf(folder, 'a.txt')), { instanceOf: FileChangedError });
  t.is(await readFile(join(root, 'a.txt'), 'utf8'), 'by the editor');
});

test('a read-only disk says so, however many folders are missing above the file', async (t) => {
  const root = await temporary(t);
  const disk = stagedDisk(({ call, paths }) => {
    if (call === 'makeFolder' && paths.every((path) => dirname(path) === root)) throw systemError('EROFS');
  });
  await t.throwsAsync(new Folder(root, { fileSystem: disk }).create('a/b/c.txt', 'one'), {
    instanceOf: ForbiddenError,
    message: /read-only/,
  });
});

test('what cannot be written because its folder goes away all the time is Unavailable, and not taken for gone', async (t) => {
  const root = await temporary(t);
  const disk = stagedDisk(({ call }) => {
    if (call === 'openNew') throw systemError('ENOENT');
  });
  const folder = new Folder(root, { fileSystem: disk });
  await t.throwsAsync(folder.create('a/b.txt', 'one'), { instanceOf: UnavailableError });
});

const errors: readonly (readonly [string, new (...args: never[]) => Error])[] = [
  ['ENOSPC', UnavailableError],
  ['EDQUOT', UnavailableError],
  ['EIO', UnavailableError],
  ['EMFILE', UnavailableError],
  ['EROFS', ForbiddenError],
  ['EACCES', ForbiddenError],
  ['EPERM', ForbiddenError],
  ['ENAMETOOLONG', InvalidResourceError],
];

for (const [code, type] of errors) {
  test(`${code} at any step of a write is ${type.name}; the old file is whole and nothing is left over`, async (t) => {
    const root = await temporary(t);
    await writeFile(join(root, 'a.txt'), 'one');
    let failAt = -1;
    let step = 0;
    const disk = stagedDisk(({ call }) => {
      // Removing what is left over, and what comes after the new file is in force, may fail silently.
      if (call === 'removeFile' || call === 'removeFolder' || call === 'syncFolder' || call === 'link') return;
      if (step++ === failAt) throw systemError(code);
    });
    const folder = new Folder(root, { fileSystem: disk });
    const before = await readOf(folder, 'a.txt');
    for (failAt = 0; ; failAt += 1) {
      step = 0;
      const error = await folder.replace('a.txt', 'two', before).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const text = await readFile(join(root, 'a.txt'), 'utf8');
      t.deepEqual(await readdir(root), ['a.txt']);
      if (error === undefined || text === 'two') break;
      t.true(error instanceof type, `step ${failAt}: ${String(error)}`);
      t.false(String(error).includes(root));
      t.is(text, 'one');
    }
    t.true(failAt > 5);
  });
}

test('what vanished is not there, and what vanishes on the way is NotFound', async (t) => {
  const root = await temporary(t);
  const folder = new Folder(root);
  t.is(await folder.read('gone.txt'), undefined);
  t.is(await folder.stat('gone/too.txt'), undefined);
  await writeFile(join(root, 'a.txt'), 'one');
  const disk = stagedDisk(({ call }) => {
    if (call === 'rename') throw systemError('ENOENT');
  });
  const failing = new Folder(root, { fileSystem: disk });
  await t.throwsAsync(failing.replace('a.txt', 'two', await readOf(failing, 'a.txt')), { instanceOf: NotFoundError });
});

test('a process that dies at any step of a write leaves the old content or the new one, whole', async (t) => {
  for (const existing of [true, false]) {
    for (let crashAt = 0, done = false; !done; crashAt += 1) {
      const root = await temporary(t);
      const before = existing ? await new Folder(root).create('sub/a.txt', 'old') : undefined;
      const { disk } = crashingDisk(crashAt);
      const folder = new Folder(root, { fileSystem: disk });
      const write =
        before === undefined ? folder.create('sub/a.txt', 'new') : folder.replace('sub/a.txt', 'new', before);
      const error = await write.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      t.true(error === undefined || error instanceof Crash, String(error));
      const text = (await new Folder(root).read('sub/a.txt'))?.text;
      t.true(text === 'new' || text === before?.text, `step ${crashAt}: ${text}`);
      done = error === undefined;
      if (done) t.is(text, 'new');
    }
  }
});
