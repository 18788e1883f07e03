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
import { MOST_ARRANGED } from '../harness/sample.js';
import { type Work, workOf } from '../harness/work.js';

/** One resource, and the inputs that ask for it. */
interface Spool {
  readonly ref: ResourceRef;
  readonly inputs: JsonObject;
}

/** A ResourceFunction whose resource is not there, is as it should be, and is not: in a store in memory, a resource for each run. */
export async function resourceWorks(): Promise<readonly Work[]> {
  const run = runner();
  const spools = Array.from({ length: MOST_ARRANGED }, (_, index) => spool(`west-wing-${index}`));
  const [spare = spool('spare')] = spools;
  const store = new MemoryStore();
  const drifted = new Map<Spool, Resource>();
  for (const one of spools) {
    await run(store, one);
    drifted.set(one, changed(readyIn(store, one)));
  }
  const matching = new MemoryStore({ resources: [readyIn(store, spare)] });

  let turn = 0;
  const next = (prepare: (one: Spool) => void): Spool => {
    turn = (turn + 1) % spools.length;
    const one = spools[turn] ?? spare;
    prepare(one);
    return one;
  };
  return [
    workOf({
      work: 'ResourceFunction create',
      by: 'koreo',
      arrange: () => next(({ ref }) => store.drop(ref)),
      run: (one) => run(store, one),
      check: isRetry,
    }),
    workOf({
      work: 'ResourceFunction match',
      by: 'koreo',
      run: () => run(matching, spare),
      check: (outcome) => {
        const { apiVersion, kind, name, namespace } = spare.ref;
        const value = { ref: { apiVersion, kind, name, namespace }, total: 6400, ready: true };
        assert.deepEqual(outcome, { type: 'Ok', value });
      },
    }),
    workOf({
      work: 'ResourceFunction patch',
      by: 'koreo',
      arrange: () => next((one) => store.put(drifted.get(one) ?? assert.fail())),
      run: (one) => run(store, one),
      check: isRetry,
    }),
  ];
}

/** Runs the function as a step of a Workflow would, whose trigger owns nothing. */
function runner(): (store: MemoryStore, spool: Spool) => Promise<Outcome> {
  const catalog = catalogOf(definitionsIn('functions/print-spool.koreo'));
  const definition = definitionOf(catalog, 'ResourceFunction', 'print-spool.v1');
  return async (store, { inputs }) => {
    const context: RunContext = {
      claim: async () => undefined,
      appliedTo: () => undefined,
      owner: { store: 'triggers', apiVersion: 'bench.example.com/v1', kind: 'PrintShop', name: 'west' },
      budget: new RunBudget(),
      used: new UsedDefinitions(catalog.current),
      ...environmentOf(catalog.current, store),
    };
    const { outcome } = await runResourceFunction(definition, inputs, context, new ManagedTracker());
    return outcome;
  };
}

function spool(name: string): Spool {
  const ref = { apiVersion: 'bench.example.com/v1', kind: 'PrintSpool', name, namespace: 'press' };
  return { ref, inputs: { metadata: { name, namespace: 'press' }, wanted: true, depth: 64 } };
}

/** The resource as it was made, and has become ready since. */
function readyIn(store: MemoryStore, { ref }: Spool): Resource {
  const created = store.peek(ref);
  assert.ok(created);
  return { ...created, status: { ready: true } };
}

/** As somebody would leave it who changes a field, and not what is on record of it. */
function changed({ metadata, spec, ...rest }: Resource): Resource {
  const { uid: _uid, resourceVersion: _revision, ...kept } = metadata;
  return { ...rest, spec: { ...(spec as JsonObject), depth: 1 }, metadata: kept };
}

function isRetry(result: unknown): void {
  const outcome = result as Outcome;
  assert.equal(outcome.type, 'Retry');
  assert.equal(outcome.type === 'Retry' && outcome.delay, 30);
}
