import { setTimeout as wait } from 'node:timers/promises';
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

/** The first periods are not like the others: statuses have just been written, and the code of steady runs is new. */
const WARM_UP_PERIODS = 3;
/** For so long something of a loop that has stopped may be held, at most. */
const LINGER_MS = 500;
/** The CPU time of a steady run, about. */
const EXPECTED_MICROSECONDS = 30;

const { sampleMs, samples, triggers } = taskOfParent<LoopTask>();

await warmUp();
const empty = await heapKiB();
let loop: BenchLoop | undefined = new BenchLoop(triggers);
const convergence = await loop.converge();
await loop.periods(WARM_UP_PERIODS);
const steady: LoopCost[] = [];
for (let sample = 0; sample < samples; sample += 1) steady.push(await loop.periods(periodsIn(sampleMs)));
const whole = await heapKiB();
const { store } = loop;
const resources = store.resources.length;
await loop.stop();
loop = undefined;
const stored = await heapKiB();
answerParent({
  convergence: { ...convergence },
  steady: steady.map((cost) => ({ ...cost })),
  heapKiBOfLoop: whole - stored,
  heapKiBOfResources: stored - empty,
  resources: Math.max(resources, store.resources.length),
});

/** How many periods are about that long, if a run takes as long as it should. */
function periodsIn(ms: number): number {
  const runs = (ms * 1000) / EXPECTED_MICROSECONDS;
  return Math.max(1, Math.ceil(runs / triggers));
}

/** What is loaded and compiled once, however many triggers there are, is nobody's share. */
async function warmUp(): Promise<void> {
  const small = new BenchLoop(Math.min(50, triggers));
  await small.converge();
  await small.periods();
  await small.stop();
}

/** What has ended may still be held by what waits for its turn; so others have theirs first. */
async function heapKiB(): Promise<number> {
  await wait(LINGER_MS);
  if (globalThis.gc === undefined) throw new Error('this process needs --expose-gc');
  for (let again = 0; again < 3; again += 1) globalThis.gc();
  return process.memoryUsage().heapUsed / 1024;
}
