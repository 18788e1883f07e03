import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Resource, ResourceRef } from 'koreo-kernel';
import { Folder } from '../../../adapters/files/folder.js';
import { patchedRecord, SideRecords, withSideRecord } from '../../../adapters/files/side-records.js';

const REF: ResourceRef = { apiVersion: 'example.org/v1', kind: 'Thing', name: 'one', namespace: 'default' };

async function records(
  t: ExecutionContext,
): Promise<{ root: string; open(): SideRecords; files(): Promise<string[]> }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'koreo-side-')));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const files = async () => {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  };
  return { root, open: () => new SideRecords(new Folder(root)), files };
}

test('a record is kept in a file that people can find and read, and is there for others', async (t) => {
  const { root, open, files } = await records(t);
  const record = patchedRecord(undefined, { status: { ready: true }, annotations: { note: 'n' } });
  await open().write(REF, record, { file: 'a.yaml' });
  const [path = '', ...others] = await files();
  t.deepEqual(others, []);
  t.regex(path, /^\.koreo\/status\/default\/Thing\.example\.org\/one~[0-9a-f]{10}\.json$/);
  t.deepEqual(JSON.parse(await readFile(join(root, path), 'utf8')), {
    ...REF,
    file: 'a.yaml',
    annotations: { note: 'n' },
    status: { ready: true },
  });
  t.deepEqual(await open().read(REF), record);
});

test('a record that becomes empty is removed, with its folders', async (t) => {
  const { root, open, files } = await records(t);
  const side = open();
  const record = patchedRecord(undefined, { status: { ready: true } });
  await side.write(REF, record);
  await side.write(REF, patchedRecord(record, { status: { ready: null } }));
  t.is(await side.read(REF), undefined);
  t.deepEqual(await files(), []);
  t.deepEqual(await readdir(root), []);
});

test('a refresh tells which records others wrote, changed and removed, and keeps the same object for the same content', async (t) => {
  const { open } = await records(t);
  const [ours, theirs] = [open(), open()];
  t.deepEqual(await ours.refresh(), []);
  await theirs.write(REF, patchedRecord(undefined, { status: { a: 1 } }));
  t.deepEqual(await ours.refresh(), [REF]);
  const first = ours.peek(REF);
  t.deepEqual(await ours.refresh(), []);
  t.is(ours.peek(REF), first);
  await theirs.write(REF, patchedRecord(undefined, { status: { a: 2 } }));
  t.deepEqual(await ours.refresh(), [REF]);
  t.deepEqual(ours.peek(REF)?.status, { a: 2 });
  await theirs.remove(REF);
  t.deepEqual(await ours.refresh(), [REF]);
  t.is(ours.peek(REF), undefined);
});

test('a damaged record counts as none, and is written anew', async (t) => {
  const { root, open, files } = await records(t);
  const record = patchedRecord(undefined, { status: { a: 1 } });
  await open().write(REF, record);
  const [path = ''] = await files();
  for (const damage of ['', '{', '[]', '{"status": {"a": 1}}']) {
    await writeFile(join(root, path), damage);
    const side = open();
    t.is(await side.read(REF), undefined);
    await side.write(REF, record);
    t.deepEqual(await side.read(REF), record);
  }
});

test('resources that differ in version, kind or namespace alone have records of their own', async (t) => {
  const { open, files } = await records(t);
  const side = open();
  const refs: readonly ResourceRef[] = [
    REF,
    { ...REF, apiVersion: 'example.org/v2' },
    { ...REF, kind: 'thing' },
    { ...REF, namespace: '_cluster' },
    { apiVersion: REF.apiVersion, kind: REF.kind, name: REF.name },
    { ...REF, name: 'One' },
  ];
  for (const [index, ref] of refs.entries()) await side.write(ref, patchedRecord(undefined, { status: { index } }));
  for (const [index, ref] of refs.entries()) t.deepEqual((await open().read(ref))?.status, { index });
  const paths = await files();
  t.is(new Set(paths.map((path) => path.toLowerCase())).size, refs.length);
});

test('the record lies over what the author wrote', (t) => {
  const resource: Resource = {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name: 'one', annotations: { author: 'a', both: 'author' } },
    status: { author: 1, both: 1 },
  };
  const record = patchedRecord(undefined, { status: { both: 2, kernel: 2 }, annotations: { both: 'kernel' } });
  t.like(withSideRecord(resource, record), {
    metadata: { annotations: { author: 'a', both: 'kernel' } },
    status: { author: 1, both: 2, kernel: 2 },
  });
  t.is(withSideRecord(resource, undefined), resource);
});
