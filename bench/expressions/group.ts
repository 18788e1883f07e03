import assert from 'node:assert/strict';
import { celEngine } from 'koreo-kernel/plugins/cel';
import { celJsEngine } from 'koreo-kernel/plugins/cel-js';
import { jsonataEngine } from 'koreo-kernel/plugins/jsonata';
import type { Figure } from '../harness/figure.js';
import type { Group } from '../harness/group.js';
import type { Meter } from '../harness/meter.js';
import { findFigure, geometricMean, inTimes, type Target, timesOriginal } from '../harness/target.js';
import type { Work } from '../harness/work.js';
import { celJsContestant } from './cel-js-contestant.js';
import type { Contestant } from './contestant.js';
import { engineContestant } from './engine-contestant.js';
import type { Line } from './line.js';
import { LINES } from './lines.js';

type Phase = 'prepare' | 'eval';

/** Each expression, prepared and evaluated, by every engine and by what they are compared with. */
export const expressions: Group = {
  name: 'expressions',
  title: 'Expressions',
  targets: [
    {
      work: 'expression eval, geometric mean over the lines / the worst line',
      goal: 'at least 200× / 40×',
      measured: (figures) => {
        const ratios = ratiosOf(figures, 'eval');
        if (ratios === undefined) return undefined;
        const [mean, worst] = [geometricMean(ratios), Math.min(...ratios)];
        return { text: `${inTimes(mean)} / ${inTimes(worst)}`, met: mean >= 200 && worst >= 40 };
      },
    },
    meanTarget('expression prepare, geometric mean', 'prepare', 8),
  ],
  measure: async (meter) => {
    const figures: Figure[] = [];
    for (const line of LINES) figures.push(...(await measureLine(meter, line)));
    return figures;
  },
};

function measureLine(meter: Meter, line: Line): Promise<readonly Figure[]> {
  const contestants = [
    engineContestant('cel', celEngine(), ({ cel }) => cel),
    engineContestant('cel-js', celJsEngine(), ({ cel, celJs = cel }) => celJs),
    engineContestant('jsonata', jsonataEngine(), ({ jsonata }) => jsonata),
    celJsContestant(),
    handWritten,
  ];
  return meter.rates(contestants.flatMap((contestant) => worksOf(contestant, line)));
}

function worksOf(contestant: Contestant, line: Line): readonly Work[] {
  const { name: by } = contestant;
  const check = (value: unknown): void => assert.deepEqual(contestant.plain(value), line.gives);
  const evaluating: Work = { work: `eval ${line.name}`, by, run: contestant.evaluator(line), check };
  if (contestant.prepare === undefined) return [evaluating];
  const run = (): unknown => contestant.prepare?.(line);
  return [{ work: `prepare ${line.name}`, by, run, check: (form) => assert.ok(form) }, evaluating];
}

const handWritten: Contestant = {
  name: 'JavaScript by hand',
  evaluator:
    ({ inputs, javascript }) =>
    () =>
      javascript(inputs),
  plain: (value) => value as Line['gives'],
};

function meanTarget(work: string, phase: Phase, times: number): Target {
  return {
    work,
    goal: `at least ${times}×`,
    measured: (figures) => {
      const ratios = ratiosOf(figures, phase);
      if (ratios === undefined) return undefined;
      const mean = geometricMean(ratios);
      return { text: inTimes(mean), met: mean >= times };
    },
  };
}

/** How many times better than the original each line is; undefined unless all were measured. */
function ratiosOf(figures: readonly Figure[], phase: Phase): readonly number[] | undefined {
  const ratios = LINES.flatMap(({ name }) => {
    const figure = findFigure(figures, `${phase} ${name}`, 'cel');
    return (figure && timesOriginal(figure)) ?? [];
  });
  return ratios.length === LINES.length ? ratios : undefined;
}
