import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { InvalidResourceError } from 'koreo-kernel';
import { containedPath, isInside } from '../../../adapters/files/contained-path.js';
import { nodeFileSystem } from '../../../adapters/files/file-system.js';

async function place(): Promise<{ root: string; outside: string; dispose(): Promise<void> }> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'koreo-contained-')));
  const root = join(base, 'root');
  const outside = join(base, 'outside');
  await mkdir(root);
  await mkdir(outside);
  return { root, outside, dispose: () => rm(base, { recursive: true }) };
}

test('a path inside is its real absolute path, whether or not it is there yet', async (t) => {
  const { root, dispose } = await place();
  await mkdir(join(root, 'a'));
  await writeFile(join(root, 'a', 'b.yaml'), '');
  t.is(await containedPath(nodeFileSystem, root, 'a/b.yaml'), join(root, 'a', 'b.yaml'));
  t.is(await containedPath(nodeFileSystem, root, 'a/new/deep/c.yaml'), join(root, 'a', 'new', 'deep', 'c.yaml'));
  t.is(await containedPath(nodeFileSystem, root, ''), root);
  t.is(await containedPath(nodeFileSystem, join(root, 'not', 'yet'), 'c.yaml'), join(root, 'not', 'yet', 'c.yaml'));
  await dispose();
});

for (const path of ['../x', 'a/../../x', '..', '/etc/passwd', 'a\0b', 'a\\..\\..\\x']) {
  test(`the path ${JSON.stringify(path)} is refused`, async (t) => {
    await t.throwsAsync(containedPath(nodeFileSystem, '/nowhere/root', path), { instanceOf: InvalidResourceError });
  });
}

test('a link that leads out is refused, as the last part and on the way', async (t) => {
  const { root, outside, dispose } = await place();
  await writeFile(join(outside, 'secret.yaml'), 'secret');
  await symlink(join(outside, 'secret.yaml'), join(root, 'file.yaml'));
  await symlink(outside, join(root, 'folder'));
  await symlink(join(outside, 'not-yet.yaml'), join(root, 'dangling.yaml'));
  await symlink('loop', join(root, 'loop'));
  for (const path of ['file.yaml', 'folder/secret.yaml', 'folder/new.yaml', 'dangling.yaml', 'dangling.yaml/x']) {
    await t.throwsAsync(containedPath(nodeFileSystem, root, path), { instanceOf: InvalidResourceError }, path);
  }
  await t.throwsAsync(containedPath(nodeFileSystem, root, 'loop'), { code: 'ELOOP' });
  await dispose();
});

test('a link that stays inside is followed, and a root that is a link itself is a root like any other', async (t) => {
  const { root, outside, dispose } = await place();
  await writeFile(join(root, 'real.yaml'), '');
  await symlink('real.yaml', join(root, 'link.yaml'));
  t.is(await containedPath(nodeFileSystem, root, 'link.yaml'), join(root, 'real.yaml'));
  await symlink(root, join(outside, 'root-link'));
  t.is(await containedPath(nodeFileSystem, join(outside, 'root-link'), 'real.yaml'), join(root, 'real.yaml'));
  await dispose();
});

test('a neighbour whose name begins alike is not inside', (t) => {
  t.true(isInside('/data/root', '/data/root/a'));
  t.true(isInside('/data/root', '/data/root/..a'));
  t.false(isInside('/data/root', '/data/root-2/a'));
  t.false(isInside('/data/root', '/data'));
});
