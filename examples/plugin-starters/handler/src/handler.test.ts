import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { InvalidResourceError, type Resource, recordPlugin } from 'koreo-kernel/plugin';
import { VirtualClock } from 'koreo-kernel/testing';
import { EventLog, resourceHandlerContract } from 'koreo-kernel/testing/contracts';
import plugin from './index.js';

const ENV_FILE = { apiVersion: 'env.example.com/v1', kind: 'EnvFile' };
const ref = { ...ENV_FILE, name: 'shop' };

function envFile(variables: Record<string, unknown>, name = 'shop'): Resource {
  return { ...ENV_FILE, metadata: { name }, spec: { variables } } as Resource;
}

/** The plug-in on a folder of its own, in virtual time. */
async function setUp() {
  const root = await mkdtemp(join(tmpdir(), 'env-'));
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
  const folder = join(root, 'files');
  const file = (name: string): string => join(folder, `${name}.env`);
  const dispose = (): Promise<void> => rm(root, { recursive: true, force: true });
  return { handler, clock, incidents, root, folder, file, dispose };
}

async function setUpFor(t: TestContext) {
  const made = await setUp();
  t.after(made.dispose);
  return made;
}

// All that koreo relies on: its own handlers pass the same cases.
const cases = resourceHandlerContract(async () => {
  const { handler, clock, root, folder, file, dispose } = await setUp();
  return {
    handler,
    clock,
    samples: {
      resource: (name) => envFile({ PORT: '80' }, name),
      changes: [{ variables: { PORT: '81' } }, { variables: { HOST: 'example.com' } }],
      refused: [envFile({ 'A B': 'x' }), envFile({ A: 7 }), { ...envFile({}), spec: { other: 1 } }],
    },
    outside: {
      look: async ({ name }) => readFile(file(name), 'utf8').catch(() => undefined),
      put: async ({ metadata, spec }) => {
        const { variables } = spec as { variables: Record<string, string> };
        const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
        await mkdir(folder, { recursive: true });
        await writeFile(file(metadata.name), lines.join(''));
      },
      remove: async ({ name }) => rm(file(name), { force: true }),
      // A file where the folder should be.
      breakDown: async () => {
        await mkdir(folder, { recursive: true });
        await rename(folder, `${folder}.away`);
        await writeFile(folder, '');
        return async () => {
          await rm(folder);
          await rename(`${folder}.away`, folder);
        };
      },
    },
    escapes: async () => (await readdir(root)).filter((entry) => entry !== 'files'),
    dispose,
  };
});
for (const { title, run } of cases) test(title, run);

test('a change is one of the file: comments, and variables that nobody speaks of, stay', async (t) => {
  const { handler, file } = await setUpFor(t);
  await handler.create(envFile({ PORT: '80', NAME: 'my shop' }), {});
  assert.equal(await readFile(file('shop'), 'utf8'), 'PORT=80\nNAME="my shop"\n');
  await writeFile(file('shop'), '# the shop\nPORT=80\nOLD=1\nOWN=mine\n');
  await handler.patch(ref, { spec: { variables: { PORT: '8080', OLD: null } } }, {});
  assert.equal(await readFile(file('shop'), 'utf8'), '# the shop\nPORT=8080\nOWN=mine\n');
});

test('what is refused is told without a value', async (t) => {
  const { handler } = await setUpFor(t);
  await assert.rejects(handler.create(envFile({ A: { secret: 'xyzzy' } }), {}), (error) => {
    assert.ok(error instanceof InvalidResourceError);
    assert.match(error.message, /the variable `A` is to be a text/);
    assert.doesNotMatch(error.message, /xyzzy/);
    return true;
  });
});

test('a file that is no list of variables is no resource, which is told, and can be taken away', async (t) => {
  const { handler, clock, folder, file, incidents } = await setUpFor(t);
  await mkdir(folder);
  await writeFile(file('shop'), 'what is this\n');
  await assert.rejects(async () => handler.read(ref, {}), /shop\.env: line 1 is neither/);
  const events = handler.watch?.(ENV_FILE, {});
  assert.ok(events);
  const log = new EventLog(events, () => clock.advance(5000));
  t.after(() => log.stop());
  await log.synced();
  assert.deepEqual(log.story, ['synced']);
  assert.match(String(incidents[0]), /shop\.env: line 1 is neither/);
  await handler.remove(ref, {});
  assert.equal(await handler.read(ref, {}), undefined);
});
