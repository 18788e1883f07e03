import test from 'ava';
import { DEFAULT_EVALUATION_LIMITS } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { notReady } from '../../support/definitions.js';
import { orderTrigger, runWorkflowOf } from '../../support/run.js';
import { outcomeOf, workflowOf } from '../../support/workflows.js';

test('a step sees the parent, and the values of the steps that it refers to', async (t) => {
  const definitions = workflowOf(`
- {label: first, echo: true, inputs: {value: =parent.spec.n + 1}}
- {label: second, echo: true, inputs: {value: =steps.first.value * 10}}`);
  const run = await runWorkflowOf(definitions, 'w', { trigger: orderTrigger({ spec: { n: 1 } }) });
  t.deepEqual(run.outcome, { type: 'Ok', value: [{ value: 2 }, { value: 20 }] });
  t.deepEqual(
    run.steps.map(({ label, waitedFor }) => [label, ...waitedFor]),
    [['first'], ['second', 'first']],
  );
});

test('parent is metadata, spec and state of the trigger, and state is empty before there is one', async (t) => {
  const definitions = workflowOf('- {label: all, echo: true, inputs: {value: =parent}}');
  const parentOf = async (fields: object) => {
    const trigger = orderTrigger(fields as never);
    const { value } = outcomeOf(await runWorkflowOf(definitions, 'w', { trigger }), 'all') as { value?: unknown };
    return (value as { value: object }).value;
  };
  const { metadata } = orderTrigger();
  t.deepEqual(await parentOf({ spec: { a: 1 } }), { metadata, spec: { a: 1 }, state: {} });
  t.deepEqual(await parentOf({ spec: { a: 1 }, status: { state: { b: 2 }, other: 3 }, extra: 4 }), {
    metadata,
    spec: { a: 1 },
    state: { b: 2 },
  });
  t.like(await parentOf({ total: 5, state: 'text' }), { metadata, total: 5, state: {} });
});

test('a step whose dependency is not Ok is DepSkip, with a message that names it and why', async (t) => {
  for (const [value, why] of [
    ['skip', 'Skip: told to skip'],
    ['dep', 'DepSkip'],
    ['retry', 'Retry: come back'],
    ['fail', 'PermFail: never'],
  ]) {
    const definitions = workflowOf(`
- {label: first, guard: true, inputs: {value: ${value}}}
- {label: second, echo: true, inputs: {value: =steps.first.value + parent.spec.boom}}
- {label: third, echo: true, inputs: {value: =steps.second.value}}`);
    const run = await runWorkflowOf(definitions, 'w');
    t.like(outcomeOf(run, 'second'), { type: 'DepSkip', message: `Step 'second' waits for 'first' (${why})` });
    t.like(outcomeOf(run, 'third'), { type: 'DepSkip', message: `Step 'third' waits for 'second' (DepSkip)` });
  }
});

test('to refer is to name: has() and a branch that would not be taken count too', async (t) => {
  const definitions = workflowOf(`
- {label: late, guard: true, inputs: {value: retry}}
- {label: asks, echo: true, inputs: {value: =has(steps.late.value)}}
- {label: branches, echo: true, inputs: {value: "=true ? 1 : steps.late.value"}}
- {label: guarded, skipIf: =steps.late.value == 1, echo: true, inputs: {value: 1}}
- {label: each, echo: true, forEach: {itemIn: "=[steps.late.value]", inputKey: value}}`);
  const run = await runWorkflowOf(definitions, 'w');
  for (const label of ['asks', 'branches', 'guarded', 'each']) t.is(outcomeOf(run, label).type, 'DepSkip');
});

test('steps that do not refer to one that failed run on, and make their changes', async (t) => {
  const store = new MemoryStore();
  const definitions = workflowOf(`
- {label: failing, guard: true, inputs: {value: fail}}
- {label: other, widget: true, inputs: {name: a}}
- {label: after, widget: true, inputs: {name: =steps.failing.value}}`);
  const run = await runWorkflowOf(definitions, 'w', { store });
  t.is(run.outcome.type, 'PermFail');
  t.like(outcomeOf(run, 'other'), { type: 'Retry', message: 'Creating Widget shop/a.' });
  t.deepEqual(
    store.resources.map(({ metadata }) => metadata.name),
    ['a'],
  );
});

