import test from 'ava';
import { SystemClock } from 'koreo-kernel';

test('a timer fires once, and one that was cancelled does not', async (t) => {
  const clock = new SystemClock();
  const fired: string[] = [];
  const cancel = clock.schedule(0, () => fired.push('cancelled'));
  cancel();
  await new Promise<void>((resolve) => {
    clock.schedule(1, () => {
      fired.push('kept');
      resolve();
    });
  });
  t.deepEqual(fired, ['kept']);
});

test('a delay that is too long for one timer does not fire at once', async (t) => {
  const clock = new SystemClock();
  let fired = false;
  const cancel = clock.schedule(60 * 24 * 3600 * 1000, () => {
    fired = true;
  });
  await new Promise<void>((resolve) => {
    clock.schedule(10, resolve);
  });
  t.false(fired);
  cancel();
});

test('the monotonic clock only goes forward, and as fast as the timers', async (t) => {
  const clock = new SystemClock();
  const before = clock.monotonic();
  await new Promise<void>((resolve) => {
    clock.schedule(20, resolve);
  });
  const passed = clock.monotonic() - before;
  t.true(passed >= 15 && passed < 10_000, `${passed} ms`);
});
