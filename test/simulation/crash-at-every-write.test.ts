import test from 'ava';
import { VirtualClock } from 'koreo-kernel/testing';
import { Chance } from './chance.js';
import { crashAtEveryWrite, type Story } from './crashing.js';
import { World } from './world.js';
import { drawMaker, drawModel, drawSteps, drawTrigger, KINDS } from './world-model.js';

const { KOREO_SIMULATION_STORIES = '4' } = process.env;
const LIMITS = { destroysAll: true };

/** From nothing to a first model, from there to a second one, and all triggers deleted; ends with what is wrong. */
function storyOf(seed: number): Story<readonly string[]> {
  const chance = new Chance(seed);
  const first = drawModel(chance, LIMITS);
  const kind = chance.pick(KINDS);
  const triggers = { ...first.triggers, one: drawTrigger(chance) };
  const makers = { ...first.makers, [kind]: drawMaker(chance, LIMITS) };
  const second = { makers, steps: drawSteps(chance), triggers };
  const clock = new VirtualClock({ seed });
  const world = new World(clock, first, { holdsDeletion: true, ownsFields: false });
  const chapters = [first, second, { ...second, triggers: {} }].map((model) => ({
    begin: () => world.want(model),
    end: () => [...world.faults(), ...world.problems],
  }));
  return { clock, store: world.store, chapters };
}

test('a crash before or after any write changes nothing about the end', async (t) => {
  t.timeout(300_000);
  let all = 0;
  for (let seed = 1; seed <= Number(KOREO_SIMULATION_STORIES); seed += 1) {
    const { ends, crashes } = await crashAtEveryWrite(t, `story ${seed}`, () => storyOf(seed));
    t.deepEqual(ends.flat(), [], `story ${seed}`);
    t.true(crashes > 20, `story ${seed} has something to write`);
    all += crashes;
  }
  t.log(`${KOREO_SIMULATION_STORIES} stories, ${all} crashes`);
});
