import test from 'ava';
import { GROUPS } from '../../bench/groups.js';
import { EFFORTS } from '../../bench/harness/effort.js';
import { Meter } from '../../bench/harness/meter.js';

for (const group of GROUPS) {
  const title = `the benchmarks of ${group.name} run, do what they should, and measure what is held against a target`;
  const why = group.unavailable?.();
  if (why !== undefined) {
    test.skip(`${title} (skipped: ${why})`, () => undefined);
    continue;
  }
  test(title, async (t) => {
    t.timeout(180_000);
    const figures = await group.measure(new Meter(EFFORTS.smoke));
    t.true(figures.length > 0);
    t.true(figures.every(({ median }) => Number.isFinite(median)));
    for (const target of group.targets) t.not(target.measured(figures), undefined, target.work);
  });
}
