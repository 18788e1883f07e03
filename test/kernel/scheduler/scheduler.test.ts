import test from 'ava';
import type { RunCause } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { type Requeue, RetryPolicy } from '../../../kernel/scheduler/retry-policy.js';
import { type RunKey, Scheduler } from '../../../kernel/scheduler/scheduler.js';
import { fc } from '../../support/property.js';

const FORGET: Requeue = { type: 'forget' };

/** A scheduler whose runs end when the test says so. */
function gated(options: { concurrency?: number; run?: RunKey } = {}) {
  const clock = new VirtualClock();
  const open = new Map<string, (requeue: Requeue) => void>();
  const started: string[] = [];
  const errors: unknown[] = [];
  const scheduler = new Scheduler({
    clock,
    policy: new RetryPolicy(clock),
    concurrency: options.concurrency ?? 2,
    onError: (_key, error) => errors.push(error),
    run: (work, context) => {
      started.push(work.key);
      return options.run?.(work, context) ?? new Promise((resolve) => open.set(work.key, resolve));
    },
  });
  const finish = async (key: string, requeue = FORGET) => {
    open.get(key)?.(requeue);
    await clock.settle();
  };
  return { clock, scheduler, started, finish, errors };
}

test('nothing runs before the start', (t) => {
  const { scheduler, started } = gated();
  scheduler.add('a', 'start');
  t.deepEqual(started, []);
  scheduler.start();
  t.deepEqual(started, ['a']);
});

test('no more keys are in work than the limit', async (t) => {
  const { scheduler, started, finish } = gated({ concurrency: 2 });
  scheduler.start();
  for (const key of ['a', 'b', 'c']) scheduler.add(key, 'added');
  t.deepEqual(started, ['a', 'b']);
  await finish('a');
  t.deepEqual(started, ['a', 'b', 'c']);
});

test('a key that is asked for while it runs runs once more when it has ended', async (t) => {
  const { scheduler, started, finish } = gated();
  scheduler.start();
  scheduler.add('a', 'added');
  scheduler.add('a', 'changed');
  scheduler.add('a', 'changed');
  t.deepEqual(started, ['a']);
  await finish('a');
  t.deepEqual(started, ['a', 'a']);
  await finish('a');
  t.deepEqual(started, ['a', 'a']);
});

test('a run is repeated at the time that it asks for', async (t) => {
  const { scheduler, started, finish, clock } = gated();
  scheduler.start();
  scheduler.add('a', 'added');
  await finish('a', { type: 'after', ms: 5000, cause: 'retry' });
  await clock.advance(4999);
  t.deepEqual(started, ['a']);
  await clock.advance(1);
  t.deepEqual(started, ['a', 'a']);
});

test('a run that throws is tried again, after ever longer waits and for ever, and its failures are counted', async (t) => {
  const counts: number[] = [];
  const { scheduler, clock, errors } = gated({
    run: async (_work, { failures }) => {
      counts.push(failures);
      throw new Error('broken');
    },
  });
  scheduler.start();
  scheduler.add('a', 'added');
  await clock.advance(24 * 3600 * 1000);
  t.deepEqual(counts.slice(0, 4), [0, 1, 2, 3]);
  t.true(counts.length > 280, 'at least once in five minutes for a day');
  t.is(errors.length, counts.length);
  await scheduler.stop(0);
  t.is(clock.pending, 0);
});

test('a run that succeeds ends the count of failures', async (t) => {
  const counts: number[] = [];
  const { scheduler, clock } = gated({
    run: async (_work, { failures }) => {
      counts.push(failures);
      if (counts.length === 3) return { type: 'after', ms: 1000, cause: 'period' };
      throw new Error('broken');
    },
  });
  scheduler.start();
  scheduler.add('a', 'added');
  await clock.advance(10_000);
  t.deepEqual(counts.slice(0, 5), [0, 1, 2, 0, 1]);
});

test('runs that never wait for anything leave timers and I/O their turn', async (t) => {
  const clock = new VirtualClock();
  let now = 0;
  clock.monotonic = () => now;
  let runs = 0;
  const scheduler = new Scheduler({
    clock,
    policy: new RetryPolicy(clock),
    concurrency: 1,
    run: async () => {
      runs += 1;
      now += 10;
      return FORGET;
    },
  });
  for (let key = 0; key < 30; key += 1) scheduler.add(String(key), 'added');
  scheduler.start();
  const atTurns: number[] = [];
  while (!scheduler.idle) {
    await new Promise((resolve) => setImmediate(resolve));
    atTurns.push(runs);
  }
  t.is(runs, 30);
  t.true(atTurns.length >= 10, `they had their turn after ${atTurns.join(', ')} runs`);
});

