import test from 'ava';
import { VirtualClock } from 'koreo-kernel/testing';
import { type Delay, Delays } from '../../../kernel/scheduler/delays.js';
import { fc } from '../../support/property.js';

test('a wait that is over is told once, those of one time in the order in which they began', async (t) => {
  const clock = new VirtualClock();
  const delays = new Delays(clock);
  const told: string[] = [];
  for (const [name, ms] of Object.entries({ late: 30, first: 10, second: 10, dropped: 10 })) {
    const delay = delays.add(ms, () => told.push(name));
    if (name === 'dropped') delays.drop(delay);
  }
  await clock.advance(9);
  t.deepEqual(told, []);
  await clock.advance(1);
  t.deepEqual(told, ['first', 'second']);
  await clock.advance(100);
  t.deepEqual(told, ['first', 'second', 'late']);
  t.is(clock.pending, 0);
});

test('one that throws keeps none of the others from being told', async (t) => {
  const clock = new VirtualClock();
  const delays = new Delays(clock);
  const told: string[] = [];
  delays.add(1, () => {
    throw new Error('no');
  });
  delays.add(1, () => told.push('other'));
  await t.throwsAsync(clock.advance(1), { message: 'no' });
  await clock.advance(0);
  t.deepEqual(told, ['other']);
});

test('what begins or is dropped while others are told is heeded', async (t) => {
  const clock = new VirtualClock();
  const delays = new Delays(clock);
  const told: string[] = [];
  let never: Delay | undefined;
  delays.add(5, () => {
    told.push('one');
    if (never !== undefined) delays.drop(never);
    delays.add(0, () => told.push('at once'));
    delays.add(5, () => told.push('later'));
  });
  never = delays.add(5, () => told.push('never'));
  await clock.advance(5);
  t.deepEqual(told, ['one', 'at once']);
  await clock.advance(5);
  t.deepEqual(told, ['one', 'at once', 'later']);
});

test('however many are dropped, those that go on are told', async (t) => {
  const clock = new VirtualClock();
  const delays = new Delays(clock);
  const told: number[] = [];
  for (let round = 0; round < 1000; round += 1) {
    const delay = delays.add(1_000_000 - (round % 7), () => told.push(round));
    if (round % 100 !== 0) delays.drop(delay);
  }
  await clock.advance(1_000_000);
  t.deepEqual(
    told.toSorted((a, b) => a - b),
    [0, 100, 200, 300, 400, 500, 600, 700, 800, 900],
  );
  t.is(clock.pending, 0);
});

type Step =
  | { readonly do: 'add'; readonly ms: number }
  | { readonly do: 'drop'; readonly which: number }
  | { readonly do: 'advance'; readonly ms: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), ms: fc.integer({ min: 0, max: 40 }) }) },
    fc.record({ do: fc.constant('drop' as const), which: fc.nat(30) }),
    fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 15 }) }),
  ),
  { maxLength: 80 },
);

test('whatever begins and is dropped, each is told when it is due, and one timer is enough', async (t) => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const clock = new VirtualClock();
      const delays = new Delays(clock);
      const told: number[] = [];
      const all: { readonly delay: Delay; readonly due: number; isOver: boolean }[] = [];
      const waiting = () => all.flatMap(({ due, isOver }, id) => (isOver ? [] : [{ id, due }]));
      for (const step of script) {
        if (step.do === 'add') {
          const id = all.length;
          const due = clock.monotonic() + step.ms;
          all.push({ delay: delays.add(step.ms, () => told.push(id)), due, isOver: false });
        } else if (step.do === 'drop') {
          const one = all[step.which];
          if (one === undefined) continue;
          delays.drop(one.delay);
          one.isOver = true;
        } else {
          const end = clock.monotonic() + step.ms;
          const expected = waiting()
            .filter(({ due }) => due <= end)
            .sort((a, b) => a.due - b.due || a.id - b.id);
          told.length = 0;
          await clock.advance(step.ms);
          t.deepEqual(
            told,
            expected.map(({ id }) => id),
          );
          for (const id of told) Object.assign(all[id] ?? {}, { isOver: true });
        }
        t.is(clock.pending, waiting().length > 0 ? 1 : 0);
      }
    }),
    { numRuns: 200 },
  );
});
