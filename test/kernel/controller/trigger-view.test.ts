import test from 'ava';
import {
  asJson,
  asResource,
  type Condition,
  depSkip,
  type JsonObject,
  mergePatch,
  type Outcome,
  ok,
  permFail,
  type Resource,
  retry,
  skip,
} from 'koreo-kernel';
import { verdictOf } from '../../../kernel/controller/conditions.js';
import { conditionsOf, statusPatchFor, type TriggerView } from '../../../kernel/controller/trigger-view.js';

const NOON = '2026-01-01T12:00:00Z';
const LATER = '2026-01-01T13:00:00Z';

const trigger: Resource = {
  apiVersion: 'shop.example/v1',
  kind: 'Order',
  metadata: { name: 'one', uid: 'u1', generation: 3 },
  spec: {},
};

function view(outcome: Outcome, more: Partial<TriggerView> = {}): TriggerView {
  return {
    outcome,
    verdicts: [verdictOf('Ready', 'Workflow orders', outcome)],
    state: {},
    ran: { stateErrors: null, managed: { workflow: 'orders', resources: { step: null } }, saidAll: true },
    generation: 3,
    now: NOON,
    ...more,
  };
}

/** The trigger after the patch was written. */
function after(before: Resource, of: TriggerView): Resource {
  const { status, annotations } = statusPatchFor(before, of) ?? {};
  const patch: JsonObject = {
    ...(status === undefined ? {} : { status }),
    ...(annotations === undefined ? {} : { metadata: { annotations } }),
  };
  return asResource(mergePatch(asJson(before), patch));
}

const says: readonly [Outcome, string, string, string][] = [
  [ok({}), 'True', 'Ready', 'Workflow orders ready.'],
  [skip('by choice', 'a'), 'True', 'Skip', 'Skipping Workflow orders: by choice'],
  [depSkip('x is late', 'a'), 'Unknown', 'DepSkip', 'Workflow orders awaiting dependencies to be ready (x is late)'],
  [retry(5, 'soon', 'a'), 'Unknown', 'Wait', 'Awaiting Workflow orders to be ready (soon).'],
  [permFail('no', 'a'), 'False', 'Failure', 'Unrecoverable error reconciling Workflow orders. (no).'],
];
for (const [outcome, status, reason, message] of says) {
  test(`${outcome.type} is shown as ${reason}, and truthfully as ${status}`, (t) => {
    const [ready] = conditionsOf(trigger, view(outcome));
    const expected = { type: 'Ready', status, reason, message, lastTransitionTime: NOON, observedGeneration: 3 };
    t.deepEqual(ready, expected as Condition);
  });
}

test('a message that is too long for Kubernetes is cut', (t) => {
  const [ready] = conditionsOf(trigger, view(retry(1, 'x'.repeat(100_000), '')));
  t.is(ready?.message.length, 32_768);
});

test('the time of transition moves only when the status does', (t) => {
  const waiting = after(trigger, view(retry(1, 'soon', 'a')));
  const still = conditionsOf(waiting, view(retry(1, 'later', 'a'), { now: LATER }));
  t.like(still[0], { message: 'Awaiting Workflow orders to be ready (later).', lastTransitionTime: NOON });
  const ready = conditionsOf(waiting, view(ok({}), { now: LATER }));
  t.like(ready[0], { status: 'True', lastTransitionTime: LATER });
});

test('nothing is written when nothing but times would change', (t) => {
  for (const [outcome] of says) {
    const shown = after(trigger, view(outcome, { state: { a: { b: 1 } } }));
    t.is(statusPatchFor(shown, view(outcome, { state: { a: { b: 1 } }, now: LATER })), undefined);
  }
});

test('a new generation is told', (t) => {
  const shown = after(trigger, view(ok({})));
  const next = { ...shown, metadata: { ...shown.metadata, generation: 4 } };
  const patch = statusPatchFor(next, view(ok({}), { generation: 4 }));
  t.deepEqual(Object.keys(patch?.status ?? {}), ['conditions']);
});

test('a store that counts no generations gets no observedGeneration', (t) => {
  const { generation: _none, ...rest } = view(ok({}));
  t.false('observedGeneration' in (conditionsOf(trigger, rest)[0] ?? {}));
});

test('state is laid over what was there, so that a value stays until its step gives another', (t) => {
  const first = after(trigger, view(ok({}), { state: { a: { x: 1, y: 1 }, list: [1, 2] } }));
  const second = after(first, view(ok({}), { state: { a: { y: 2 }, list: [3], b: true } }));
  t.deepEqual(second.status?.state, { a: { x: 1, y: 2 }, list: [3], b: true });
  const third = after(second, view(ok({})));
  t.deepEqual(third.status?.state, second.status?.state);
});

test('errors are told with their places, and taken back when they are over', (t) => {
  const failed = after(trigger, view(permFail('no stock', 'spec.locals.x')));
  t.deepEqual(failed.status?.koreo, { errors: 'no stock', locations: 'spec.locals.x' });
  const well = after(failed, view(ok({})));
  t.false('koreo' in (well.status ?? {}));
});

