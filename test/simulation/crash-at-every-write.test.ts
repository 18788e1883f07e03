import test from 'ava';
import { type CrashPoint, SimulatedServer, VirtualClock } from 'koreo-kernel/testing';
import { Chance } from './chance.js';
import { SimulatedProcess } from './simulated-process.js';
import { World } from './world.js';
import { drawMaker, drawModel, drawSteps, drawTrigger, KINDS, type WorldModel } from './world-model.js';

const WORKFLOWS = 8;
const LIMITS = { destroysAll: true };
const REST_MS = 60_000;

/** From nothing to a first model, from there to a second one, and all triggers deleted. */
interface Story {
  readonly seed: number;
  readonly first: WorldModel;
  readonly second: WorldModel;
}

function drawStory(seed: number): Story {
  const chance = new Chance(seed);
  const first = drawModel(chance, LIMITS);
  const kind = chance.pick(KINDS);
  const triggers = { ...first.triggers, one: drawTrigger(chance) };
  const makers = { ...first.makers, [kind]: drawMaker(chance, LIMITS) };
  return { seed, first, second: { makers, steps: drawSteps(chance), triggers } };
}

/** Plays a story with at most one crash. Gives what was wrong at the end of each chapter, and the writes of the first process. */
async function tell({ seed, first, second }: Story, crashAt?: CrashPoint) {
  const clock = new VirtualClock({ seed });
  const world = new World(clock, first, { holdsDeletion: true, ownsFields: false });
  const server = new SimulatedServer(world.store, { clock });
  const again = () => clock.schedule(1000, () => processes.push(new SimulatedProcess(server, clock)));
  const processes = [
    new SimulatedProcess(server, clock, crashAt === undefined ? {} : { crashAt, onCrash: () => void again() }),
  ];
  const faults: string[] = [];
  for (const model of [first, second, { ...second, triggers: {} }]) {
    world.want(model);
    await clock.advance(REST_MS);
    faults.push(...world.faults());
  }
  faults.push(...world.problems, ...processes.flatMap(({ problems }) => problems));
  const [writer] = processes;
  const writes = writer?.connection.writes ?? 0;
  processes.at(-1)?.crash();
  return { faults, writes, processes: processes.length };
}

test('a crash before or after any write changes nothing about the end', async (t) => {
  let crashes = 0;
  for (let seed = 1; seed <= WORKFLOWS; seed += 1) {
    const story = drawStory(seed);
    const whole = await tell(story);
    t.deepEqual(whole.faults, [], `story ${seed} without a crash`);
    t.true(whole.writes > 10, `story ${seed} has something to write`);
    for (let write = 1; write <= whole.writes; write += 1) {
      for (const moment of ['before', 'after'] as const) {
        const told = await tell(story, { write, moment });
        t.deepEqual(told.faults, [], `story ${seed}, crash ${moment} write ${write}`);
        t.is(told.processes, 2, `story ${seed} did crash ${moment} write ${write}`);
        crashes += 1;
      }
    }
  }
  t.log(`${WORKFLOWS} stories, ${crashes} crashes`);
});
