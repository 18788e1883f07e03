import test from 'ava';
import type { RunCause } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { WorkQueue } from '../../../kernel/scheduler/work-queue.js';
import { fc } from '../../support/property.js';

test('keys are taken in the order in which they were added, each once', (t) => {
  const queue = new WorkQueue(new VirtualClock());
  for (const key of ['b', 'a', 'b', 'c']) queue.add(key, 'changed');
  t.deepEqual([queue.take()?.key, queue.take()?.key, queue.take()?.key, queue.take()], ['b', 'a', 'c', undefined]);
});

test('a key in work is not given out again, and what arrives meanwhile causes exactly one more run', (t) => {
  const queue = new WorkQueue(new VirtualClock());
  queue.add('a', 'added');
  queue.take();
  queue.add('a', 'changed');
  queue.add('a', 'definition');
  queue.add('a', 'changed');
  t.is(queue.take(), undefined);
  queue.done('a');
  t.deepEqual(queue.take(), { key: 'a', causes: ['changed', 'definition'] });
  queue.done('a');
  t.is(queue.take(), undefined);
});

test('a change goes before what a start or a period brought, and takes its own key along', (t) => {
  const queue = new WorkQueue(new VirtualClock());
  queue.add('started', 'start');
  queue.add('both', 'period');
  queue.add('changed', 'changed');
  queue.add('both', 'changed');
  t.deepEqual(
    [queue.take(), queue.take(), queue.take(), queue.take()],
    [
      { key: 'changed', causes: ['changed'] },
      { key: 'both', causes: ['period', 'changed'] },
      { key: 'started', causes: ['start'] },
      undefined,
    ],
  );
});

test('what a period or a start brought gets its turn however much somebody waits for', (t) => {
  const queue = new WorkQueue(new VirtualClock());
  queue.add('started', 'start');
  const taken: string[] = [];
  for (let index = 0; index < 30; index += 1) {
    queue.add(`changed-${index}`, 'changed');
    queue.add(`changed-too-${index}`, 'changed');
    const work = queue.take();
    if (work !== undefined) taken.push(work.key);
    queue.done(work?.key ?? '');
  }
  t.is(taken.indexOf('started'), 8);
});

/** A queue whose keys are in the group that their name begins with: `orders/7` in `orders`. */
function grouped(groupConcurrency?: number): WorkQueue {
  const groupOf = (key: string) => key.split('/')[0] ?? '';
  return new WorkQueue(new VirtualClock(), {
    groupOf,
    ...(groupConcurrency === undefined ? {} : { groupConcurrency }),
  });
}

test('groups take turns, so that one with many keys keeps none of another waiting', (t) => {
  const queue = grouped();
  for (let index = 0; index < 1000; index += 1) queue.add(`orders/${index}`, 'changed');
  queue.add('refunds/1', 'changed');
  queue.add('refunds/2', 'changed');
  t.deepEqual(
    [queue.take(), queue.take(), queue.take(), queue.take(), queue.take()].map((work) => work?.key),
    ['orders/0', 'refunds/1', 'orders/1', 'refunds/2', 'orders/2'],
  );
});

test('no more keys of a group are in work than its limit, and its next one goes as soon as one is done', (t) => {
  const queue = grouped(2);
  for (const key of ['orders/1', 'orders/2', 'orders/3', 'refunds/1']) queue.add(key, 'changed');
  t.deepEqual([queue.take()?.key, queue.take()?.key, queue.take()?.key], ['orders/1', 'refunds/1', 'orders/2']);
  t.is(queue.take(), undefined);
  t.is(queue.length, 1);
  queue.done('refunds/1');
  t.is(queue.take(), undefined);
  queue.done('orders/1');
  t.is(queue.take()?.key, 'orders/3');
});

