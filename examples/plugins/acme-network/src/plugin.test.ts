import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { SystemClock } from 'koreo-kernel';
import {
  ConflictError,
  FunctionError,
  InvalidResourceError,
  type Json,
  type RecordedPlugin,
  type ResourceRef,
  RunBudget,
  recordPlugin,
  UnavailableError,
} from 'koreo-kernel/plugin';
import { resourceHandlerContract, storeContract } from 'koreo-kernel/testing/contracts';
import plugin from './index.js';

const HOST = { apiVersion: 'network.acme.example/v1', kind: 'HostEntry' };

function record(baseDirectory: string): RecordedPlugin {
  return recordPlugin(plugin, { options: { hostsFile: 'hosts' }, baseDirectory });
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'network-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function openStore(folder: string) {
  const [type] = record(folder).storeType;
  if (type === undefined) throw new Error('the plug-in brings no type of store');
  const context = { name: 'machines', baseDirectory: folder, clock: new SystemClock() };
  return type.create(context, { root: 'manifests', log: 'audit.log' });
}

test('cidr_host counts addresses', () => {
  const [definition] = record('.').function;
  const call = (...args: Json[]) => definition?.call(args, new RunBudget().evaluation());
  assert.equal(call('10.0.0.0/24', 5), '10.0.0.5');
  assert.equal(call('10.0.0.77/24', -2), '10.0.0.254');
  assert.equal(call('255.255.255.255/0', 256), '0.0.1.0');
  for (const [network, host] of [
    ['10.0.0.0/24', 256],
    ['10.0.0.0/33', 1],
    ['10.0.0/24', 1],
    ['10.0.0.999/24', 1],
    ['', 1],
  ] as const) {
    assert.throws(() => call(network, host), FunctionError);
  }
});

test('entries are lines of the hosts file, and what else is in it stays', async (t) => {
  const folder = await temporary(t);
  const file = join(folder, 'hosts');
  await writeFile(file, '# by hand\n127.0.0.1 localhost\n');
  const [handler] = record(folder).resourceHandler;
  if (handler === undefined) throw new Error('the plug-in brings no handler');
  const spec = { address: '10.0.0.5', aliases: ['www'] };
  const created = await handler.create({ ...HOST, metadata: { name: 'web' }, spec }, {});
  await handler.create({ ...HOST, metadata: { name: 'db' }, spec: { address: '10.0.0.6' } }, {});
  assert.equal(await readFile(file, 'utf8'), '# by hand\n127.0.0.1 localhost\n10.0.0.5 web www\n10.0.0.6 db\n');
  const ref = { ...HOST, name: 'web' };
  await handler.patch(ref, { spec: { address: '10.0.0.7' } }, { revision: created.metadata.resourceVersion ?? '' });
  assert.equal(await readFile(file, 'utf8'), '# by hand\n127.0.0.1 localhost\n10.0.0.7 web www\n10.0.0.6 db\n');
  const revision = created.metadata.resourceVersion ?? '';
  await assert.rejects(handler.remove(ref, { revision }), ConflictError);
  await handler.remove(ref, {});
  assert.equal(await readFile(file, 'utf8'), '# by hand\n127.0.0.1 localhost\n10.0.0.6 db\n');
  for (const bad of [{ address: 'x' }, { address: '10.0.0.1', aliases: ['a\nb'] }, { address: '10.0.0.1', port: 1 }]) {
    await assert.rejects(handler.create({ ...HOST, metadata: { name: 'bad' }, spec: bad }, {}), InvalidResourceError);
  }
  await assert.rejects(handler.create({ ...HOST, metadata: { name: 'a b' }, spec }, {}), InvalidResourceError);
});

test('every write is noted before it is done, and without the note it is not done', async (t) => {
  const folder = await temporary(t);
  const store = openStore(folder);
  t.after(() => store.close());
  const machine = {
    apiVersion: 'v1',
    kind: 'Machine',
    metadata: { name: 'one', namespace: 'a' },
    spec: { key: 'secret' },
  };
  const ref: ResourceRef = { apiVersion: 'v1', kind: 'Machine', name: 'one', namespace: 'a' };
  await store.create(machine);
  await store.patchStatus(ref, { status: { ready: true } });
  await store.delete(ref);
  const log = await readFile(join(folder, 'audit.log'), 'utf8');
  assert.match(log, /^\S+Z create Machine a\/one\n\S+Z patchStatus Machine a\/one\n\S+Z delete Machine a\/one\n$/);
  await rm(join(folder, 'audit.log'));
  await writeFile(join(folder, 'in-the-way'), '');
  const [type] = record(folder).storeType;
  const context = { name: 'machines', baseDirectory: folder, clock: new SystemClock() };
  const unnoted = type?.create(context, { root: 'manifests', log: 'in-the-way/audit.log' });
  t.after(() => unnoted?.close());
  await assert.rejects(async () => unnoted?.create(machine), UnavailableError);
  assert.equal(await unnoted?.get(ref), undefined);
});

const handlerCases = resourceHandlerContract(
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'network-'));
    const file = join(folder, 'hosts');
    const [handler] = record(folder).resourceHandler;
    if (handler === undefined) throw new Error('the plug-in brings no handler');
    const spec = { address: '10.0.0.5', aliases: ['www'] };
    const lines = async (): Promise<string[]> => {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '');
    };
    const without = async (name: string): Promise<string[]> =>
      (await lines()).filter((line) => line.split(' ')[1] !== name);
    return {
      handler,
      samples: {
        resource: (name) => ({ ...HOST, metadata: { name }, spec }),
        changes: [{ address: '10.0.0.6' }, { aliases: ['shop', 'wiki'] }],
        refused: [{ address: 'x' }, { ...spec, aliases: ['a\nb'] }, { ...spec, port: 1 }].map((bad) => ({
          ...HOST,
          metadata: { name: 'one' },
          spec: bad,
        })),
      },
      outside: {
        look: async ({ name }) => (await lines()).find((line) => line.split(' ')[1] === name),
        put: async ({ metadata: { name }, spec: wanted }) => {
          const { address, aliases } = wanted as typeof spec;
          const others = await without(name);
          await writeFile(file, [...others, [address, name, ...aliases].join(' '), ''].join('\n'));
        },
        remove: async ({ name }) => writeFile(file, [...(await without(name)), ''].join('\n')),
        // A folder where the file should be.
        breakDown: async () => {
          const text = await readFile(file, 'utf8');
          await rm(file);
          await mkdir(file);
          return async () => {
            await rm(file, { recursive: true });
            await writeFile(file, text);
          };
        },
      },
      dispose: () => rm(folder, { recursive: true, force: true }),
    };
  },
  { watches: false },
);
for (const { title, run } of handlerCases) test(`host entries: ${title}`, run);

const cases = storeContract(
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'network-'));
    const store = openStore(folder);
    return {
      store,
      authorsPart: async ({ namespace = '', kind, name }) =>
        readFile(join(folder, 'manifests', namespace, kind, `${name}.yaml`), 'utf8').catch(() => undefined),
      dispose: async () => {
        await store.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  { anyKind: true, holdsDeletion: true, uidPerLife: false, shared: false, outside: false },
);
for (const { title, run } of cases) test(title, run);
