import assert from 'node:assert/strict';
import type { Catalog, DefinitionLookup, Resource } from 'koreo-kernel';
import { catalogOf } from '../definitions/catalog.js';
import { inChild } from '../harness/child.js';
import type { Figure } from '../harness/figure.js';
import type { Group } from '../harness/group.js';
import type { Meter } from '../harness/meter.js';
import { atLeastTimes } from '../harness/target.js';
import type { Work } from '../harness/work.js';
import { chain, STEP_FUNCTIONS } from '../workflows/definitions.js';
import type { ManyCost, ManyKind, ManyTask } from './prepare-many.js';

/** How many of each kind are prepared. */
const COUNTS: Readonly<Record<ManyKind, number>> = { ValueFunction: 1000, ResourceFunction: 1000, Workflow: 200 };
const KINDS = Object.keys(COUNTS) as readonly ManyKind[];
const DEPENDENTS = 500;

/** What it costs to take definitions in, and to take one in anew. */
export const preparing: Group = {
  name: 'preparing',
  title: 'Preparing',
  targets: [
    {
      ...atLeastTimes(20, 'memory of a prepared ValueFunction; ResourceFunction; Workflow', KINDS.map(memoryOf)),
      goal: 'at most 1/20 each',
    },
  ],
  measure: async (meter) => {
    const figures: Figure[] = [];
    for (const kind of KINDS) figures.push(...(await measureMany(meter, kind)));
    return [...figures, await meter.rate(reload(meter.effort.name === 'smoke' ? 5 : DEPENDENTS))];
  },
};

function memoryOf(kind: ManyKind): string {
  return `memory of a ${kind}`;
}

/** Each sample is a new process, which has seen no definition before. */
async function measureMany(meter: Meter, kind: ManyKind): Promise<readonly Figure[]> {
  const count = meter.effort.name === 'smoke' ? 2 : COUNTS[kind];
  const costs: ManyCost[] = [];
  for (let sample = 0; sample < meter.effort.samples; sample += 1) {
    const task: ManyTask = { kind, count };
    const module = new URL('./prepare-many.js', import.meta.url);
    costs.push(await inChild<ManyCost>({ module, task: { ...task }, flags: ['--expose-gc'] }));
  }
  const samples = (of: (cost: ManyCost) => number): readonly number[] => costs.map(of);
  return [
    meter.figure(
      { work: `prepare ${kind}`, by: 'koreo', unit: '/ CPU s' },
      samples(({ cpuMs }) => (count / cpuMs) * 1000),
    ),
    meter.figure(
      { work: memoryOf(kind), by: 'koreo', unit: 'KiB' },
      samples(({ residentKiB }) => residentKiB / count),
    ),
    meter.figure(
      { work: `${memoryOf(kind)}, on the heap`, by: 'koreo', unit: 'KiB' },
      samples(({ heapKiB }) => heapKiB / count),
    ),
  ];
}

/** A function changes on which Workflows depend: all of them mean something new. */
function reload(dependents: number): Work {
  const workflows = Array.from({ length: dependents }, (_, index) => chain(`route-${index}`, 10));
  const catalog = catalogOf([...STEP_FUNCTIONS, ...workflows]);
  const [changing, changed] = versions();
  let turn = 0;
  return {
    work: `reload of a function of ${dependents} Workflows`,
    by: 'koreo',
    run: () => {
      turn += 1;
      apply(catalog, turn % 2 === 0 ? changing : changed);
      return catalog.current;
    },
    check: (definitions) => {
      const entry = (definitions as DefinitionLookup).find('Workflow', 'route-0');
      assert.equal(entry?.status, 'ready');
      assert.equal(entry?.version, 2);
    },
  };
}

function apply(catalog: Catalog, resource: Resource): void {
  catalog.apply([{ type: 'set', resource, from: { store: 'bench' } }]);
}

/** The function that all steps of a chain call, as it is and as it is after an edit. */
function versions(): readonly [Resource, Resource] {
  const [first] = STEP_FUNCTIONS;
  if (first === undefined) throw new Error('there are no functions');
  return [first, { ...first, spec: { return: { stop: '=inputs.stop + 1', note: '=inputs.note' } } }];
}
