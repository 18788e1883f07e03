import test from 'ava';
import { createKernel, type Plugin, PluginStartError } from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { Harness, order, SHOP, start } from '../../support/kernel-harness.js';
import { living, plugin, told } from './support.js';

const world = SHOP + order('one', { count: 2 });

/** A plug-in that writes its life into a diary, in two parts. */
function diarist(name: string, diary: string[], more: Partial<Plugin> = {}): Plugin {
  return plugin(
    name,
    (registry) => {
      for (const part of ['1', '2']) {
        registry.lifecycle({
          start: async () => void diary.push(`start ${name}${part}`),
          stop: () => void diary.push(`stop ${name}${part}`),
        });
      }
    },
    more,
  );
}

test('what a plug-in starts is started in the order in which it was recorded, after its needs, and stopped in reverse', async (t) => {
  const diary: string[] = [];
  const plugins = [cel, diarist('a', diary, { requires: ['b'] }), diarist('b', diary)];
  const shop = new Harness({ plugins });
  await shop.kernel.start();
  await shop.kernel.stop();
  t.deepEqual(diary, [
    ...['start b1', 'start b2', 'start a1', 'start a2'],
    ...['stop a2', 'stop a1', 'stop b2', 'stop b1'],
  ]);
});

test('a plug-in that cannot start is out with those that need it, and all else goes on', async (t) => {
  const diary: string[] = [];
  const broken = living('broken', {
    start: () => {
      throw new Error('no port');
    },
    stop: () => void diary.push('stop broken'),
  });
  const plugins = [
    cel,
    diarist('needy', diary, { requires: ['broken'] }),
    broken,
    diarist('needier', diary, { requires: ['needy'] }),
    diarist('other', diary),
  ];
  const shop = await start(t, { plugins, world });
  t.is(shop.last('one').outcome.type, 'Retry', 'it runs');
  t.deepEqual(diary, ['stop broken', 'start other1', 'start other2']);
  t.deepEqual(told(shop), [
    "plug-in 'broken': could not start: no port",
    "plug-in 'needy': it needs plug-in 'broken', which is out",
    "plug-in 'needier': it needs plug-in 'needy', which is out",
  ]);
  t.true(shop.incidents[0]?.error instanceof PluginStartError);
  t.deepEqual(shop.kernel.plugins(), [
    { name: 'cel' },
    { name: 'needy', outage: "plug-in 'needy' is out: it needs plug-in 'broken', which is out" },
    { name: 'broken', outage: "plug-in 'broken' is out: it could not start; the log of the start says why" },
    { name: 'needier', outage: "plug-in 'needier' is out: it needs plug-in 'needy', which is out" },
    { name: 'other' },
  ]);
  await shop.kernel.stop();
  t.deepEqual(diary.slice(3), ['stop other2', 'stop other1']);
});

test('a start that never ends is cut off, told so by its signal, and stopped', async (t) => {
  const diary: string[] = [];
  const slow = living('slow', {
    start: ({ signal }) => {
      signal.addEventListener('abort', () => diary.push(`abort ${(signal.reason as Error).name}`));
      return new Promise(() => undefined);
    },
    stop: () => void diary.push('stop slow'),
  });
  const shop = new Harness({ plugins: [cel, slow], world, loop: { pluginTimeoutSeconds: 5 } });
  t.teardown(() => shop.kernel.stop());
  const started = shop.kernel.start();
  await shop.clock.advance(4999);
  t.deepEqual(diary, []);
  await shop.clock.advance(1);
  await started;
  t.deepEqual(diary, ['abort TimeoutError', 'stop slow']);
  t.deepEqual(told(shop), ["plug-in 'slow': could not start: it took longer than 5 s"]);
});

test('a stop that never ends is cut off, and the others are stopped', async (t) => {
  const diary: string[] = [];
  const stuck = living('stuck', { stop: () => new Promise(() => undefined) });
  const shop = new Harness({ plugins: [cel, diarist('a', diary), stuck] });
  await shop.kernel.start();
  const stopped = shop.kernel.stop();
  await shop.clock.advance(30_000);
  await stopped;
  t.deepEqual(diary.slice(2), ['stop a2', 'stop a1']);
  t.deepEqual(told(shop), ["plug-in 'stuck': could not stop: it took longer than 30 s"]);
  t.is(shop.clock.pending, 0);
});

test('a stop of the kernel does not wait for a plug-in that is starting', async (t) => {
  const slow = living('slow', { start: () => new Promise(() => undefined) });
  const shop = new Harness({ plugins: [cel, slow] });
  const started = shop.kernel.start();
  await shop.kernel.stop();
  await t.throwsAsync(started, { message: 'the kernel was stopped before it had started' });
  t.deepEqual(told(shop), []);
});

test('several kernels of one plug-in share nothing', async (t) => {
  const diary: string[] = [];
  const counting = plugin(
    'counting',
    (registry, { options }) => {
      let runs = 0;
      registry.observer({ name: 'counter', onRun: () => void runs++ });
      registry.lifecycle({ stop: () => void diary.push(`${options.name} ${runs}`) });
    },
    { optionsSchema: { type: 'object', properties: { name: { type: 'string' } } } },
  );
  const kernels = ['a', 'b'].map(
    (name, index) =>
      new Harness({
        plugins: [cel, { plugin: counting, options: { name } }],
        world: SHOP + order('one') + (index === 1 ? order('two') : ''),
      }),
  );
  for (const shop of kernels) {
    await shop.kernel.start();
    await shop.idle();
    await shop.kernel.stop();
  }
  t.deepEqual(diary, ['a 1', 'b 2']);
});

test('a plug-in sees the clock of the kernel, and what its timers throw is told with its name', async (t) => {
  const seen: number[] = [];
  const timed = plugin('timed', (registry, { clock, incident }) => {
    registry.lifecycle({
      start: () => {
        clock.schedule(1000, () => {
          seen.push(clock.monotonic());
          throw new Error('late');
        });
        clock.schedule(2000, async () => Promise.reject(new Error('later')));
        incident(new Error('something is odd'));
      },
    });
  });
  const shop = await start(t, { plugins: [cel, timed] });
  await shop.clock.advance(2000);
  t.is(seen.length, 1);
  t.deepEqual(told(shop), ["plug-in 'timed': something is odd", "plug-in 'timed': late", "plug-in 'timed': later"]);
});

test('a plug-in looks up the variables of the kernel, and not of the process', (t) => {
  const seen: unknown[] = [];
  const curious = plugin('curious', (_, { environment, baseDirectory }) => {
    seen.push(environment('TOKEN'), environment('PATH'), baseDirectory);
  });
  const environment = (variable: string): string | undefined => (variable === 'TOKEN' ? 'abc' : undefined);
  createKernel({ plugins: [cel, curious], stores: [new MemoryStore()], environment, baseDirectory: '/srv' });
  t.deepEqual(seen, ['abc', undefined, '/srv']);
});

test('what goes wrong before a kernel can be listened to is told when it starts', async (t) => {
  const hasty = plugin('hasty', (_, { incident }) => incident(new Error('the licence ends tomorrow')));
  const shop = new Harness({ plugins: [cel, hasty] });
  t.deepEqual(told(shop), []);
  await shop.kernel.start();
  t.deepEqual(told(shop), ["plug-in 'hasty': the licence ends tomorrow"]);
  await shop.kernel.stop();
});
