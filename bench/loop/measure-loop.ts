import { answerParent, taskOfParent } from '../harness/child.js';
import { BenchLoop, type LoopCost } from './bench-loop.js';

/** How many triggers this process is to look after, and how often their steady periods are measured, for how long. */
export interface LoopTask {
  readonly triggers: number;
  readonly samples: number;
  readonly sampleMs: number;
}

/** What a loop of that many triggers costs. */
export interface LoopMeasures {
  readonly convergence: LoopCost;
  readonly steady: readonly LoopCost[];
  /** Of all that the loop itself keeps: beside the triggers and resources, which are their store's. */
  readonly heapKiBOfLoop: number;
  readonly heapKiBOfResources: number;
  readonly resources: number;
}

/** So many runs are due in a second, however many triggers there are: enough that waking up for them costs next to nothing. */
const RUNS_A_SECOND = 5000;
/** The first periods are not like the others: statuses have just been written, and the code of steady runs is new. */
const WARM_UP_PERIODS = 3;

const { sampleMs, samples, triggers } = taskOfParent<LoopTask>();
const periodSeconds = Math.max(0.2, triggers / RUNS_A_SECOND);

await warmUp();
const empty = heapKiB();
let loop: BenchLoop | undefined = new BenchLoop({ triggers, periodSeconds });
const convergence = await loop.converge();
await loop.periods(WARM_UP_PERIODS);
const steady: LoopCost[] = [];
const periods = Math.max(1, Math.ceil(sampleMs / (periodSeconds * 1000)));
for (let sample = 0; sample < samples; sample += 1) steady.push(await loop.periods(periods));
const whole = heapKiB();
const { store } = loop;
const resources = store.resources.length;
await loop.stop();
loop = undefined;
const stored = heapKiB();
answerParent({
  convergence: { ...convergence },
  steady: steady.map((cost) => ({ ...cost })),
  heapKiBOfLoop: whole - stored,
  heapKiBOfResources: stored - empty,
  resources: Math.max(resources, store.resources.length),
});

/** What is loaded and compiled once, however many triggers there are, is nobody's share. */
async function warmUp(): Promise<void> {
  const small = new BenchLoop({ triggers: Math.min(50, triggers), periodSeconds: 0.2 });
  await small.converge();
  await small.periods();
  await small.stop();
}

function heapKiB(): number {
  if (globalThis.gc === undefined) throw new Error('this process needs --expose-gc');
  for (let again = 0; again < 3; again += 1) globalThis.gc();
  return process.memoryUsage().heapUsed / 1024;
}
