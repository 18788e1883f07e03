import { inChild } from '../harness/child.js';
import type { Effort } from '../harness/effort.js';
import type { Figure, Unit } from '../harness/figure.js';
import type { Group } from '../harness/group.js';
import type { Meter } from '../harness/meter.js';
import { inTimes, rounded, type Target } from '../harness/target.js';
import type { LoopCost } from './bench-loop.js';
import type { LoopMeasures, LoopTask } from './measure-loop.js';

/** How many triggers there are: few, as many as a big installation has, and more than any has. */
const SIZES: Readonly<Record<Effort['name'], readonly number[]>> = {
  full: [1000, 10_000, 50_000],
  quick: [1000, 5000],
  smoke: [20, 50],
};

const STEADY = 'steady run among';
const CALLS = 'reads and writes in steady periods of';

/** What a control loop costs while there is much to do, and while there is nothing. */
export const loop: Group = {
  name: 'loop',
  title: 'The loop',
  targets: [quiet(), steady(40), grows(1.3)],
  measure: async (meter) => {
    const figures: Figure[] = [];
    for (const triggers of SIZES[meter.effort.name]) figures.push(...(await measureSize(meter, triggers)));
    return figures;
  },
};

/** Each size in a process of its own. */
async function measureSize(meter: Meter, triggers: number): Promise<readonly Figure[]> {
  const { samples, sampleMs } = meter.effort;
  const task: LoopTask = { triggers, samples, sampleMs };
  const module = new URL('./measure-loop.js', import.meta.url);
  const measures = await inChild<LoopMeasures>({ module, task: { ...task }, flags: ['--expose-gc'] });
  const { convergence, steady: costs, heapKiBOfLoop, heapKiBOfResources, resources } = measures;
  const many = `${triggers.toLocaleString('en-US')} triggers`;
  const figure = (work: string, unit: Unit, values: readonly number[]): Figure =>
    meter.figure({ work, by: 'koreo', unit }, values);
  return [
    figure(`first convergence of ${many}, a trigger`, 'µs', [(convergence.cpuMs / triggers) * 1000]),
    figure(`first convergence of ${many}, wall clock`, 'ms', [convergence.wallMs]),
    figure(`longest stall in the first convergence of ${many}, wall clock`, 'ms', [convergence.longestStallMs]),
    figure(
      `${STEADY} ${many}`,
      'µs',
      costs.map(({ cpuMs, runs }) => (cpuMs / runs) * 1000),
    ),
    figure(`${CALLS} ${many}`, 'count', costs.map(callsOf)),
    figure(
      `longest stall in steady periods of ${many}, wall clock`,
      'ms',
      costs.map(({ longestStallMs }) => longestStallMs),
    ),
    figure(`memory of a trigger of ${many}, beside resources`, 'KiB', [heapKiBOfLoop / triggers]),
    figure(`memory of a cached resource of ${many}`, 'KiB', [heapKiBOfResources / resources]),
  ];
}

function callsOf({ reads, writes }: LoopCost): number {
  return reads + writes;
}

function quiet(): Target {
  return {
    work: 'a period in which nothing changed: reads and writes',
    goal: '0',
    measured: (figures) => {
      const calls = ofWork(figures, CALLS).map(({ most }) => most);
      return calls.length === 0
        ? undefined
        : { text: String(Math.max(...calls)), met: calls.every((one) => one === 0) };
    },
  };
}

function steady(most: number): Target {
  return {
    work: 'a period in which nothing changed: CPU a trigger, the worst of all sizes',
    goal: `under ${most} µs`,
    measured: (figures) => {
      const medians = ofWork(figures, STEADY).map(({ median }) => median);
      if (medians.length === 0) return undefined;
      const worst = Math.max(...medians);
      return { text: `${rounded(worst)} µs`, met: worst < most };
    },
  };
}

function grows(most: number): Target {
  return {
    work: 'cost of a trigger among 50,000 against 1,000',
    goal: `under ${most}×`,
    measured: (figures) => {
      const [few, ...others] = ofWork(figures, STEADY);
      const many = others.at(-1);
      if (few === undefined || many === undefined) return undefined;
      const times = many.median / few.median;
      return { text: inTimes(times), met: times < most };
    },
  };
}

function ofWork(figures: readonly Figure[], work: string): readonly Figure[] {
  return figures.filter((figure) => figure.work.startsWith(`${work} `));
}
