import assert from 'node:assert/strict';
import {
  type JsonObject,
  type Outcome,
  type Resource,
  type ResourceRef,
  RunBudget,
  UsedDefinitions,
} from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { ManagedTracker } from '../../kernel/runtime/managed-tracker.js';
import { runResourceFunction } from '../../kernel/runtime/resource-function.js';
import type { RunContext } from '../../kernel/runtime/run-context.js';
import { catalogOf, definitionOf, definitionsIn } from '../definitions/catalog.js';
import { environmentOf } from '../definitions/run.js';
import { type Work, workOf } from '../harness/work.js';

const SPOOL: ResourceRef = {
  apiVersion: 'bench.example.com/v1',
  kind: 'PrintSpool',
  name: 'west-wing',
  namespace: 'press',
};
const INPUTS: JsonObject = { metadata: { name: SPOOL.name, namespace: 'press' }, wanted: true, depth: 64 };
const RETURN = { ref: { ...SPOOL }, total: 6400, ready: true };

/** A ResourceFunction whose resource is not there, is as it should be, and is not: each against a store in memory of its own. */
export async function resourceWorks(): Promise<readonly Work[]> {
  const catalog = catalogOf(definitionsIn('functions/print-spool.koreo'));
  const definition = definitionOf(catalog, 'ResourceFunction', 'print-spool.v1');
  const run = async (store: MemoryStore): Promise<Outcome> => {
    const context: RunContext = {
      ...environmentOf(catalog.current, store),
      claim: async () => undefined,
      appliedTo: () => undefined,
      owner: { store: 'triggers', apiVersion: 'bench.example.com/v1', kind: 'PrintShop', name: 'west' },
      budget: new RunBudget(),
      used: new UsedDefinitions(catalog.current),
    };
    const { outcome } = await runResourceFunction(definition, INPUTS, context, new ManagedTracker());
    return outcome;
  };

  const made = new MemoryStore();
  await run(made);
  const created = made.peek(SPOOL);
  assert.ok(created);
  const ready = { ...created, status: { ready: true } };
  const holding = (resource: Resource): MemoryStore => new MemoryStore({ resources: [resource] });
  const drifted = { ...ready, spec: { ...(ready.spec as JsonObject), depth: 1 } };
  const matching = holding(ready);
  return [
    workOf({
      work: 'ResourceFunction create',
      by: 'koreo',
      arrange: () => new MemoryStore(),
      run,
      check: (outcome) => isRetry(outcome as Outcome),
    }),
    workOf({
      work: 'ResourceFunction match',
      by: 'koreo',
      run: () => run(matching),
      check: (outcome) => assert.deepEqual(outcome, { type: 'Ok', value: RETURN }),
    }),
    workOf({
      work: 'ResourceFunction patch',
      by: 'koreo',
      arrange: () => holding(drifted),
      run,
      check: (outcome) => isRetry(outcome as Outcome),
    }),
  ];
}

function isRetry(outcome: Outcome): void {
  assert.equal(outcome.type, 'Retry');
  assert.equal(outcome.type === 'Retry' && outcome.delay, 30);
}
