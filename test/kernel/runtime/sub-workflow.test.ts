import test from 'ava';
import { MemoryStore } from 'koreo-kernel/testing';
import { orderTrigger, runWorkflowOf } from '../../support/run.js';
import { outcomeOf, workflowOf, workflowText } from '../../support/workflows.js';

const widget = (name: string) => ({
  apiVersion: 'example/v1',
  kind: 'Widget',
  plural: 'widgets',
  name,
  namespace: 'shop',
  readonly: false,
  resourceFunction: 'widget',
});

test('the parent of a sub-Workflow is the inputs of its step, and its value is its merged state', async (t) => {
  const inner = workflowText(
    'inner',
    `
- {label: first, echo: true, inputs: {value: =parent.n + 1}, state: {a: =value.value, deep: {x: 1}}}
- {label: second, guard: true, inputs: {value: skip}, state: {skipped: true}}
- {label: third, echo: true, inputs: {value: =steps.first.value}, state: {deep: {y: =value.value}}}`,
  );
  const definitions = workflowOf(
    `
- {label: outer, sub: inner, inputs: {n: =parent.spec.n}, state: {got: =value}}
- {label: after, echo: true, inputs: {value: =steps.outer.deep.y}}`,
    inner,
  );
  const run = await runWorkflowOf(definitions, 'w', { trigger: orderTrigger({ spec: { n: 1 } }) });
  t.deepEqual(outcomeOf(run, 'outer'), { type: 'Ok', value: { a: 2, deep: { x: 1, y: 2 } } });
  t.deepEqual(outcomeOf(run, 'after'), { type: 'Ok', value: { value: 2 } });
  t.deepEqual(run.state, { got: { a: 2, deep: { x: 1, y: 2 } } });
  t.deepEqual(
    run.steps[0]?.steps?.map(({ label, outcome }) => [label, outcome.type]),
    [
      ['first', 'Ok'],
      ['second', 'Skip'],
      ['third', 'Ok'],
    ],
  );
});

test('its outcome, if not Ok, is that of the step', async (t) => {
  for (const [value, type] of [
    ['retry', 'Retry'],
    ['fail', 'PermFail'],
    ['skip', 'Skip'],
    ['dep', 'DepSkip'],
  ]) {
    const inner = workflowText('inner', `- {label: only, guard: true, inputs: {value: ${value}}}`);
    const run = await runWorkflowOf(workflowOf('- {label: outer, sub: inner}', inner), 'w');
    t.is(outcomeOf(run, 'outer').type, type as never);
    t.regex((run.outcome as { location: string }).location, /^outer: only: ValueFunction guard /);
  }
});

test('conditions that its steps ask for are not surfaced, its state errors are', async (t) => {
  const inner = workflowText(
    'inner',
    '- {label: only, echo: true, inputs: {value: 1}, condition: {type: Inner, name: Inner}, state: {a: =value.nope}}',
  );
  const definitions = workflowOf(
    `
- {label: outer, sub: inner, condition: {type: Outer, name: Outer}}
- {label: each, sub: inner, forEach: {itemIn: "=[1, 2]", inputKey: item}}`,
    inner,
  );
  const run = await runWorkflowOf(definitions, 'w');
  t.deepEqual(
    run.conditions.map(({ type }) => type),
    ['Outer'],
  );
  t.deepEqual(Object.keys(run.stateErrors ?? {}), ['outer.only', 'each[0].only', 'each[1].only']);
  t.deepEqual(outcomeOf(run, 'outer'), { type: 'Ok', value: {} });
});

test('the resources that it manages belong to the trigger at the top, and are recorded under its step', async (t) => {
  const store = new MemoryStore();
  const inner = workflowText(
    'inner',
    `
- {label: made, widget: true, inputs: {name: =parent.name}}
- {label: pure, echo: true, inputs: {value: 1}}`,
  );
  const definitions = workflowOf(
    `
- {label: outer, sub: inner, inputs: {name: a}}
- {label: each, sub: inner, forEach: {itemIn: "=['b', 'c']", inputKey: name}}
- {label: own, widget: true, inputs: {name: d}}
- {label: skipped, skipIf: =true, widget: true, inputs: {name: e}}
- {label: waits, widget: true, inputs: {name: =steps.own.name}}`,
    inner,
  );
  const run = await runWorkflowOf(definitions, 'w', { store });
  t.deepEqual(
    store.resources.map(({ metadata }) => [metadata.name, metadata.ownerReferences?.[0]?.uid]),
    [
      ['a', 'order-uid'],
      ['b', 'order-uid'],
      ['c', 'order-uid'],
      ['d', 'order-uid'],
    ],
  );
  const sub = (name: string) => ({ workflow: 'inner', resources: { made: widget(name), pure: null } });
  t.deepEqual(run.managed, {
    workflow: 'w',
    resources: { outer: sub('a'), each: [sub('b'), sub('c')], own: widget('d'), skipped: null, waits: null },
  });
});

test('every definition that a run looked up is told once, wherever it was', async (t) => {
  const inner = workflowText('inner', '- {label: only, echo: true, inputs: {value: 1}}');
  const definitions = workflowOf('- {label: outer, sub: inner}\n- {label: again, sub: inner}', inner);
  t.deepEqual((await runWorkflowOf(definitions, 'w')).used, [
    { kind: 'Workflow', name: 'inner' },
    { kind: 'ValueFunction', name: 'echo' },
  ]);
});

test('a dry run tells what each step would do, and writes nothing', async (t) => {
  const store = new MemoryStore();
  const definitions = workflowOf('- {label: made, widget: true, inputs: {name: a}}');
  const run = await runWorkflowOf(definitions, 'w', { store, dryRun: true });
  t.like(run.steps[0]?.action, { type: 'create', done: false, resource: widget('a') });
  t.is(store.writes, 0);
});
