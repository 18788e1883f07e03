import type { Effort } from '../../harness/effort.js';
import type { Figure, Unit } from '../../harness/figure.js';
import type { Group } from '../../harness/group.js';
import type { Meter } from '../../harness/meter.js';
import { findFigure, inTimes, type Target } from '../../harness/target.js';
import { percentile } from '../percentile.js';
import { startAppCluster, whyNoCluster } from './app-cluster.js';
import { type ControllerCost, ControllerProcess } from './controller-process.js';
import { Driver } from './driver.js';

/**
 * How many triggers are made to warm up and how many are measured; then how many are edited a second, at a pace that any machine keeps up with
 * and at one that shows how queues grow where it does not, for how long each.
 */
interface Size {
  readonly warmUp: number;
  readonly triggers: number;
  readonly rates: readonly number[];
  readonly seconds: number;
}

const SIZES: Readonly<Record<Effort['name'], Size>> = {
  full: { warmUp: 300, triggers: 700, rates: [20, 200], seconds: 10 },
  quick: { warmUp: 50, triggers: 100, rates: [20], seconds: 5 },
  smoke: { warmUp: 1, triggers: 3, rates: [5], seconds: 1 },
};

/** Who looks after the triggers. */
const CONTROLLERS = {
  koreo: new URL('./koreo-controller.js', import.meta.url),
  'bare loop': new URL('./bare-controller.js', import.meta.url),
} as const;

type By = keyof typeof CONTROLLERS;

const CPU = 'a trigger with 3 resources, from nothing to ready';

/** A real API server: what a trigger costs, beside a loop by hand that makes the same of the same. */
export const cluster: Group = {
  name: 'cluster',
  title: 'A real API server',
  targets: [againstBare(2)],
  unavailable: whyNoCluster,
  measure: async (meter) => {
    const figures: Figure[] = [];
    for (const by of Object.keys(CONTROLLERS) as By[]) figures.push(...(await measureController(meter, by)));
    return figures;
  },
};

/** Each with a server of its own, in which nothing has happened before. */
async function measureController(meter: Meter, by: By): Promise<readonly Figure[]> {
  const { rates, seconds, triggers, warmUp } = SIZES[meter.effort.name];
  const server = await startAppCluster();
  const controller = await ControllerProcess.start(CONTROLLERS[by], server.kubeconfig);
  const driver = new Driver(server.kubeconfig);
  try {
    await driver.start();
    await driver.createApps(0, warmUp);
    const before = await controller.cost();
    const begun = performance.now();
    await driver.createApps(warmUp, warmUp + triggers);
    const wallMs = performance.now() - begun;
    const after = await controller.cost();
    const figure = (work: string, unit: Unit, value: number): Figure => meter.figure({ work, by, unit }, [value]);
    const times: Figure[] = [];
    for (const rate of rates) {
      const edits = await driver.edit(warmUp + triggers, rate, seconds);
      const event = `event to first write seen, ${rate} events a second, wall clock`;
      times.push(figure(`${event}, p50`, 'ms', percentile(edits, 50)));
      times.push(figure(`${event}, p99`, 'ms', percentile(edits, 99)));
    }
    return [
      figure(CPU, 'ms', (after.cpuMs - before.cpuMs) / triggers),
      figure('triggers a second, from nothing to ready, wall clock', 'count', triggers / (wallMs / 1000)),
      figure('API calls a trigger, from nothing to ready', 'count', (callsOf(after) - callsOf(before)) / triggers),
      ...times,
    ];
  } finally {
    await driver.stop();
    await controller.stop();
    await server.stop();
  }
}

function callsOf({ calls }: ControllerCost): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}

function againstBare(most: number): Target {
  return {
    work: 'real API server: CPU a converged trigger (3 resources) against the bare loop',
    goal: `under ${most}×`,
    measured: (figures) => {
      const ours = findFigure(figures, CPU);
      const bare = findFigure(figures, CPU, 'bare loop');
      if (ours === undefined || bare === undefined) return undefined;
      const times = ours.median / bare.median;
      return { text: inTimes(times), met: times < most };
    },
  };
}
