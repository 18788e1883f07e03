import test from 'ava';
import { definitionText, preparedSpec, problemsIn } from '../../support/prepare.js';

const REF = 'ref: {kind: ValueFunction, name: f}';

function problems(spec: string): readonly string[] {
  return problemsIn(definitionText('Workflow', spec));
}

function dependencies(spec: string): Record<string, readonly string[]> {
  const { steps } = preparedSpec('Workflow', spec);
  return Object.fromEntries(steps.map(({ label, dependsOn }) => [label, dependsOn]));
}

test('a Workflow has its trigger and its steps', (t) => {
  const prepared = preparedSpec(
    'Workflow',
    `crdRef: {apiGroup: example.com, version: v1, kind: Thing}
steps:
- label: one
  ref: {kind: ValueFunction, name: f}
  inputs: {a: =parent.spec.a}
  skipIf: =parent.spec.off
  condition: {type: OneReady, name: The first}
  state: {a: =value.a}
  timeoutSeconds: 2.5
- label: two
  ref: {kind: Workflow, name: w}
  forEach: {itemIn: =steps.one.items, inputKey: item}`,
  );
  t.deepEqual(prepared.trigger, { apiVersion: 'example.com/v1', kind: 'Thing' });
  const [one, two] = prepared.steps;
  t.like(one, {
    label: 'one',
    logic: { type: 'ref', ref: { kind: 'ValueFunction', name: 'f' } },
    condition: { type: 'OneReady', name: 'The first' },
    timeoutSeconds: 2.5,
    location: { line: 7 },
  });
  t.is(one?.skipIf?.program.source, 'parent.spec.off');
  t.is(two?.forEach?.inputKey, 'item');
  t.is(two?.forEach?.itemIn.program.source, 'steps.one.items');
  t.false(two !== undefined && ('skipIf' in two || 'inputs' in two || 'timeoutSeconds' in two));
});

test('the empty group is the core group', (t) => {
  const spec = `crdRef: {apiGroup: '', version: v1, kind: ConfigMap}\nsteps:\n- {label: one, ${REF}}`;
  t.deepEqual(preparedSpec('Workflow', spec).trigger, { apiVersion: 'v1', kind: 'ConfigMap' });
});

test('a Workflow without crdRef has no trigger', (t) => {
  t.false('trigger' in preparedSpec('Workflow', `steps:\n- {label: one, ${REF}}`));
});

test('a step depends on the steps that its inputs, skipIf, itemIn and switchOn name', (t) => {
  const spec = `steps:
- {label: aaa, ${REF}}
- {label: bbb, ${REF}}
- {label: ccc, ${REF}}
- {label: ddd, ${REF}}
- label: all
  refSwitch: {switchOn: =steps.ddd.kind, cases: [{case: x, kind: ValueFunction, name: f}]}
  inputs: {a: '=steps["aaa"].x', deep: [{again: =steps.aaa.y}]}
  skipIf: =steps.bbb.off
  forEach: {itemIn: =steps.ccc.items, inputKey: k}
- {label: none, ${REF}, inputs: {a: =parent.spec}}`;
  t.deepEqual(dependencies(spec), {
    aaa: [],
    bbb: [],
    ccc: [],
    ddd: [],
    all: ['aaa', 'bbb', 'ccc', 'ddd'],
    none: [],
  });
});

test('to name a step counts, even where it would never be evaluated', (t) => {
  const spec = `steps:
- {label: aaa, ${REF}}
- {label: bbb, ${REF}}
- {label: ccc, ${REF}, inputs: {x: '=has(steps.aaa.v)', y: "=true ? 1 : steps.bbb.v"}}`;
  t.deepEqual(dependencies(spec).ccc, ['aaa', 'bbb']);
});

test('the text of a string is no reference', (t) => {
  const spec = `steps:\n- {label: aaa, ${REF}}\n- {label: bbb, ${REF}, inputs: {x: ="steps.aaa", y: steps.aaa}}`;
  t.deepEqual(dependencies(spec).bbb, []);
});

