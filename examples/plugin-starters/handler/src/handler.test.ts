import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  AlreadyExistsError,
  ConflictError,
  InvalidResourceError,
  NotFoundError,
  type Resource,
  recordPlugin,
  type StoreEvent,
} from 'koreo-kernel/plugin';
import { VirtualClock } from 'koreo-kernel/testing';
import plugin from './index.js';

const ENV_FILE = { apiVersion: 'env.example.com/v1', kind: 'EnvFile' };
const ref = { ...ENV_FILE, name: 'shop' };

function envFile(variables: Record<string, string>, name = 'shop'): Resource {
  return { ...ENV_FILE, metadata: { name }, spec: { variables } };
}

/** The plug-in on a folder of its own, in virtual time. */
async function setUp(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'env-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  const clock = new VirtualClock();
  const incidents: unknown[] = [];
  const recorded = recordPlugin(plugin, {
    options: { root: 'files', pollSeconds: 5 },
    baseDirectory: root,
    clock,
    incident: (error) => incidents.push(error),
  });
  const [handler] = recorded.resourceHandler;
  if (handler === undefined) throw new Error('the plug-in brings no handler');
  const file = (name: string): string => join(root, 'files', `${name}.env`);
  return { handler, clock, incidents, file };
}

test('a resource is a file', async (t) => {
  const { handler, file } = await setUp(t);
  assert.equal(await handler.read(ref, {}), undefined);
  const created = await handler.create(envFile({ PORT: '80', NAME: 'my shop' }), {});
  assert.equal(await readFile(file('shop'), 'utf8'), 'PORT=80\nNAME="my shop"\n');
  assert.deepEqual(await handler.read(ref, {}), created);
  await handler.remove(ref, {});
  await handler.remove(ref, {});
  assert.equal(await handler.read(ref, {}), undefined);
});

test('a patch keeps what it does not speak of, comments too, and a null takes away', async (t) => {
  const { handler, file } = await setUp(t);
  await handler.create(envFile({ PORT: '80', OLD: '1' }), {});
  await writeFile(file('shop'), '# the shop\nPORT=80\nOLD=1\nOWN=mine\n');
  const patched = await handler.patch(ref, { spec: { variables: { PORT: '8080', OLD: null } } }, {});
  assert.equal(await readFile(file('shop'), 'utf8'), '# the shop\nPORT=8080\nOWN=mine\n');
  assert.deepEqual(patched.spec, { variables: { PORT: '8080', OWN: 'mine' } });
  const again = await handler.apply(envFile({ PORT: '8080' }), {});
  assert.equal(again.metadata.resourceVersion, patched.metadata.resourceVersion);
});

test('a write that was computed from something older is a conflict', async (t) => {
  const { handler, file } = await setUp(t);
  const { metadata } = await handler.create(envFile({ PORT: '80' }), {});
  const revision = metadata.resourceVersion ?? '';
  await writeFile(file('shop'), 'PORT=81\n');
  const patch = { spec: { variables: { PORT: '82' } } };
  await assert.rejects(handler.patch(ref, patch, { revision }), ConflictError);
  await assert.rejects(handler.remove(ref, { revision }), ConflictError);
  await assert.rejects(handler.remove(ref, { uid: 'another' }), ConflictError);
  assert.equal(await readFile(file('shop'), 'utf8'), 'PORT=81\n');
});

test('of patches at the same time none is lost', async (t) => {
  const { handler } = await setUp(t);
  await handler.create(envFile({}), {});
  const names = Array.from({ length: 8 }, (_, index) => `V${index}`);
  await Promise.all(names.map((name) => handler.patch(ref, { spec: { variables: { [name]: '1' } } }, {})));
  assert.deepEqual((await handler.read(ref, {}))?.spec, {
    variables: Object.fromEntries(names.map((name) => [name, '1'])),
  });
});

test('what cannot be is refused, and says so without a value', async (t) => {
  const { handler } = await setUp(t);
  await handler.create(envFile({}), {});
  await assert.rejects(handler.create(envFile({}), {}), AlreadyExistsError);
  await assert.rejects(handler.patch({ ...ref, name: 'nobody' }, { spec: {} }, {}), NotFoundError);
  for (const name of ['../shop', 'a/b', '', '.hidden', 'nul\0']) {
    await assert.rejects(handler.create(envFile({}, name), {}), InvalidResourceError, name);
    await assert.rejects(async () => handler.read({ ...ENV_FILE, name }, {}), InvalidResourceError, name);
  }
  const bad = [{ 'A B': 'x' }, { A: 7 as unknown as string }, { A: { secret: 1 } as unknown as string }];
  for (const variables of bad)
    await assert.rejects(handler.create(envFile(variables, 'bad'), {}), InvalidResourceError);
  await assert.rejects(handler.patch(ref, { spec: { other: 1 } }, {}), /`spec.other` is nothing of an EnvFile/);
});

test('a call that is aborted rejects, and writes nothing', async (t) => {
  const { handler } = await setUp(t);
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(handler.create(envFile({}), { signal }), /enough/);
  assert.equal(await handler.read(ref, {}), undefined);
});

test('a watch tells what is there, and what others change', async (t) => {
  const { handler, clock, file, incidents } = await setUp(t);
  await handler.create(envFile({ PORT: '80' }), {});
  const told: string[] = [];
  const watching = handler.watch?.(ENV_FILE, {}).subscribe((event: StoreEvent) => {
    told.push(event.type === 'synced' ? 'synced' : `${event.type} ${event.resource.metadata.name}`);
  });
  t.after(() => watching?.unsubscribe());
  /** Lets time pass, and files be read meanwhile, until that many events have been told. */
  const until = async (count: number): Promise<void> => {
    for (let look = 0; told.length < count && look < 1000; look++) {
      await clock.advance(5000);
      await setImmediate();
    }
  };
  await until(2);
  await writeFile(file('shop'), 'PORT=81\n');
  await until(3);
  await writeFile(file('wiki'), 'PORT=82\n');
  await until(4);
  await writeFile(file('broken'), 'what is this\n');
  await rm(file('shop'));
  await until(5);
  assert.deepEqual(told, ['added shop', 'synced', 'modified shop', 'added wiki', 'deleted shop']);
  assert.match(String(incidents[0]), /broken\.env: line 1 is neither/);
});
