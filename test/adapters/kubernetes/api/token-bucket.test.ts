import test from 'ava';
import { VirtualClock } from 'koreo-kernel/testing';
import { TokenBucket } from '../../../../adapters/kubernetes/api/token-bucket.js';

test('as many as the burst go at once, and the others at the rate', async (t) => {
  const clock = new VirtualClock();
  const bucket = new TokenBucket({ requestsPerSecond: 2, burst: 3 }, clock);
  const gone: number[] = [];
  for (let count = 0; count < 6; count++) void bucket.take(undefined).then(() => gone.push(clock.monotonic()));
  await clock.advance(10_000);
  t.deepEqual(gone, [0, 0, 0, 500, 1000, 1500]);
});

test('after a quiet while no more than the burst go at once', async (t) => {
  const clock = new VirtualClock();
  const bucket = new TokenBucket({ requestsPerSecond: 10, burst: 2 }, clock);
  await clock.advance(60_000);
  const gone: number[] = [];
  for (let count = 0; count < 3; count++) void bucket.take(undefined).then(() => gone.push(clock.monotonic() - 60_000));
  await clock.advance(1000);
  t.deepEqual(gone, [0, 0, 100]);
});

test('one that is given up gives its place back, and leaves no timer', async (t) => {
  const clock = new VirtualClock();
  const bucket = new TokenBucket({ requestsPerSecond: 1, burst: 1 }, clock);
  await bucket.take(undefined);
  const controller = new AbortController();
  const waiting = bucket.take(controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  t.is(await t.throwsAsync(waiting), reason);
  t.is(clock.pending, 0);
  let gone = false;
  void bucket.take(undefined).then(() => {
    gone = true;
  });
  await clock.advance(1000);
  t.true(gone);
});

test('a wall clock that is set back holds nobody up', async (t) => {
  const clock = new VirtualClock();
  const bucket = new TokenBucket({ requestsPerSecond: 1, burst: 1 }, clock);
  await bucket.take(undefined);
  clock.setWallClock({ by: -3_600_000 });
  const waiting = bucket.take(undefined);
  await clock.advance(1000);
  await t.notThrowsAsync(waiting);
});
