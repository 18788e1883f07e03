import test from 'ava';
import { depSkip, type Outcome, ok, permFail, retry, skip } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { RetryPolicy } from '../../../kernel/scheduler/retry-policy.js';
import { fc } from '../../support/property.js';

const TIMES = { periodSeconds: 1200, periodJitter: 0.1, backOffSeconds: 2, backOffMaximumSeconds: 60 };

test('a Retry is due after exactly its delay', (t) => {
  const policy = new RetryPolicy(new VirtualClock(), TIMES);
  t.deepEqual(policy.afterOutcome(retry(45, 'wait', '')), { type: 'after', ms: 45_000, cause: 'retry' });
});

test('a Retry without delay does not become a loop that does nothing else', (t) => {
  const policy = new RetryPolicy(new VirtualClock(), TIMES);
  t.deepEqual(policy.afterOutcome(retry(0, 'wait', '')), { type: 'after', ms: 100, cause: 'retry' });
});

test('a Retry without delay is due already when its run changed something, and waits for the world when it did not', (t) => {
  const policy = new RetryPolicy(new VirtualClock(), TIMES);
  const changed = policy.afterOutcome(retry(0, 'created', ''), { changed: true });
  t.deepEqual(changed, { type: 'after', ms: 100, cause: 'retry', spaced: true });
  t.false('spaced' in policy.afterOutcome(retry(0, 'wait', ''), { changed: false }));
  t.false('spaced' in policy.afterOutcome(retry(1, 'created', ''), { changed: true }));
});

const settled: readonly Outcome[] = [ok({}), skip('', ''), depSkip('', ''), permFail('', '')];
for (const outcome of settled) {
  test(`${outcome.type} is due again at the period, give or take the jitter`, (t) => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const next = new RetryPolicy(new VirtualClock({ seed }), TIMES).afterOutcome(outcome);
      if (next.type !== 'after' || next.cause !== 'period') return t.fail(`not a period: ${next.type}`);
      t.true(next.ms >= 1_080_000 && next.ms <= 1_320_000);
      seen.add(next.ms);
    }
    t.true(seen.size > 100, 'what started together does not stay together');
  });
}

test('errors in a row wait ever longer, never beyond the maximum, and for as long as it takes', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer(), (failures, seed) => {
      const next = new RetryPolicy(new VirtualClock({ seed }), TIMES).afterError(failures);
      const ceiling = Math.min(2 * 2 ** (failures - 1), 60) * 1000;
      return next.type === 'back-off' && next.ms >= ceiling / 2 && next.ms <= ceiling;
    }),
  );
  t.pass();
});
