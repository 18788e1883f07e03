import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { type Resource, recordPlugin, refKey, refOf, type Store, UnavailableError } from 'koreo-kernel/plugin';
import { VirtualClock } from 'koreo-kernel/testing';
import { EventLog, storeContract } from 'koreo-kernel/testing/contracts';
import plugin from './index.js';
import type { Entry } from './journal.js';

const NOTE = { apiVersion: 'example.com/v1', kind: 'Note' };

/** Opens a store as the kernel does. */
function openStore(folder: string, clock = new VirtualClock()): Store {
  const [type] = recordPlugin(plugin).storeType;
  if (type === undefined) throw new Error('the plug-in brings no type of store');
  return type.create({ name: 'notes', baseDirectory: folder, clock }, { file: 'notes.jsonl' });
}

async function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'journal-'));
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await makeFolder();
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What the journal says, read by somebody who knows nothing of the store. */
async function replay(folder: string): Promise<ReadonlyMap<string, Resource>> {
  const text = await readFile(join(folder, 'notes.jsonl'), 'utf8').catch(() => '');
  const found = new Map<string, Resource>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const entry = JSON.parse(line) as Entry;
    if (entry.type === 'put') found.set(refKey(refOf(entry.resource)), entry.resource);
    else found.delete(refKey(entry.ref));
  }
  return found;
}

// All that koreo relies on: every store of its own passes the same cases.
const cases = storeContract(
  async () => {
    const folder = await makeFolder();
    const store = openStore(folder);
    return {
      store,
      authorsPart: async (ref) => (await replay(folder)).get(refKey(ref))?.spec,
      dispose: async () => {
        await store.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  { anyKind: true, shared: false, outside: false },
);
for (const { title, run } of cases) test(title, run);

test('what was written is there when the journal is opened again', async (t) => {
  const folder = await temporary(t);
  const first = openStore(folder);
  const note = await first.create({ ...NOTE, metadata: { name: 'one', namespace: 'a' }, spec: { text: 'x' } });
  const told = await first.patchStatus(refOf(note), { status: { read: true } });
  await first.close();
  const second = openStore(folder);
  t.after(() => second.close());
  assert.deepEqual(await second.get(refOf(note)), told);
});

test('a line that a crash has cut off was not written, and is not in the way', async (t) => {
  const folder = await temporary(t);
  const first = openStore(folder);
  const one = await first.create({ ...NOTE, metadata: { name: 'one' } });
  await first.close();
  await appendFile(join(folder, 'notes.jsonl'), '{"type":"put","resource":{"apiVer');
  const second = openStore(folder);
  t.after(() => second.close());
  assert.deepEqual((await second.list(NOTE)).items, [one]);
  await second.create({ ...NOTE, metadata: { name: 'two' } });
  assert.deepEqual([...(await replay(folder)).values()], (await second.list(NOTE)).items);
});

test('a broken line is told with its number, nothing is written, and all goes on when it is mended', async (t) => {
  const folder = await temporary(t);
  const clock = new VirtualClock();
  await writeFile(join(folder, 'notes.jsonl'), '{"type":"delete","ref":{}}\nsecret\n');
  const store = openStore(folder, clock);
  t.after(() => store.close());
  const log = new EventLog(store.watch(NOTE));
  await assert.rejects(store.create({ ...NOTE, metadata: { name: 'one' } }), (error) => {
    assert.ok(error instanceof UnavailableError);
    assert.match(error.message, /notes\.jsonl:2 is no entry/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  await writeFile(join(folder, 'notes.jsonl'), '');
  await store.create({ ...NOTE, metadata: { name: 'one' } });
  await clock.advance(5000);
  await log.until('synced', (events) => events.some(({ type }) => type === 'synced'));
  assert.deepEqual(log.story, ['added one', 'synced']);
  log.stop();
});

test('only one process writes to a journal, and one that was killed is not in the way', async (t) => {
  const folder = await temporary(t);
  const lock = join(folder, 'notes.jsonl.lock');
  // The process that runs this test's runner is there as long as the test is.
  await writeFile(lock, String(process.ppid));
  const store = openStore(folder);
  t.after(() => store.close());
  await assert.rejects(store.create({ ...NOTE, metadata: { name: 'one' } }), /process \d+ writes to .*: stop it first/);
  assert.deepEqual((await store.list(NOTE)).items, []);
  await writeFile(lock, '999999999');
  await store.create({ ...NOTE, metadata: { name: 'one' } });
  await store.close();
  await assert.rejects(readFile(lock), { code: 'ENOENT' });
});