test('a key that changes its group counts in the one in which it was taken, and is forgotten wherever it waits', (t) => {
  let group = 'a';
  const queue = new WorkQueue(new VirtualClock(), { groupOf: () => group, groupConcurrency: 1 });
  queue.add('one', 'changed');
  queue.take();
  group = 'b';
  queue.add('one', 'changed');
  queue.done('one');
  t.is(queue.take()?.key, 'one');
  queue.add('two', 'changed');
  t.is(queue.take(), undefined);
  group = 'a';
  queue.add('three', 'changed');
  t.is(queue.take()?.key, 'three');
  queue.forget('two');
  t.is(queue.length, 0);
  queue.done('one');
  t.is(queue.take(), undefined);
});

test('of several delayed adds the earliest wins, and only it fires', async (t) => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  queue.addAfter('a', 5000, 'period');
  queue.addAfter('a', 2000, 'retry');
  queue.addAfter('a', 9000, 'period');
  t.is(clock.pending, 1);
  await clock.advance(1999);
  t.is(queue.take(), undefined);
  await clock.advance(1);
  t.deepEqual(queue.take(), { key: 'a', causes: ['retry'] });
  queue.done('a');
  await clock.advance(60_000);
  t.is(queue.take(), undefined);
});

test('a run meets a delayed add that was waiting, but not one that is made while it goes on', async (t) => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  queue.addAfter('a', 1000, 'retry');
  queue.add('a', 'changed');
  queue.take();
  t.is(clock.pending, 0);
  queue.addAfter('a', 3000, 'period');
  queue.done('a');
  await clock.advance(3000);
  t.deepEqual(queue.take(), { key: 'a', causes: ['period'] });
});

test('a delayed add is not due, so the queue is idle', (t) => {
  const queue = new WorkQueue(new VirtualClock());
  t.true(queue.idle);
  queue.addAfter('a', 1, 'retry');
  t.true(queue.idle);
  queue.addAfter('b', 0, 'retry');
  t.false(queue.idle);
  queue.take();
  t.false(queue.idle);
  queue.done('b');
  t.true(queue.idle);
});

test('a key that is only spaced out is due, so the queue is not idle until it is worked on, forgotten or overtaken', async (t) => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  for (const key of ['a', 'b', 'c']) queue.addAfter(key, 100, 'retry', { spaced: true });
  queue.forget('b');
  queue.add('c', 'changed');
  t.is(queue.take()?.key, 'c');
  queue.done('c');
  t.false(queue.idle);
  await clock.advance(100);
  t.is(queue.take()?.key, 'a');
  queue.done('a');
  t.true(queue.idle);
});

test('to forget a key drops what waits for it, and its timer', (t) => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  queue.add('a', 'added');
  queue.addAfter('a', 10, 'period');
  queue.forget('a');
  t.is(clock.pending, 0);
  t.is(queue.take(), undefined);
});

test('to be done with a key that is not in work changes nothing', (t) => {
  const queue = new WorkQueue(new VirtualClock());
  queue.done('a');
  queue.add('a', 'added');
  queue.done('a');
  t.is(queue.length, 1);
  t.deepEqual(queue.take(), { key: 'a', causes: ['added'] });
});

test('a hundred thousand keys are drained in linear time', (t) => {
  const queue = new WorkQueue(new VirtualClock());
  for (let index = 0; index < 100_000; index++) queue.add(`key-${index}`, 'start');
  const began = process.cpuUsage().user;
  let taken = 0;
  for (let work = queue.take(); work !== undefined; work = queue.take()) {
    queue.done(work.key);
    taken += 1;
  }
  t.is(taken, 100_000);
  t.true(process.cpuUsage().user - began < 2_000_000, 'two seconds are twenty times what it needs');
});

type Step =
  | { readonly do: 'add'; readonly key: string; readonly cause: RunCause }
  | { readonly do: 'addAfter'; readonly key: string; readonly ms: number; readonly cause: RunCause }
  | { readonly do: 'take' }
  | { readonly do: 'done'; readonly key: string }
  | { readonly do: 'advance'; readonly ms: number };

const key = fc.constantFrom('a', 'b', 'c', 'd');
const cause = fc.constantFrom<RunCause>('added', 'changed', 'retry', 'period', 'start');
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const), key, cause }),
    fc.record({ do: fc.constant('addAfter' as const), key, ms: fc.integer({ min: -1, max: 20 }), cause }),
    fc.record({ do: fc.constant('take' as const) }),
    fc.record({ do: fc.constant('done' as const), key }),
    fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 15 }) }),
  ),
  { maxLength: 60 },
);

