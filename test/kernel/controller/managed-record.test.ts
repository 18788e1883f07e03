import test from 'ava';
import {
  depSkip,
  flattenManaged,
  type LogicReport,
  type ManagedNode,
  type ManagedResource,
  type ManagedWorkflow,
  type Outcome,
  ok,
  parseManaged,
  permFail,
  retry,
  skip,
} from 'koreo-kernel';
import { couldSay, keptRecord } from '../../../kernel/controller/managed-record.js';
import { fc } from '../../support/property.js';

function widget(name: string): ManagedResource {
  const type = { apiVersion: 'example.com/v1', kind: 'Widget', plural: 'widgets' };
  return { ...type, name, namespace: 'shop', readonly: false, resourceFunction: 'widget.v1' };
}

function record(resources: Readonly<Record<string, ManagedNode>>, workflow = 'orders'): ManagedWorkflow {
  return { workflow, resources };
}

const kept = (before: ManagedWorkflow, now: ManagedWorkflow) => keptRecord(JSON.stringify(before), now).resources;

const cannotSay: readonly Outcome[] = [retry(1, '', ''), permFail('', ''), depSkip('', '')];
for (const outcome of cannotSay) {
  test(`a run in which something comes to ${outcome.type} could not say all, however deep that is`, (t) => {
    const inner: LogicReport = { outcome };
    t.false(couldSay([{ outcome: ok(1) }, inner]));
    t.false(couldSay([{ outcome: ok(1), items: [inner] }]));
    t.false(couldSay([{ outcome: ok(1), items: [{ outcome: ok(1), steps: [{ ...inner, ...step }] }] }]));
  });
}
const step = { label: 'step', waitedFor: [], durationMs: 0 };

test('a run whose parts are Ok or skipped could say all', (t) => {
  t.true(couldSay([{ outcome: ok(1), items: [{ outcome: skip('', '') }] }, { outcome: skip('', '') }]));
});

test('a step that says nothing keeps what it said before', (t) => {
  const before = record({ one: widget('a'), each: [widget('b'), widget('c')], none: null });
  t.deepEqual(kept(before, record({ one: null, each: null, none: null })), before.resources);
});

test('a step that is about another resource now keeps the former one too', (t) => {
  t.deepEqual(kept(record({ one: widget('a') }), record({ one: widget('b') })), { one: [widget('b'), widget('a')] });
});

test('items that are gone are kept after those that are there', (t) => {
  const now = record({ each: [widget('c'), widget('a')] });
  t.deepEqual(kept(record({ each: [widget('a'), widget('b')] }), now), {
    each: [widget('c'), widget('a'), widget('b')],
  });
});

test('a step that is gone from the Workflow is kept, after those that it has, unless another has its resource now', (t) => {
  const before = record({ old: widget('a'), renamed: widget('b'), silent: null });
  t.deepEqual(Object.entries(kept(before, record({ present: widget('b') }))), [
    ['present', widget('b')],
    ['old', widget('a')],
  ]);
});

test('a sub-Workflow is merged step by step, and a former Workflow kept whole', (t) => {
  const inner = (name: string | null) => record({ x: name === null ? null : widget(name), y: null }, 'inner');
  t.deepEqual(kept(record({ sub: inner('a') }), record({ sub: inner(null) })), { sub: inner('a') });
  const former = record({ one: widget('a') }, 'former');
  t.deepEqual(kept(former, record({ one: null })), { one: null, former });
});

test('a record that somebody has spoilt keeps nothing, and breaks nothing', (t) => {
  const now = record({ one: widget('a') });
  const spoilt = ['', '{', 'null', '[]', '{"workflow":"orders"}', '{"workflow":"orders","resources":{"one":5}}'];
  for (const text of [...spoilt, '{"workflow":"orders","resources":{"one":{"kind":"Widget"}}}']) {
    t.is(parseManaged(text), undefined, text);
    t.deepEqual(keptRecord(text, now), now, text);
  }
  t.deepEqual(keptRecord(undefined, now), now);
});

const leaf = fc.constantFrom('a', 'b', 'c', 'd').map((name): ManagedNode => widget(name));
const { workflow } = fc.letrec<{ node: ManagedNode; workflow: ManagedWorkflow }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    leaf,
    fc.array(leaf, { minLength: 1, maxLength: 3 }),
    tie('workflow'),
  ),
  workflow: fc.record({
    workflow: fc.constantFrom('one', 'two'),
    resources: fc.dictionary(fc.constantFrom('s1', 's2', '__proto__'), tie('node'), { maxKeys: 3 }),
  }),
}));
const names = (...of: readonly ManagedNode[]) =>
  [...new Set(of.flatMap(flattenManaged).map(({ name }) => name))].sort();

test('nothing that was on record is lost, nothing is made up, and merging once more changes nothing', (t) => {
  fc.assert(
    fc.property(workflow, workflow, (before, now) => {
      const merged = keptRecord(JSON.stringify(before), now);
      t.deepEqual(names(merged), names(now, before));
      t.deepEqual(
        Object.keys(merged.resources).slice(0, Object.keys(now.resources).length),
        Object.keys(now.resources),
      );
      t.is(JSON.stringify(keptRecord(JSON.stringify(merged), now)), JSON.stringify(merged));
      t.deepEqual(parseManaged(JSON.stringify(merged)), JSON.parse(JSON.stringify(merged)));
    }),
  );
});
