import test from 'ava';
import type { StoreCall } from 'koreo-kernel/testing';
import { MemoryStore, VirtualClock } from 'koreo-kernel/testing';
import { Gate } from '../../support/gate.js';
import { LATER } from '../../support/later-engine.js';
import { orderTrigger, runWorkflowOf } from '../../support/run.js';
import { outcomeOf, workflowOf, workflowText } from '../../support/workflows.js';

/** A store whose reads of some names wait, each at its own gate; it tells which reads have begun. */
function gatedStore(...names: readonly string[]) {
  const store = new MemoryStore();
  const gates = new Map(names.map((name) => [name, new Gate()]));
  const begun: string[] = [];
  store.intercept(async ({ verb, ref }: StoreCall) => {
    if (verb !== 'get') return;
    begun.push(ref.name ?? '');
    await gates.get(ref.name ?? '')?.opened;
  });
  return { store, begun, open: (name: string) => gates.get(name)?.open() };
}

test('steps with no path between them run at the same time', async (t) => {
  const { store, begun, open } = gatedStore('a', 'b');
  const clock = new VirtualClock();
  const definitions = workflowOf(`
- {label: first, widget: true, inputs: {name: a}}
- {label: second, widget: true, inputs: {name: b}}`);
  const run = runWorkflowOf(definitions, 'w', { store, clock });
  await clock.settle();
  t.deepEqual(begun, ['a', 'b']);
  open('a');
  open('b');
  t.is((await run).outcome.type, 'Retry');
});

test('a step starts as soon as what it refers to has ended, whatever else still runs', async (t) => {
  const { store, begun, open } = gatedStore('slow');
  const clock = new VirtualClock();
  const definitions = workflowOf(`
- {label: slow, widget: true, inputs: {name: slow}}
- {label: quick, echo: true, inputs: {value: after}}
- {label: after, widget: true, inputs: {name: =steps.quick.value}}
- {label: both, echo: true, inputs: {value: =steps.slow.name + steps.quick.value}}`);
  const run = runWorkflowOf(definitions, 'w', { store, clock });
  await clock.settle();
  t.deepEqual(begun, ['slow', 'after']);
  t.deepEqual(
    store.resources.map(({ metadata }) => metadata.name),
    ['after'],
  );
  open('slow');
  t.is(outcomeOf(await run, 'both').type, 'DepSkip');
});

test('a step that takes too long is a Retry, and no other step is affected', async (t) => {
  const { store } = gatedStore('stuck');
  const clock = new VirtualClock();
  const definitions = workflowOf(`
- {label: stuck, widget: true, inputs: {name: stuck}}
- {label: fine, widget: true, inputs: {name: fine}}
- {label: after, echo: true, inputs: {value: =steps.stuck.name}}`);
  const run = runWorkflowOf(definitions, 'w', { store, clock });
  await clock.advance(9_999);
  t.is(clock.pending, 1);
  await clock.advance(1);
  const { steps, outcome, managed } = await run;
  t.like(outcomeOf({ steps }, 'stuck'), { type: 'Retry', delay: 30, message: "Step 'stuck' took longer than 10 s" });
  t.like(outcomeOf({ steps }, 'fine'), { type: 'Retry', message: 'Creating Widget shop/fine.' });
  t.like(outcomeOf({ steps }, 'after'), { type: 'DepSkip' });
  t.is(outcome.type, 'Retry');
  t.is(steps[0]?.durationMs, 10_000);
  t.like(managed.resources, { stuck: { name: 'stuck' }, fine: { name: 'fine' } });
  t.is(clock.pending, 0);
});

test('the time of a step begins when the step does, and a step may have its own limit', async (t) => {
  const { store, open } = gatedStore('first', 'second');
  store.put({ apiVersion: 'example/v1', kind: 'Widget', metadata: { name: 'first', namespace: 'shop' }, spec: {} });
  const clock = new VirtualClock();
  const definitions = workflowOf(`
- {label: first, widget: true, inputs: {name: first}, timeoutSeconds: 60}
- {label: second, widget: true, inputs: {name: '=has(steps.first.name) ? "second" : ""'}, timeoutSeconds: 2}`);
  const owner = orderTrigger().metadata.uid;
  await store.patch(
    { apiVersion: 'example/v1', kind: 'Widget', name: 'first', namespace: 'shop' },
    { metadata: { ownerReferences: [{ uid: owner ?? '' }] } },
  );
  const run = runWorkflowOf(definitions, 'w', { store, clock });
  await clock.advance(50_000);
  open('first');
  await clock.advance(1_999);
  t.is(clock.pending, 1);
  await clock.advance(1);
  const { steps } = await run;
  t.is(outcomeOf({ steps }, 'first').type, 'Ok');
  t.like(outcomeOf({ steps }, 'second'), { message: "Step 'second' took longer than 2 s" });
  t.deepEqual(
    steps.map(({ durationMs }) => durationMs),
    [50_000, 2_000],
  );
});

test('a step that was given up sees its signal abort, and writes nothing when its answer comes late', async (t) => {
  const { store, open } = gatedStore('stuck');
  const signals: (AbortSignal | undefined)[] = [];
  store.intercept(({ options }) => {
    signals.push(options.signal);
  });
  const clock = new VirtualClock();
  const definitions = workflowOf('- {label: stuck, widget: true, inputs: {name: stuck}}');
  const run = runWorkflowOf(definitions, 'w', { store, clock });
  await clock.advance(10_000);
  const before = await run;
  open('stuck');
  await clock.settle();
  t.deepEqual(await run, before);
  t.is(store.writes, 0);
  t.is(signals.length > 0 && signals[0]?.aborted, true);
  t.is(signals[0]?.reason.name, 'TimeoutError');
});