test('whenIdle waits for what is due and what runs, not for what is delayed', async (t) => {
  const { scheduler, finish } = gated({ concurrency: 1 });
  scheduler.start();
  scheduler.add('a', 'added');
  scheduler.add('b', 'added');
  let idle = false;
  const waiting = scheduler.whenIdle().then(() => {
    idle = true;
  });
  await finish('a', { type: 'after', ms: 5000, cause: 'period' });
  t.false(idle);
  await finish('b', { type: 'after', ms: 5000, cause: 'period' });
  await waiting;
  t.true(idle);
});

test('whenIdle waits for a key that is due again at once, but not for ever for one that never comes to rest', async (t) => {
  let runs = 0;
  const { scheduler, clock } = gated({
    run: async ({ key }) => {
      runs += 1;
      const rests = key === 'a' && runs === 5;
      return { type: 'after', ms: rests ? 60_000 : 100, cause: 'retry', ...(rests ? {} : { spaced: true }) };
    },
  });
  scheduler.start();
  scheduler.add('a', 'added');
  let idle = false;
  void scheduler.whenIdle().then(() => {
    idle = true;
  });
  await clock.advance(399);
  t.false(idle);
  await clock.advance(1);
  t.true(idle);
  t.is(runs, 5);

  runs = 0;
  scheduler.add('restless', 'added');
  const waiting = scheduler.whenIdle();
  await clock.advance(11_000);
  await waiting;
  t.true(runs > 100, 'it runs on all the same');
});

test('a stop lets runs end, starts no other, and leaves no timer', async (t) => {
  const { scheduler, started, finish, clock } = gated({ concurrency: 1 });
  scheduler.start();
  scheduler.add('a', 'added');
  scheduler.add('b', 'added');
  let stopped = false;
  const stopping = scheduler.stop(10_000).then(() => {
    stopped = true;
  });
  await clock.advance(9000);
  t.false(stopped);
  await finish('a', { type: 'after', ms: 1, cause: 'retry' });
  await stopping;
  scheduler.add('c', 'added');
  t.deepEqual(started, ['a']);
  t.is(clock.pending, 0);
});

test('a run that does not end within the grace period is told to, and left behind if it does not heed', async (t) => {
  const signals: AbortSignal[] = [];
  const { scheduler, clock } = gated({
    run: (_work, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    },
  });
  scheduler.start();
  scheduler.add('a', 'added');
  const stopping = scheduler.stop(10_000);
  await clock.advance(9999);
  t.false(signals[0]?.aborted);
  await clock.advance(1);
  t.true(signals[0]?.aborted);
  await clock.advance(1000);
  await stopping;
  t.is(clock.pending, 0);
});

test('under any load no key overlaps itself, the limit holds, and whoever asks is run afterwards', async (t) => {
  const load = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      wait: fc.nat(30),
      cause: fc.constantFrom<RunCause>('added', 'period'),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(load, fc.integer({ min: 1, max: 3 }), fc.integer(), async (asks, concurrency, seed) => {
      const clock = new VirtualClock({ seed });
      const running = new Set<string>();
      const lastStart = new Map<string, number>();
      let tick = 0;
      const scheduler = new Scheduler({
        clock,
        policy: new RetryPolicy(clock),
        concurrency,
        run: async ({ key }) => {
          if (running.has(key)) throw new Error(`${key} overlaps itself`);
          running.add(key);
          lastStart.set(key, ++tick);
          if (running.size > concurrency) throw new Error('over the limit');
          await new Promise<void>((resolve) => {
            clock.schedule(clock.random() * 50, resolve);
          });
          running.delete(key);
          return FORGET;
        },
        onError: (_key, error) => t.fail(String(error)),
      });
      scheduler.start();
      const asked = new Map<string, number>();
      for (const { key, wait, cause } of asks) {
        asked.set(key, ++tick);
        scheduler.add(key, cause);
        await clock.advance(wait);
      }
      await clock.advance(5000);
      t.true(scheduler.idle);
      for (const [key, when] of asked) t.true((lastStart.get(key) ?? 0) > when, `${key} was lost`);
    }),
    { numRuns: 100 },
  );
});

test('many runs may listen to their signal without being taken for a leak', async (t) => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  t.teardown(() => process.off('warning', note));
  const { scheduler, clock } = gated({
    concurrency: 50,
    run: async (_work, { signal }) => {
      signal.addEventListener('abort', () => undefined);
      return FORGET;
    },
  });
  scheduler.start();
  for (let index = 0; index < 50; index++) scheduler.add(`key-${index}`, 'added');
  await clock.settle();
  t.deepEqual(warnings, []);
});
