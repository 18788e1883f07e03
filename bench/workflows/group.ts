import assert from 'node:assert/strict';
import { type JsonObject, type Resource, runTriggeredWorkflow, type TriggerRun } from 'koreo-kernel';
import { catalogOf, definitionOf } from '../definitions/catalog.js';
import { environmentOf } from '../definitions/run.js';
import type { Group } from '../harness/group.js';
import { atLeastTimes } from '../harness/target.js';
import type { Work } from '../harness/work.js';
import { benchTrigger, chain, forEach, nest, STEP_FUNCTIONS, wide } from './definitions.js';

const NAME = 'bench.v1';
const DEPTH = 10;
const PARCELS = Array.from({ length: 100 }, (_, n) => ({ n }));

/** What a work runs, what it is started with, and the state that comes of it. */
interface Run {
  readonly workflow: readonly Resource[];
  readonly spec: JsonObject;
  readonly state: JsonObject;
}

/** Workflows whose steps do next to nothing, so that what is measured is the running of steps. */
export const workflows: Group = {
  name: 'workflows',
  title: 'Workflows',
  targets: [atLeastTimes(100, 'Workflow: chain of 10; forEach over 100', ['chain of 10', 'forEach over 100'])],
  measure: (meter) =>
    meter.rates([
      workOfRun('chain of 10', { workflow: [chain(NAME, 10)], spec: { stop: 0 }, state: { final: 10 } }),
      workOfRun('forEach over 100', { workflow: [forEach(NAME)], spec: { parcels: PARCELS }, state: { count: 100 } }),
      workOfRun('100 independent steps', { workflow: [wide(NAME, 100)], spec: { stop: 0 }, state: stateOfWide(100) }),
      workOfRun(`${DEPTH} nested Workflows`, {
        workflow: nest(NAME, DEPTH),
        spec: { stop: 0 },
        state: { final: DEPTH },
      }),
    ]),
};

function workOfRun(work: string, { spec, state, workflow }: Run): Work {
  const { current } = catalogOf([...STEP_FUNCTIONS, ...workflow]);
  const definition = definitionOf({ current }, 'Workflow', NAME);
  const trigger = { resource: benchTrigger(spec), store: 'bench' };
  const environment = environmentOf(current);
  return {
    work,
    by: 'koreo',
    run: () => runTriggeredWorkflow(definition, trigger, environment),
    check: (run) => {
      const { outcome, state: given } = run as TriggerRun;
      assert.equal(outcome.type, 'Ok');
      assert.deepEqual(given, state);
    },
  };
}

function stateOfWide(width: number): JsonObject {
  return Object.fromEntries(
    Array.from({ length: width }, (_, index) => [`step_${String(index + 1).padStart(2, '0')}`, index + 1]),
  );
}
