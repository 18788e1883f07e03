import test from 'ava';
import { simulate } from './simulation.js';

const { KOREO_SIMULATION_SEED, KOREO_SIMULATION_SEEDS = '300', KOREO_SIMULATION_FIRST = '1' } = process.env;

/** One seed to be played again, or so many from the first on. */
const seeds =
  KOREO_SIMULATION_SEED === undefined
    ? Array.from({ length: Number(KOREO_SIMULATION_SEEDS) }, (_, index) => Number(KOREO_SIMULATION_FIRST) + index)
    : [Number(KOREO_SIMULATION_SEED)];

test('whatever fails, the world becomes as people want it, and stays so', async (t) => {
  t.timeout(600_000);
  const failed: string[] = [];
  let [runs, crashes] = [0, 0];
  for (const seed of seeds) {
    const verdict = await simulate(seed);
    runs += verdict.runs;
    crashes += verdict.crashes;
    if (verdict.problems.length === 0) continue;
    t.log(`KOREO_SIMULATION_SEED=${seed} plays it again:`);
    if (seeds.length === 1) for (const line of verdict.trace) t.log(line);
    for (const problem of verdict.problems) t.log(`- ${problem}`);
    failed.push(`${seed}: ${verdict.problems[0]}`);
  }
  t.log(`${seeds.length} histories, ${runs} runs, ${crashes} crashes and handovers`);
  t.deepEqual(failed, []);
});