test('items of a step that was given up are no longer begun', async (t) => {
  const { store, begun, open } = gatedStore('a');
  const clock = new VirtualClock();
  const definitions = workflowOf(
    '- {label: each, widget: true, forEach: {itemIn: =parent.spec.items, inputKey: name}}',
  );
  const trigger = orderTrigger({ spec: { items: ['a', 'b', 'c'] } });
  const run = runWorkflowOf(definitions, 'w', { store, clock, trigger, limits: { forEachConcurrency: 1 } });
  await clock.advance(10_000);
  await run;
  open('a');
  await clock.settle();
  t.deepEqual(begun, ['a']);
});

test('a sub-Workflow that takes too long is given up with all its steps', async (t) => {
  const { store } = gatedStore('stuck');
  const clock = new VirtualClock();
  const inner = workflowText('inner', '- {label: stuck, widget: true, inputs: {name: stuck}, timeoutSeconds: 500}');
  const definitions = workflowOf('- {label: outer, sub: inner}', inner);
  const run = runWorkflowOf(definitions, 'w', { store, clock });
  await clock.advance(10_000);
  const { steps, managed } = await run;
  t.like(outcomeOf({ steps }, 'outer'), { type: 'Retry', message: "Step 'outer' took longer than 10 s" });
  t.like(managed.resources, { outer: { workflow: 'inner', resources: { stuck: { name: 'stuck' } } } });
  await clock.settle();
  t.is(clock.pending, 0);
});

test('a run whose signal aborts rejects with its reason, even when a store does not listen', async (t) => {
  const abort = new AbortController();
  const clock = new VirtualClock();
  const store = new MemoryStore();
  const deaf = Object.assign(Object.create(store), {
    kind: (gvk: never) => store.kind(gvk),
    get: () => new Promise(() => {}),
  });
  const definitions = workflowOf('- {label: stuck, widget: true, inputs: {name: stuck}}');
  const run = runWorkflowOf(definitions, 'w', { store: deaf, clock, signal: abort.signal });
  await clock.settle();
  const reason = new Error('the kernel stops');
  abort.abort(reason);
  t.is(await t.throwsAsync(run), reason);
  t.is(clock.pending, 0);
});

test('a defect in one step waits for the others before it rejects, so that nothing goes on behind a run', async (t) => {
  const { store, open } = gatedStore('slow');
  const clock = new VirtualClock();
  const definitions = workflowOf(`
- {label: slow, widget: true, inputs: {name: slow}}
- {label: broken, ref: {kind: ValueFunction, name: broken}}`).with({
    kind: 'ValueFunction',
    name: 'broken',
    namespace: 'tests',
    store: 'test',
    version: 1,
    status: 'ready',
    warnings: [],
    definition: { kind: 'ValueFunction', name: 'broken' } as never,
  });
  let ended = false;
  const run = runWorkflowOf(definitions, 'w', { store, clock }).finally(() => {
    ended = true;
  });
  const failing = t.throwsAsync(run, { instanceOf: TypeError });
  await clock.settle();
  t.false(ended);
  open('slow');
  await failing;
});

test('functions that need no promise are run in one go, without a timer', async (t) => {
  const clock = new VirtualClock();
  const definitions = workflowOf(`
- {label: first, echo: true, inputs: {value: 1}}
- {label: each, echo: true, forEach: {itemIn: "=[steps.first.value]", inputKey: value}}`);
  let timers = 0;
  const counting = Object.assign(Object.create(clock), {
    now: () => clock.now(),
    schedule: (ms: number, callback: () => void) => {
      timers += 1;
      return clock.schedule(ms, callback);
    },
  });
  t.is((await runWorkflowOf(definitions, 'w', { clock: counting })).outcome.type, 'Ok');
  t.is(timers, 0);
});

test('an engine that answers later gives the same run', async (t) => {
  const steps = `
- {label: first, echo: true, inputs: {value: =parent.spec.n}, state: {n: =value.value}}
- {label: skipped, skipIf: =parent.spec.n == 1, echo: true, inputs: {value: =parent.nowhere.deep}}
- {label: failing, guard: true, inputs: {value: =steps.first.value + parent.nothing.deep}}
- {label: each, guard: true, forEach: {itemIn: "=[1, steps.first.value, 'skip']", inputKey: value}}
- {label: last, echo: true, inputs: {value: =steps.each}, state: =value.value}`;
  const trigger = orderTrigger({ spec: { n: 1 } });
  const now = await runWorkflowOf(workflowOf(steps), 'w', { trigger });
  const definitions = workflowOf('- {label: any, echo: true}', workflowText('later', steps, LATER));
  const later = await runWorkflowOf(definitions, 'later', { trigger });
  const outline = ({ steps: all, state, stateErrors }: typeof now) => ({
    steps: all.map(({ label, outcome }) => [label, outcome.type, 'value' in outcome ? outcome.value : null]),
    state,
    failed: Object.keys(stateErrors ?? {}),
  });
  t.deepEqual(outline(later), outline(now));
  t.deepEqual(
    now.steps.map(({ outcome }) => outcome.type),
    ['Ok', 'Skip', 'PermFail', 'Ok', 'Ok'],
  );
});