/** What the queue must do, said in the plainest way: two sets and the earliest time per key. */
class Model {
  readonly dirty = new Set<string>();
  readonly processing = new Set<string>();
  readonly later = new Map<string, number>();
  #now = 0;

  add(name: string): void {
    this.dirty.add(name);
  }

  addAfter(name: string, ms: number): void {
    if (ms <= 0) this.add(name);
    else this.later.set(name, Math.min(this.#now + ms, this.later.get(name) ?? Number.POSITIVE_INFINITY));
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const [name, due] of this.later) {
      if (due > this.#now) continue;
      this.later.delete(name);
      this.add(name);
    }
  }

  /** Milliseconds until the first of those that are delayed. */
  get nextIn(): number | undefined {
    return this.later.size === 0 ? undefined : Math.min(...this.later.values()) - this.#now;
  }

  takeable(): string[] {
    return [...this.dirty].filter((name) => !this.processing.has(name));
  }

  taken(name: string): void {
    this.dirty.delete(name);
    this.later.delete(name);
    this.processing.add(name);
  }
}

test('whatever is asked in whatever order, no key is in work twice and none is lost', async (t) => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const clock = new VirtualClock();
      const queue = new WorkQueue(clock);
      const model = new Model();
      for (const step of script) {
        await act(step, clock, queue, model);
        t.is(queue.length, model.takeable().length);
        t.is(queue.idle, model.takeable().length === 0 && model.processing.size === 0);
        t.is(queue.stats().delayed, model.later.size);
        t.is(clock.nextTimerIn, model.nextIn, 'one timer, for the first that is due');
        t.true(clock.pending <= 1);
      }
    }),
    { numRuns: 300 },
  );
});

async function act(step: Step, clock: VirtualClock, queue: WorkQueue, model: Model): Promise<void> {
  switch (step.do) {
    case 'add':
      queue.add(step.key, step.cause);
      return model.add(step.key);
    case 'addAfter':
      queue.addAfter(step.key, step.ms, step.cause);
      return model.addAfter(step.key, step.ms);
    case 'advance':
      await clock.advance(step.ms);
      return model.advance(step.ms);
    case 'done':
      queue.done(step.key);
      model.processing.delete(step.key);
      return;
    case 'take': {
      const work = queue.take();
      const expected = model.takeable();
      if (work === undefined ? expected.length > 0 : !expected.includes(work.key)) {
        throw new Error(`took ${work?.key}, could have taken ${expected.join(', ') || 'nothing'}`);
      }
      if (work !== undefined) model.taken(work.key);
    }
  }
}

test('its stats say what waits, what is due later, what runs, and for how long nothing has moved', async (t) => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  t.deepEqual(queue.stats(), { waiting: 0, delayed: 0, running: 0 });
  queue.add('a', 'start');
  queue.addAfter('later', 60_000, 'period');
  await clock.advance(1000);
  queue.add('b', 'changed');
  await clock.advance(1000);
  t.deepEqual(queue.stats(), { waiting: 2, delayed: 1, running: 0, oldestWaitingMs: 2000 });
  queue.add('a', 'changed');
  t.is(queue.stats().oldestWaitingMs, 2000, 'what is asked for again has waited from the first time on');
  t.is(queue.take()?.key, 'b');
  await clock.advance(1000);
  t.deepEqual(queue.stats(), {
    waiting: 1,
    delayed: 1,
    running: 1,
    oldestWaitingMs: 3000,
    longestRunningMs: 1000,
    sinceProgressMs: 1000,
  });
  queue.add('b', 'changed');
  t.is(queue.stats().waiting, 1, 'what is in work is not in line');
  queue.done('b');
  t.like(queue.stats(), { waiting: 2, running: 0, sinceProgressMs: 0 });
  t.is(queue.stats().longestRunningMs, undefined);
});