test('nothing is told of errors where there never were any', (t) => {
  t.false('koreo' in (after(trigger, view(ok({}))).status ?? {}));
  t.false('koreo' in (after(trigger, view(skip('why', 'x'))).status ?? {}));
});

test('errors of state replace those of the run before', (t) => {
  const managed = { workflow: 'orders', resources: {} };
  const first = after(trigger, view(ok({}), { ran: { managed, stateErrors: { a: 'bad', b: 'bad' }, saidAll: true } }));
  const second = after(first, view(ok({}), { ran: { managed, stateErrors: { b: 'worse' }, saidAll: true } }));
  t.deepEqual(second.status?.koreo, { state_errors: { b: 'worse' } });
});

test('what is managed is recorded as an annotation, and only when it is another', (t) => {
  const shown = after(trigger, view(ok({})));
  t.is(shown.metadata.annotations?.['koreo.dev/managed-resources'], '{"workflow":"orders","resources":{"step":null}}');
  const patch = statusPatchFor(shown, view(retry(1, 'x', 'y')));
  t.is(patch?.annotations, undefined);
});

test('a run that could not say all it manages takes nothing away from the record', (t) => {
  const widget = {
    apiVersion: 'v1',
    kind: 'Widget',
    plural: 'widgets',
    name: 'a',
    readonly: false,
    resourceFunction: 'f',
  };
  const managed = { workflow: 'orders', resources: { step: widget } };
  const made = after(trigger, view(ok({}), { ran: { managed, stateErrors: null, saidAll: true } }));
  const nothing = { managed: { workflow: 'orders', resources: { step: null } }, stateErrors: null };
  const failed = view(permFail('no', 'x'), { ran: { ...nothing, saidAll: false } });
  t.is(statusPatchFor(made, failed)?.annotations, undefined);
  const complete = view(ok({}), { ran: { ...nothing, saidAll: true } });
  t.deepEqual(statusPatchFor(made, complete)?.annotations, {
    'koreo.dev/managed-resources': JSON.stringify(nothing.managed),
  });
});

test('a request is answered, and the answer stays', (t) => {
  const answered = after(trigger, view(ok({}), { handledRequest: 'now' }));
  t.deepEqual(answered.status?.koreo, { lastHandledReconcileAt: 'now' });
  const later = after(answered, view(permFail('no', 'x')));
  t.deepEqual(later.status?.koreo, { errors: 'no', locations: 'x', lastHandledReconcileAt: 'now' });
});

const foreign: Condition = {
  type: 'Scheduled',
  status: 'True',
  reason: 'Elsewhere',
  message: '',
  lastTransitionTime: LATER,
};

test('conditions of other owners go, unless the trigger asks for them to be kept', (t) => {
  const shown: Resource = { ...trigger, status: { conditions: [{ ...foreign }] } };
  t.deepEqual(
    conditionsOf(shown, view(ok({}))).map(({ type }) => type),
    ['Ready'],
  );
  const metadata = { ...trigger.metadata, annotations: { 'koreo.dev/merge-conditions': 'true' } };
  const merged = conditionsOf({ ...shown, metadata }, view(ok({})));
  t.deepEqual(merged[0], foreign);
  t.is(merged[1]?.type, 'Ready');
});

test('without a run, what steps said last stays, and so do state and the record of what is managed', (t) => {
  const ran = after(trigger, {
    ...view(ok({}), { state: { a: 1 } }),
    verdicts: [verdictOf('Ready', 'x', ok({})), verdictOf('Paid', 'payment', ok({}))],
  });
  const { ran: _run, ...impossible } = view(permFail('none', ''));
  const shown = after(ran, impossible);
  t.deepEqual(
    conditionsOf(ran, impossible).map(({ type, status }) => [type, status]),
    [
      ['Ready', 'False'],
      ['Paid', 'True'],
    ],
  );
  t.deepEqual(shown.status?.state, { a: 1 });
  t.deepEqual(shown.metadata.annotations, ran.metadata.annotations);
});

test('of two conditions of a type the first counts, so that the whole stays truthful', (t) => {
  const verdicts = [verdictOf('Ready', 'all', permFail('no', '')), verdictOf('Ready', 'step', ok({}))];
  const conditions = conditionsOf(trigger, { ...view(ok({})), verdicts });
  t.is(conditions.length, 1);
  t.is(conditions[0]?.status, 'False');
});

test('a status that is not of this shape is put right, not stumbled over', (t) => {
  const odd: Resource = { ...trigger, status: { conditions: 'many', state: [1], koreo: 'x', other: 1 } };
  const shown = after(odd, view(retry(1, 'w', 'l'), { state: { a: 1 } }));
  t.deepEqual(shown.status?.state, { a: 1 });
  t.deepEqual(shown.status?.koreo, { errors: 'w', locations: 'l' });
  t.is(conditionsOf(shown, view(retry(1, 'w', 'l'))).length, 1);
  t.true(Array.isArray(shown.status?.conditions));
  t.is(shown.status?.other, 1);
});