test('the outcome of a Workflow is the combination of those of its steps', async (t) => {
  const combined = async (...values: readonly string[]) => {
    const steps = values.map((value, index) => `- {label: step_${index}, guard: true, inputs: {value: ${value}}}`);
    return (await runWorkflowOf(workflowOf(steps.join('\n')), 'w')).outcome;
  };
  t.like(await combined('dep', 'skip'), { type: 'Skip' });
  t.deepEqual(await combined('dep', 'a', 'skip', 'b'), { type: 'Ok', value: [{ value: 'a' }, { value: 'b' }] });
  t.like(await combined('a', 'retry', 'later', 'skip'), {
    type: 'Retry',
    delay: 40,
    message: 'come back, come back later',
  });
  const failed = await combined('retry', 'fail', 'fail');
  t.like(failed, { type: 'PermFail', message: 'never, never' });
  t.regex((failed as { location: string }).location, /^step_1: ValueFunction guard spec\.\S+ \(.*, step_2: /);
});

test('skipIf is looked at before the inputs, so that it can guard them', async (t) => {
  const definitions = workflowOf(`
- {label: skipped, skipIf: =!has(parent.spec.late), echo: true, inputs: {value: =parent.spec.late.value}}
- {label: runs, skipIf: =has(parent.spec.late), echo: true, inputs: {value: 1}}`);
  const run = await runWorkflowOf(definitions, 'w');
  t.like(outcomeOf(run, 'skipped'), { type: 'Skip', message: 'skipped by workflow' });
  t.deepEqual(outcomeOf(run, 'runs'), { type: 'Ok', value: { value: 1 } });
});

test('a skipIf that is no boolean, and inputs that fail or are no mapping, are a PermFail of that step alone', async (t) => {
  const definitions = workflowOf(`
- {label: odd_guard, skipIf: =parent.spec.text, echo: true, inputs: {value: 1}}
- {label: no_inputs, echo: true, inputs: {value: =parent.spec.nope.deep}}
- {label: odd_inputs, echo: true, inputs: =parent.spec.text}
- {label: fine, echo: true, inputs: {value: 1}}`);
  const run = await runWorkflowOf(definitions, 'w', { trigger: orderTrigger({ spec: { text: 'x' } }) });
  t.like(outcomeOf(run, 'odd_guard'), {
    type: 'PermFail',
    message: 'spec.steps[0].skipIf must give a boolean, but it gives a string',
  });
  t.is(outcomeOf(run, 'no_inputs').type, 'PermFail');
  t.like(outcomeOf(run, 'odd_inputs'), { message: 'spec.steps[2].inputs must give a mapping, but it gives a string' });
  t.is(outcomeOf(run, 'fine').type, 'Ok');
});

test('a step without inputs runs with none', async (t) => {
  const definitions = workflowOf('- {label: bare, echo: true}');
  t.is(outcomeOf(await runWorkflowOf(definitions, 'w'), 'bare').type, 'PermFail');
});

const SWITCH = `
- label: choose
  refSwitch:
    switchOn: =inputs.kind
    cases:
    - {case: small, kind: ValueFunction, name: echo}
    - {case: "7", kind: ValueFunction, name: guard}`;

test('refSwitch takes the case of that text, an integer that of the same text', async (t) => {
  const choose = async (kind: unknown, cases = '') => {
    const definitions = workflowOf(`${SWITCH}${cases}\n  inputs: {kind: =parent.spec.kind, value: v}`);
    const run = await runWorkflowOf(definitions, 'w', { trigger: orderTrigger({ spec: { kind } } as never) });
    return { outcome: outcomeOf(run, 'choose'), logic: run.steps[0]?.logic?.name };
  };
  t.like(await choose('small'), { logic: 'echo', outcome: { type: 'Ok' } });
  t.like(await choose(7), { logic: 'guard' });
  t.like(await choose('other', '\n    - {case: big, kind: ValueFunction, name: echo, default: true}'), {
    logic: 'echo',
  });
  t.like((await choose('other')).outcome, {
    type: 'PermFail',
    message: 'switchOn gives a string that is none of the cases, and there is no default case',
  });
  for (const kind of [1.5, true, null, ['small']]) {
    const { outcome } = await choose(kind);
    t.is(outcome.type, 'PermFail');
    t.regex((outcome as { message: string }).message, /switchOn must give a string or an integer/);
  }
});

test('switchOn sees the inputs of the step, the steps and the parent', async (t) => {
  const definitions = workflowOf(`
- {label: first, echo: true, inputs: {value: sm}}
- label: choose
  inputs: {end: l, value: 1}
  refSwitch:
    switchOn: =steps.first.value + parent.spec.middle + inputs.end
    cases: [{case: small, kind: ValueFunction, name: echo}]`);
  const run = await runWorkflowOf(definitions, 'w', { trigger: orderTrigger({ spec: { middle: 'al' } }) });
  t.is(outcomeOf(run, 'choose').type, 'Ok');
});

test('Logic that is missing or broken is a Retry that says for what, and the run has asked for it', async (t) => {
  const definitions = workflowOf(`
- {label: missing, ref: {kind: ValueFunction, name: gone}}
- {label: broken, ref: {kind: Workflow, name: sick}}`).with(notReady('Workflow', 'sick', 'steps are missing'));
  const run = await runWorkflowOf(definitions, 'w');
  t.like(outcomeOf(run, 'missing'), { type: 'Retry', delay: 30, message: 'ValueFunction gone is missing' });
  t.like(outcomeOf(run, 'broken'), { type: 'Retry', message: 'Workflow sick is broken: steps are missing' });
  t.deepEqual(run.used, [
    { kind: 'ValueFunction', name: 'gone' },
    { kind: 'Workflow', name: 'sick' },
  ]);
});

test('all evaluations of a run share its budget', async (t) => {
  const definitions = workflowOf(
    '- {label: each, echo: true, forEach: {itemIn: =parent.spec.items, inputKey: value}}\n- {label: last, echo: true, inputs: {value: =to_json(parent.spec.items)}}',
  );
  const items = Array.from({ length: 100 }, (_, index) => index);
  const trigger = orderTrigger({ spec: { items } });
  const within = (runSteps: number) => {
    const evaluation = { ...DEFAULT_EVALUATION_LIMITS, runSteps };
    return runWorkflowOf(definitions, 'w', { trigger, limits: { evaluation } });
  };
  t.is((await within(100_000)).outcome.type, 'Ok');
  const run = await within(60);
  t.is(run.outcome.type, 'PermFail');
  t.regex((run.outcome as { message: string }).message, /60 \(limits\.runSteps\)/);
});

test('conditions are asked for with what the step came to; of two of one type the later wins', async (t) => {
  const definitions = workflowOf(`
- {label: first, echo: true, inputs: {value: 1}, condition: {type: Stock, name: The stock}}
- {label: second, guard: true, inputs: {value: retry}, condition: {type: Price, name: The price}}
- {label: third, echo: true, inputs: {value: =steps.second.value}, condition: {type: Stock, name: The late stock}}
- {label: fourth, echo: true, inputs: {value: 1}}`);
  const { conditions } = await runWorkflowOf(definitions, 'w');
  t.deepEqual(
    conditions.map(({ type, name, outcome }) => [type, name, outcome.type]),
    [
      ['Stock', 'The late stock', 'DepSkip'],
      ['Price', 'The price', 'Retry'],
    ],
  );
});

test('the state of Ok steps is merged deeply, in the order of the steps', async (t) => {
  const definitions = workflowOf(`
- {label: first, echo: true, inputs: {value: 1}, state: {a: {x: =value.value, y: 1}, list: [1]}}
- {label: second, guard: true, inputs: {value: skip}, state: {skipped: true}}
- {label: third, echo: true, inputs: {value: 3}, state: {a: {y: =value.value}, list: [3]}}`);
  const { state, stateErrors } = await runWorkflowOf(definitions, 'w');
  t.deepEqual(state, { a: { x: 1, y: 3 }, list: [3] });
  t.is(stateErrors, null);
});

test('a state that fails leaves the step Ok, is left out whole, and is told', async (t) => {
  const definitions = workflowOf(`
- {label: first, echo: true, inputs: {value: 1}, state: {fine: 1, broken: =value.nope}}
- {label: second, echo: true, inputs: {value: 2}, state: =value.value}
- {label: third, echo: true, inputs: {value: 3}, state: {n: =value.value}}`);
  const run = await runWorkflowOf(definitions, 'w');
  t.is(run.outcome.type, 'Ok');
  t.deepEqual(run.state, { n: 3 });
  t.deepEqual(Object.keys(run.stateErrors ?? {}), ['first', 'second']);
  t.regex(run.stateErrors?.first ?? '', /^spec\.steps\[0\]\.state\.broken .*nope/);
  t.is(run.stateErrors?.second, 'spec.steps[1].state must give a mapping, but it gives a number');
});

test('labels that are dangerous in JavaScript are labels', async (t) => {
  const definitions = workflowOf(`
- {label: __proto__, echo: true, inputs: {value: 1}, state: {ok: =value.value}}
- {label: constructor, echo: true, inputs: {value: '=steps["__proto__"].value + 1'}, state: {deep: =value.nope}}`);
  const run = await runWorkflowOf(definitions, 'w');
  t.deepEqual(outcomeOf(run, 'constructor'), { type: 'Ok', value: { value: 2 } });
  t.deepEqual(Object.keys(run.stateErrors ?? {}), ['constructor']);
  t.deepEqual(Object.keys(run.managed.resources), ['__proto__', 'constructor']);
});
