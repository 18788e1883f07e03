import test from 'ava';
import { VirtualClock } from 'koreo-kernel/testing';

test('timers run in the order of time, those of one moment in the order in which they were scheduled', async (t) => {
  const clock = new VirtualClock({ startAt: 0 });
  const ran: string[] = [];
  clock.schedule(20, () => ran.push(`c@${clock.now()}`));
  clock.schedule(10, () => ran.push(`a@${clock.now()}`));
  clock.schedule(10, () => ran.push(`b@${clock.now()}`));
  clock.schedule(31, () => ran.push('too late'));
  await clock.advance(30);
  t.deepEqual(ran, ['a@10', 'b@10', 'c@20']);
  t.is(clock.now(), 30);
  t.is(clock.nextTimerIn, 1);
});

test('what a timer schedules on the way runs on the way, after promises have settled', async (t) => {
  const clock = new VirtualClock({ startAt: 0 });
  const ran: number[] = [];
  const again = async () => {
    await Promise.resolve();
    await Promise.resolve();
    ran.push(clock.now());
    clock.schedule(10, again);
  };
  clock.schedule(10, again);
  await clock.advance(35);
  t.deepEqual(ran, [10, 20, 30]);
});

test('a cancelled timer never runs, and nothing runs before it is due', async (t) => {
  const clock = new VirtualClock();
  let ran = 0;
  const cancel = clock.schedule(5, () => {
    ran += 1;
  });
  clock.schedule(0, () => {
    ran += 10;
  });
  t.is(ran, 0);
  cancel();
  cancel();
  await clock.advance(10);
  t.is(ran, 10);
  t.is(clock.pending, 0);
});

test('chance is the same for the same seed, and lies in [0, 1)', (t) => {
  const draw = (seed: number) => {
    const clock = new VirtualClock({ seed });
    return Array.from({ length: 1000 }, () => clock.random());
  };
  t.deepEqual(draw(7), draw(7));
  t.notDeepEqual(draw(7), draw(8));
  t.true(draw(7).every((number) => number >= 0 && number < 1));
  const mean = draw(7).reduce((sum, number) => sum + number, 0) / 1000;
  t.true(mean > 0.45 && mean < 0.55);
});

test('setting the wall clock moves neither the monotonic one nor any timer', async (t) => {
  const clock = new VirtualClock({ startAt: 1000 });
  const fired: number[] = [];
  clock.schedule(50, () => fired.push(clock.now()));
  clock.setWallClock({ by: 3_600_000 });
  await clock.advance(49);
  t.deepEqual([clock.now(), clock.monotonic(), fired.length], [3_601_049, 49, 0]);
  clock.setWallClock({ by: -3_600_000 });
  await clock.advance(1);
  t.deepEqual([fired, clock.monotonic()], [[1050], 50]);
});