test('a read of the steps as a whole, or under a computed name, is one of all steps before', (t) => {
  const spec = `steps:
- {label: aaa, ${REF}}
- {label: bbb, ${REF}}
- {label: ccc, ${REF}, inputs: {x: =steps}}
- {label: ddd, ${REF}, inputs: {x: '=steps[parent.name]'}}
- {label: eee, ${REF}, inputs: {x: '=steps.map(k, k)'}}`;
  t.deepEqual(dependencies(spec), {
    aaa: [],
    bbb: [],
    ccc: ['aaa', 'bbb'],
    ddd: ['aaa', 'bbb', 'ccc'],
    eee: ['aaa', 'bbb', 'ccc', 'ddd'],
  });
});

test('state refers to no step', (t) => {
  const spec = `steps:\n- {label: aaa, ${REF}, state: {x: =steps.aaa}}`;
  t.deepEqual(problems(spec), ["6:66 spec.steps[0].state.x: 'steps' is not in scope here; in scope: value"]);
});

test('a step may refer only to steps before it', (t) => {
  const spec = `steps:
- {label: bbb, ${REF}, inputs: {x: =steps.aaa.x, y: =steps.ccc.y}}
- {label: aaa, ${REF}, skipIf: =steps.aaa.x}
- {label: ccc, ${REF}}`;
  t.deepEqual(problems(spec), [
    "6:5 spec.steps[0]: Step 'bbb', must come after aaa, ccc.",
    "7:5 spec.steps[1]: Step 'aaa', must come after aaa.",
  ]);
});

test('a step that there is not is told with those that there are', (t) => {
  const spec = `steps:
- {label: aaa, ${REF}}
- {label: bbb, ${REF}, inputs: {x: =steps.zzz.x}}`;
  t.deepEqual(problems(spec), [
    "7:5 spec.steps[1]: Step 'bbb', must come after zzz. There is no step 'zzz'; the steps before it are aaa.",
  ]);
});

test('labels are unique', (t) => {
  const spec = `steps:\n- {label: aaa, ${REF}}\n- {label: bbb, ${REF}}\n- {label: aaa, ${REF}}`;
  t.deepEqual(problems(spec), ["8:13 spec.steps[2].label: there is another step 'aaa' before; labels are unique"]);
});

test('a switch has its cases and its default; integers are the texts that they are written as', (t) => {
  const spec = `steps:
- label: one
  refSwitch:
    switchOn: =inputs.size
    cases:
    - {case: small, kind: ValueFunction, name: s}
    - {case: 5, kind: ResourceFunction, name: r}
    - {case: other, kind: Workflow, name: w, default: true}`;
  const { references, steps } = preparedSpec('Workflow', spec);
  const logic = steps[0]?.logic;
  if (logic?.type !== 'switch') return t.fail('no switch');
  t.deepEqual(
    [...logic.cases],
    [
      ['small', { kind: 'ValueFunction', name: 's' }],
      ['5', { kind: 'ResourceFunction', name: 'r' }],
      ['other', { kind: 'Workflow', name: 'w' }],
    ],
  );
  t.deepEqual(logic.default, { kind: 'Workflow', name: 'w' });
  t.deepEqual(
    references.map(({ kind, name }) => `${kind} ${name}`),
    ['ValueFunction s', 'ResourceFunction r', 'Workflow w'],
  );
});

test('a switch has each case once, and one default', (t) => {
  const spec = `steps:
- label: one
  refSwitch:
    switchOn: =inputs.size
    cases:
    - {case: '5', kind: ValueFunction, name: s, default: true}
    - {case: 5, kind: ValueFunction, name: s, default: true}`;
  t.deepEqual(problems(spec), [
    '11:16 spec.steps[0].refSwitch.cases[1].case: there is another case of this value before',
    '11:58 spec.steps[0].refSwitch.cases[1].default: there is another default before',
  ]);
});

test('a Workflow refers to the Logic of its steps, each where it is named', (t) => {
  const { references } = preparedSpec('Workflow', `steps:\n- {label: aaa, ${REF}}\n- {label: bbb, ${REF}}`);
  t.deepEqual(
    references.map(({ kind, name, location }) => [kind, name, location.line]),
    [
      ['ValueFunction', 'f', 6],
      ['ValueFunction', 'f', 7],
    ],
  );
});
