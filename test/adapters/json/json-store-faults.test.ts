import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import test from 'ava';
import { ConflictError, ForbiddenError, InvalidResourceError, UnavailableError } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { type FileSystem, nodeFileSystem } from '../../../adapters/files/file-system.js';
import { EventLog } from '../../contract/store.js';
import { healthOf, ORDER, order, orderRef, Shop, told } from './shop.js';

const TWO = '{"orders": [\n  {"id": "a", "n": 1},\n  {"id": "b", "n": 2}\n]}\n';
const BROKEN = '{"orders": [\n  {"id": "a", "n": 1},\n  {"id": ';
const SETTLE_MS = 250;

/** An error of the operating system. */
function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as a test wants it`), { code });
}

/** The disk of this machine, on which writing a text that the pattern matches fails. */
function failingDisk(pattern: RegExp, code: string): FileSystem {
  return {
    ...nodeFileSystem,
    openNew: async (path, mode) => {
      const file = await nodeFileSystem.openNew(path, mode);
      const write = async (content: Uint8Array): Promise<void> => {
        if (pattern.test(Buffer.from(content).toString())) throw systemError(code);
        await file.write(content);
      };
      return { ...file, write };
    },
  };
}

for (const [what, pattern] of [
  ['the document', /"orders"/],
  ['anything', /./],
] as const) {
  test(`on a full disk a write of ${what} fails, and nothing is lost or left behind`, async (t) => {
    const shop = new Shop(t, TWO);
    const store = shop.open({ fileSystem: failingDisk(pattern, 'ENOSPC') });
    const log = await EventLog.synced(store, ORDER);
    const error = await t.throwsAsync(store.patch(orderRef('a'), { spec: { n: 7 } }), { instanceOf: UnavailableError });
    t.regex(error.message, /disk is full/);
    t.is(shop.text, TWO);
    t.deepEqual(shop.files, ['shop.json']);
    t.deepEqual((await store.get(orderRef('a')))?.spec, { id: 'a', n: 1 });
    t.deepEqual(log.story, ['added a', 'added b', 'synced']);
    log.stop();
    await shop.open().patch(orderRef('a'), { spec: { n: 8 } });
    t.deepEqual((await store.get(orderRef('a')))?.spec, { id: 'a', n: 8 });
  });
}

test('when the record is written and the item is not, what is read is what is on the disk', async (t) => {
  const shop = new Shop(t, TWO);
  const store = shop.open({ fileSystem: failingDisk(/"orders"/, 'ENOSPC') });
  const labelled = { ...order('c'), metadata: { name: 'c', labels: { x: 'y' } } };
  await t.throwsAsync(store.create(labelled), { instanceOf: UnavailableError });
  t.is(await store.get(orderRef('c')), undefined);
  const healed = shop.open();
  const created = await healed.create(order('c'));
  t.is(created.metadata.labels, undefined);
});

test('in a folder that is read-only, reading works and writing is forbidden', async (t) => {
  const shop = new Shop(t, TWO);
  const refuse = async (): Promise<never> => {
    throw systemError('EACCES');
  };
  const store = shop.open({ fileSystem: { ...nodeFileSystem, openNew: refuse, makeFolder: refuse } });
  t.is((await store.list(ORDER)).items.length, 2);
  await t.throwsAsync(store.patch(orderRef('a'), { spec: { n: 7 } }), { instanceOf: ForbiddenError });
  await t.notThrowsAsync(store.patch(orderRef('a'), { spec: { n: 1 } }), 'nothing to write');
});

test('what an editor saves at the same moment is kept, and the write is made on top of it', async (t) => {
  const shop = new Shop(t, TWO);
  let saves = 0;
  const store = shop.open({
    fileSystem: {
      ...nodeFileSystem,
      // The last step before the store looks whether the document is still what it read.
      openNew: async (path, mode) => {
        if (path.endsWith('.tmp') && !path.includes('.koreo/') && saves < 2) {
          saves += 1;
          shop.text = shop.text.replace('"n": 2', `"n": 2${saves}`);
        }
        return nodeFileSystem.openNew(path, mode);
      },
    },
  });
  const patched = await store.patch(orderRef('a'), { spec: { n: 7 } });
  t.is(saves, 2);
  t.deepEqual(patched.spec, { id: 'a', n: 7 });
  t.is(shop.text, TWO.replace('"n": 1', '"n": 7').replace('"n": 2', '"n": 221'));
});

test('a guarded write that an editor was quicker than is a conflict', async (t) => {
  const shop = new Shop(t, TWO);
  let saved = false;
  const store = shop.open({
    fileSystem: {
      ...nodeFileSystem,
      openNew: async (path, mode) => {
        if (path.endsWith('.tmp') && !saved) {
          saved = true;
          shop.text = shop.text.replace('"n": 1', '"n": 5');
        }
        return nodeFileSystem.openNew(path, mode);
      },
    },
  });
  const revision = (await store.get(orderRef('a')))?.metadata.resourceVersion ?? '';
  await t.throwsAsync(store.patch(orderRef('a'), { spec: { n: 7 } }, { revision }), { instanceOf: ConflictError });
  t.is(shop.text, TWO.replace('"n": 1', '"n": 5'));
});

test('a document that is half written is waited for', async (t) => {
  const shop = new Shop(t, TWO);
  const clock = new VirtualClock();
  const store = shop.open({ clock, settleMs: SETTLE_MS });
  t.is((await store.list(ORDER)).items.length, 2);
  shop.text = BROKEN;
  t.is((await store.list(ORDER)).items.length, 2);
  t.deepEqual(await healthOf(store), { state: 'healthy', problems: [] });
  shop.text = TWO.replace('"n": 2', '"n": 3');
  t.deepEqual((await store.get(orderRef('b')))?.spec, { id: 'b', n: 3 });
  t.deepEqual(await healthOf(store), { state: 'healthy', problems: [] });
});

test('a write waits while the document is half written', async (t) => {
  const shop = new Shop(t, TWO);
  let looks = 0;
  const stat: FileSystem['stat'] = async (path) => {
    if (path === shop.path && shop.text === BROKEN) {
      looks += 1;
      if (looks === 3) shop.text = TWO.replace('"n": 2', '"n": 3');
    }
    return nodeFileSystem.stat(path);
  };
  const store = shop.open({ settleMs: 10_000, fileSystem: { ...nodeFileSystem, stat } });
  await store.list(ORDER);
  shop.text = BROKEN;
  await store.patch(orderRef('a'), { spec: { n: 7 } });
  t.is(looks, 3);
  t.is(shop.text, TWO.replace('"n": 1', '"n": 7').replace('"n": 2', '"n": 3'));
});

test('a document that stays broken is told with its place, its last good state stays in force, and it is not written', async (t) => {
  const shop = new Shop(t, TWO);
  const store = shop.open({ settleMs: 30 });
  const log = await EventLog.synced(store, ORDER);
  shop.text = BROKEN;
  const error = await t.throwsAsync(store.patch(orderRef('a'), { spec: { n: 7 } }), { instanceOf: UnavailableError });
  t.regex(error.message, /shop\.json:3:\d+/);
  const { state, problems } = await healthOf(store);
  t.is(state, 'degraded');
  t.deepEqual(told(problems), [
    'document-syntax shop.json:3:10 a value is expected here (perhaps there is a comma too many)',
  ]);
  t.is((await store.list(ORDER)).items.length, 2);
  t.is(shop.text, BROKEN);
  t.deepEqual(log.story, ['added a', 'added b', 'synced']);
  shop.text = TWO.replace('"n": 2', '"n": 3');
  await log.resource('modified', 'b');
  t.deepEqual(await healthOf(store), { state: 'healthy', problems: [] });
  log.stop();
});

test('a store that begins on a broken document says so, refuses to guess, and begins when it is mended', async (t) => {
  const shop = new Shop(t, BROKEN);
  const store = shop.open();
  const log = await EventLog.synced(store, ORDER);
  t.deepEqual(log.story, ['synced']);
  await t.throwsAsync(store.get(orderRef('a')), { instanceOf: UnavailableError, message: /shop\.json:3:/ });
  await t.throwsAsync(store.list(ORDER), { instanceOf: UnavailableError });
  await t.throwsAsync(store.create(order('a')), { instanceOf: UnavailableError });
  t.is((await healthOf(store)).state, 'degraded');
  shop.text = TWO;
  await log.resource('added', 'b');
  t.deepEqual(log.story, ['synced', 'added a', 'added b']);
  t.is((await healthOf(store)).state, 'healthy');
  log.stop();
});

const unreadable: readonly [what: string, content: string | Buffer, problem: RegExp][] = [
  ['an empty file', '', /document-syntax shop\.json:1:1 the document is empty/],
  ['what is not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /document-unreadable .*not UTF-8/],
  ['what is nested too deep', '['.repeat(1000), /document-syntax shop\.json:1:101 nested deeper/],
  [
    'what is too large',
    `{"orders": [], "x": "${'x'.repeat(3000)}"}`,
    /document-unreadable .*larger than the limit of 2000/,
  ],
];
for (const [what, content, problem] of unreadable) {
  test(`${what} is no document, and the last good one stays in force`, async (t) => {
    const shop = new Shop(t, TWO);
    const store = shop.open({ settleMs: 0, maxBytes: 2000 });
    await store.list(ORDER);
    writeFileSync(shop.path, content);
    t.is((await store.list(ORDER)).items.length, 2);
    t.regex(told((await healthOf(store)).problems).join('\n'), problem);
    await t.throwsAsync(store.create(order('c')), { instanceOf: UnavailableError });
    t.deepEqual(readFileSync(shop.path), Buffer.from(content));
  });
}

test('a document that vanishes is given time to come back', async (t) => {
  const shop = new Shop(t, TWO);
  const clock = new VirtualClock();
  const store = shop.open({ clock, settleMs: SETTLE_MS });
  const log = await EventLog.synced(store, ORDER);
  rmSync(shop.path);
  await store.refresh();
  t.is((await store.list(ORDER)).items.length, 2);
  shop.text = TWO;
  await store.refresh();
  await clock.advance(2 * SETTLE_MS);
  await store.refresh();
  t.deepEqual(log.story, ['added a', 'added b', 'synced']);
  log.stop();
});

test('a document that is gone for good takes its items with it, and can be made anew', async (t) => {
  const shop = new Shop(t, TWO);
  const store = shop.open({ settleMs: 30 });
  const log = await EventLog.synced(store, ORDER);
  rmSync(shop.path);
  await log.resource('deleted', 'b');
  t.deepEqual((await store.list(ORDER)).items, []);
  t.deepEqual(await healthOf(store), { state: 'healthy', problems: [] });
  await store.create(order('c'));
  t.deepEqual(JSON.parse(shop.text), { orders: [{ id: 'c' }] });
  log.stop();
});

test('a document that vanishes between the look and the reading is as one that vanished', async (t) => {
  const shop = new Shop(t, TWO);
  let vanish = false;
  const store = shop.open({
    settleMs: 0,
    fileSystem: {
      ...nodeFileSystem,
      openToRead: async (path) => {
        if (vanish) rmSync(path, { force: true });
        return nodeFileSystem.openToRead(path);
      },
    },
  });
  t.is((await store.list(ORDER)).items.length, 2);
  vanish = true;
  shop.text = TWO.replace('"n": 2', '"n": 3');
  t.deepEqual((await store.list(ORDER)).items, []);
});

test('a document that would become too large is not written', async (t) => {
  const shop = new Shop(t, TWO);
  const store = shop.open({ maxBytes: 200 });
  await t.throwsAsync(store.create(order('c', { text: 'x'.repeat(300) })), {
    instanceOf: InvalidResourceError,
    message: /maxBytes/,
  });
  t.is(shop.text, TWO);
  await t.notThrowsAsync(store.create(order('c')));
});

test('a side file that is broken is told, and never written over', async (t) => {
  const shop = new Shop(t, TWO);
  const store = shop.open({ settleMs: 0 });
  await store.patchStatus(orderRef('a'), { status: { ready: true } });
  writeFileSync(shop.sidePath, '{"resources": [');
  t.deepEqual((await store.get(orderRef('a')))?.status, { ready: true });
  t.regex(told((await healthOf(store)).problems).join(), /^document-syntax \.koreo\/shop\.status\.json:1:16 /);
  await t.throwsAsync(store.patchStatus(orderRef('b'), { status: { ready: true } }), { instanceOf: UnavailableError });
  t.is(readFileSync(shop.sidePath, 'utf8'), '{"resources": [');
});

test('writes that come together are made in one step', async (t) => {
  const shop = new Shop(t, TWO);
  let written = 0;
  const rename: FileSystem['rename'] = async (path, newPath) => {
    if (newPath === shop.path) written += 1;
    await nodeFileSystem.rename(path, newPath);
  };
  const store = shop.open({ fileSystem: { ...nodeFileSystem, rename } });
  const creates = Array.from({ length: 50 }, (_, index) => store.create(order(`n${index}`)));
  const failing = store.create(order('a'));
  await t.throwsAsync(failing, { name: 'AlreadyExistsError' });
  await Promise.all(creates);
  t.is((await store.list(ORDER)).items.length, 52);
  t.is(written, 1);
});

test('what changes nothing writes nothing, not even a lock', async (t) => {
  const shop = new Shop(t, TWO);
  let opened = 0;
  const openNew: FileSystem['openNew'] = (path, mode) => {
    opened += 1;
    return nodeFileSystem.openNew(path, mode);
  };
  const store = shop.open({ fileSystem: { ...nodeFileSystem, openNew } });
  await store.patchStatus(orderRef('a'), { status: { ready: true } });
  opened = 0;
  await store.patchStatus(orderRef('a'), { status: { ready: true } });
  await store.patch(orderRef('a'), { spec: { n: 1 } });
  await store.apply(order('b', { n: 2 }));
  await store.delete(orderRef('nobody'));
  await t.throwsAsync(store.create(order('a')));
  await t.throwsAsync(store.patch(orderRef('a'), { spec: { n: 3 } }, { uid: 'another' }));
  t.is(opened, 0);
});

test('a document that is only laid out anew is no news', async (t) => {
  const shop = new Shop(t, TWO);
  const store = shop.open();
  const log = await EventLog.synced(store, ORDER);
  shop.text = JSON.stringify(JSON.parse(TWO), null, 8);
  await store.refresh();
  t.deepEqual(log.story, ['added a', 'added b', 'synced']);
  log.stop();
});

test('two processes that write one document lose nothing', async (t) => {
  const shop = new Shop(t, TWO);
  const adapter = new URL('../../../adapters/json/index.js', import.meta.url).href;
  const script = `
    import { createJsonStore } from ${JSON.stringify(adapter)};
    const [, who] = process.argv;
    const kind = ${JSON.stringify(ORDER)};
    const collections = [{ at: '/orders', ...kind, name: 'id' }];
    const store = createJsonStore({ baseDirectory: ${JSON.stringify(shop.folder)}, file: 'shop.json', collections });
    for (let n = 0; n < 10; n++) {
      await store.create({ ...kind, metadata: { name: who + n }, spec: {} });
      await store.patch({ ...kind, name: 'a' }, { spec: { [who]: n } });
    }
    await store.close();`;
  const run = (who: string) => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, who]);
  await Promise.all([run('x'), run('y')]);
  const { orders } = JSON.parse(shop.text) as { orders: { id: string; x?: number; y?: number }[] };
  t.is(orders.length, 22);
  t.like(orders[0], { id: 'a', n: 1, x: 9, y: 9 });
  t.deepEqual(shop.files, ['shop.json']);
});
