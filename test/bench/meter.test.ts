import test from 'ava';
import { EFFORTS } from '../../bench/harness/effort.js';
import { type Figure, figureOf } from '../../bench/harness/figure.js';
import { Meter } from '../../bench/harness/meter.js';
import { original } from '../../bench/harness/original.js';
import { atLeastTimes, under } from '../../bench/harness/target.js';

const subject = { work: 'ValueFunction', by: 'koreo', unit: '/ CPU s' } as const;

test('work that does not do what it should is not measured', async (t) => {
  const work = { work: 'sum', by: 'nobody', run: () => 2, check: (sum: unknown) => t.is(sum, 2) };
  t.is((await new Meter(EFFORTS.smoke).rate(work)).samples, 1);
  const wrong = {
    ...work,
    check: () => {
      throw new Error('it is 3');
    },
  };
  const error = await t.throwsAsync(new Meter(EFFORTS.smoke).rate(wrong), {
    message: 'sum by nobody does not do its work',
  });
  t.like(error?.cause, { message: 'it is 3' });
});

test('each run gets what was arranged for it alone, and a promise is awaited before the next run', async (t) => {
  let arranged = 0;
  let running = 0;
  const seen = new Set<number>();
  const run = async (own: unknown): Promise<void> => {
    t.is(running, 0);
    running += 1;
    await Promise.resolve();
    running -= 1;
    t.false(seen.has(own as number));
    seen.add(own as number);
  };
  await new Meter({ name: 'quick', samples: 3, sampleMs: 1, warmUpMs: 1 }).rate({
    work: 'await',
    by: 'nobody',
    arrange: () => {
      arranged += 1;
      return arranged;
    },
    run,
    check: () => undefined,
  });
  t.is(seen.size, arranged);
});

test('a figure is the median of its samples, with both ends of them', (t) => {
  t.like(figureOf(subject, [9, 1, 5]), { median: 5, least: 1, most: 9, samples: 3 });
  t.like(figureOf(subject, [4, 2]), { median: 3, least: 2, most: 4, samples: 2 });
});

test('a target is met when the figure is so many times better than the original, whichever way is better', (t) => {
  const rate = original('ValueFunction') ?? Number.NaN;
  const figures = (median: number): readonly Figure[] => [figureOf(subject, [median])];
  t.true(atLeastTimes(100, 'ValueFunction').measured(figures(rate * 101))?.met);
  t.false(atLeastTimes(100, 'ValueFunction').measured(figures(rate * 99))?.met);
  t.is(atLeastTimes(100, 'ValueFunction').measured([]), undefined);
  const memory = original('memory of a Workflow') ?? Number.NaN;
  const work = 'memory of a Workflow';
  const sizes = (median: number): readonly Figure[] => [figureOf({ work, by: 'koreo', unit: 'KiB' }, [median])];
  t.true(atLeastTimes(20, work).measured(sizes(memory / 21))?.met);
  t.false(atLeastTimes(20, work).measured(sizes(memory / 19))?.met);
  t.deepEqual(under(250, work).measured(sizes(249)), { text: '249 KiB', met: true });
  t.false(under(250, work).measured(sizes(250))?.met);
});
