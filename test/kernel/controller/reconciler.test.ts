import test from 'ava';
import {
  type CatalogChange,
  DEFAULT_RUN_LIMITS,
  ok,
  type RunReport,
  refOf,
  type runTriggeredWorkflow,
} from 'koreo-kernel';
import { MemoryStore, VirtualClock } from 'koreo-kernel/testing';
import { Subject } from 'rxjs';
import { Announcer } from '../../../kernel/controller/announcer.js';
import { DEFAULT_FIGHT_LIMITS } from '../../../kernel/controller/fights.js';
import { ManagedWatches } from '../../../kernel/controller/managed-watches.js';
import { Reconciler } from '../../../kernel/controller/reconciler.js';
import { Releaser } from '../../../kernel/controller/releaser.js';
import { SteadyRuns } from '../../../kernel/controller/steady-runs.js';
import { StrainWatch } from '../../../kernel/controller/strain.js';
import { TriggerBook } from '../../../kernel/controller/trigger-book.js';
import { RetryPolicy } from '../../../kernel/scheduler/retry-policy.js';
import { RunBrake } from '../../../kernel/scheduler/run-brake.js';
import { definitionsOf } from '../../support/definitions.js';
import { order, resources } from '../../support/kernel-harness.js';

const DEFINITIONS = definitionsOf(`
kind: ValueFunction
metadata: {name: greet}
spec: {return: {text: hello}}
---
kind: Workflow
metadata: {name: orders}
spec:
  crdRef: {apiGroup: shop.example, version: v1, kind: Order}
  steps: [{label: greet, ref: {kind: ValueFunction, name: greet}}]
`);

/** A reconciler of one trigger whose runs come to what the test says. */
function reconcilerOf(run: typeof runTriggeredWorkflow) {
  const clock = new VirtualClock();
  const store = new MemoryStore({ resources: resources(order('one')) });
  const book = new TriggerBook();
  const reports: RunReport[] = [];
  const definitions = {
    current: DEFINITIONS,
    changes: new Subject<CatalogChange>(),
    resourceOf: () => undefined,
  };
  const environment = { run, clock, limits: DEFAULT_RUN_LIMITS };
  const policy = new RetryPolicy(clock);
  const announcer = new Announcer(new Map([[store.name, store]]), definitions, () => undefined);
  const tell = (report: RunReport) => reports.push(report);
  const managed = new ManagedWatches([], () => undefined, []);
  const releaser = new Releaser(managed, book, clock);
  const strain = new StrainWatch(clock, new RunBrake(clock), DEFAULT_FIGHT_LIMITS, book, managed);
  const reconciler = new Reconciler(
    book,
    definitions,
    environment,
    policy,
    clock,
    tell,
    announcer,
    managed,
    releaser,
    strain,
    new SteadyRuns(definitions, strain, 0),
  );
  const keys = store.resources.map((resource) => book.see(store, resource).key);
  const abort = new AbortController();
  const reconcile = (failures = 0) =>
    reconciler.reconcile({ key: keys[0] ?? '', causes: ['changed'] }, { failures, signal: abort.signal });
  return { reconcile, store, reports, book, abort, key: keys[0] ?? '' };
}

function fails(error: unknown): typeof runTriggeredWorkflow {
  return async () => {
    throw error;
  };
}

test('an unexpected error is backed off, told in the report, and shown without what it says', async (t) => {
  const { reconcile, reports, store } = reconcilerOf(fails(new TypeError('secret is not iterable')));
  const requeue = await reconcile(3);
  t.is(requeue.type, 'back-off');
  t.true(requeue.type === 'back-off' && requeue.ms >= 4000 && requeue.ms <= 8000);
  t.like(reports[0], {
    workflow: 'orders',
    outcome: { type: 'Retry' },
    error: { code: 'unexpected', message: 'secret is not iterable' },
  });
  t.is(reports[0]?.nextRunIn, requeue.type === 'back-off' ? requeue.ms / 1000 : undefined);
  const shown = JSON.stringify(store.resources[0]?.status);
  t.regex(shown, /UnexpectedError.*TypeError/);
  t.notRegex(shown, /secret/);
});

test('the same error again writes nothing', async (t) => {
  const { reconcile, store } = reconcilerOf(fails('thrown text'));
  await reconcile(0);
  const { writes } = store;
  await reconcile(1);
  t.is(store.writes, writes);
});

test('a run that is aborted is neither shown nor told', async (t) => {
  const { reconcile, abort, store, reports } = reconcilerOf(async (_workflow, _trigger, { signal }) => {
    abort.abort(new Error('stopping'));
    signal.throwIfAborted();
    throw new Error('unreachable');
  });
  await t.throwsAsync(reconcile(), { message: 'stopping' });
  t.is(store.writes, 0);
  t.deepEqual(reports, []);
});

test('an edit that the watch has not told yet, but the answer to our write shows, is run at once', async (t) => {
  const { reconcile, store, book } = reconcilerOf(async () => {
    for (const resource of store.resources) store.put({ ...resource, spec: { count: 7 } });
    return {
      outcome: ok([]),
      steps: [],
      conditions: [],
      state: {},
      stateErrors: null,
      managed: { workflow: 'orders', resources: {} },
      used: [],
    };
  });
  t.deepEqual(await reconcile(), { type: 'after', ms: 0, cause: 'changed' });
  t.deepEqual([...book.records()][0]?.resource.spec, { count: 7 });
});

test('a run asks the store how its trigger is when the watch has not told yet what was written to it', async (t) => {
  const { reconcile, store, book } = reconcilerOf(fails('broken'));
  await reconcile();
  t.is(store.reads, 0);
  for (const resource of store.resources) store.put({ ...resource, spec: { count: 9 } });
  await reconcile();
  t.is(store.reads, 1);
  t.deepEqual([...book.records()][0]?.resource.spec, { count: 9 });
});

test('a watch that is behind takes nothing back of what was written, and is believed again when it has told it', async (t) => {
  const { reconcile, store, book } = reconcilerOf(fails('broken'));
  const [before] = store.resources;
  await reconcile();
  const [written] = store.resources;
  if (before === undefined || written === undefined) throw new Error('there is no trigger');
  book.see(store, { ...before, metadata: { ...before.metadata, labels: { seen: 'late' }, resourceVersion: '0' } });
  t.deepEqual([...book.records()][0]?.resource, written);
  book.see(store, written);
  await reconcile();
  t.is(store.reads, 0);
});

test('a key that names nothing is forgotten', async (t) => {
  const { reconcile, book, key, reports } = reconcilerOf(fails('never'));
  book.drop(key);
  t.deepEqual(await reconcile(), { type: 'forget' });
  t.deepEqual(reports, []);
});

test('a trigger that has gone from its store is run no more, and known until its watch has told so', async (t) => {
  const { reconcile, book, store } = reconcilerOf(fails('broken'));
  for (const resource of store.resources) store.drop(refOf(resource));
  t.deepEqual(await reconcile(), { type: 'forget' });
  t.is([...book.records()].length, 1);
});
