import test from 'ava';
import { SimulatedServer, VirtualClock } from 'koreo-kernel/testing';
import { fc } from '../support/property.js';
import { Chance } from './chance.js';
import { SimulatedProcess } from './simulated-process.js';
import { World } from './world.js';
import { drawModel, type WorldModel } from './world-model.js';

const LIMITS = { destroysAll: true };
const REST_MS = 60_000;

/** What is managed after these models, one after the other: kind, name and spec of each resource. */
async function after(models: readonly WorldModel[], ownsFields: boolean) {
  const [first] = models;
  if (first === undefined) throw new Error('there is no model');
  const clock = new VirtualClock();
  const world = new World(clock, first, { holdsDeletion: true, ownsFields });
  const process = new SimulatedProcess(new SimulatedServer(world.store, { clock }), clock);
  const faults: string[] = [];
  for (const model of models) {
    world.want(model);
    await clock.advance(REST_MS);
    // A trigger that was on its way out when it was wanted again comes back now.
    world.want(model);
    await clock.advance(REST_MS);
    faults.push(...world.faults());
  }
  process.crash();
  const managed = world.managed.map(
    ({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, { spec: spec ?? null }] as const,
  );
  return { faults: [...faults, ...process.problems, ...world.problems], managed: Object.fromEntries(managed) };
}

const models = fc.tuple(fc.integer(), fc.integer()).map(([one, two]) => {
  return [drawModel(new Chance(one), LIMITS), drawModel(new Chance(two), LIMITS)] as const;
});

test('an edited world is as one that was so from the beginning, in all that is wanted', async (t) => {
  await fc.assert(
    fc.asyncProperty(models, async ([one, two]) => {
      const edited = await after([one, two], false);
      const fresh = await after([two], false);
      t.deepEqual(edited.faults, []);
      t.deepEqual(Object.keys(edited.managed).toSorted(), Object.keys(fresh.managed).toSorted());
      for (const [key, wanted] of Object.entries(fresh.managed)) t.like(edited.managed[key], wanted);
    }),
    { numRuns: 40 },
  );
});

test('where the store knows the owners of fields, it is so entirely', async (t) => {
  await fc.assert(
    fc.asyncProperty(models, async ([one, two]) => {
      t.deepEqual(await after([one, two], true), await after([two], true));
    }),
    { numRuns: 40 },
  );
});

test('an edit that is taken back leaves what was set before', async (t) => {
  await fc.assert(
    fc.asyncProperty(models, fc.boolean(), async ([one, two], ownsFields) => {
      const back = await after([one, two, one], ownsFields);
      const before = await after([one], ownsFields);
      t.deepEqual(back.faults, []);
      t.deepEqual(Object.keys(back.managed).toSorted(), Object.keys(before.managed).toSorted());
      for (const [key, wanted] of Object.entries(before.managed)) t.like(back.managed[key], wanted);
    }),
    { numRuns: 40 },
  );
});
