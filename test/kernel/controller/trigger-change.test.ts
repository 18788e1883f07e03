import test from 'ava';
import type { Resource } from 'koreo-kernel';
import { causeOfChange } from '../../../kernel/controller/trigger-change.js';

const order: Resource = {
  apiVersion: 'shop.example/v1',
  kind: 'Order',
  metadata: { name: 'one', uid: 'u1', resourceVersion: '1', labels: { team: 'a' }, annotations: { note: 'x' } },
  spec: { count: 1 },
};

function withMetadata(metadata: Partial<Resource['metadata']>): Resource {
  return { ...order, metadata: { ...order.metadata, ...metadata } };
}

function withAnnotation(key: string, value: string): Resource {
  return withMetadata({ annotations: { note: 'x', [key]: value } });
}

const changes: Readonly<Record<string, Resource>> = {
  'its spec': { ...order, spec: { count: 2 } },
  'a field beside spec, where a store has such': { ...order, total: 3 },
  'a label': withMetadata({ labels: { team: 'b' } }),
  'an annotation': withMetadata({ annotations: { note: 'y' } }),
  'the annotation that chooses the Workflow': withAnnotation('koreo.dev/workflow', 'other'),
  'being paused': withAnnotation('koreo.dev/paused', 'true'),
  'being another object of the same name': withMetadata({ uid: 'u2' }),
};
for (const [what, after] of Object.entries(changes)) {
  test(`a change of ${what} is a reason to run`, (t) => {
    t.is(causeOfChange(order, after), 'changed');
  });
}

const silences: Readonly<Record<string, Resource>> = {
  nothing: { ...order },
  'its status': { ...order, status: { state: { a: 1 } } },
  'its revision and generation': withMetadata({ resourceVersion: '2', generation: 5 }),
  'an annotation of the kernel': withAnnotation('koreo.dev/managed-resources', '{}'),
  'the annotation that only says how status is written': withAnnotation('koreo.dev/merge-conditions', 'true'),
  'an annotation of kubectl': withAnnotation('kubectl.kubernetes.io/last-applied-configuration', '{}'),
  'a label of the kernel': withMetadata({ labels: { team: 'a', 'koreo.dev/x': 'y' } }),
  'a finalizer': withMetadata({ finalizers: ['koreo.dev/managed-resources'] }),
};
for (const [what, after] of Object.entries(silences)) {
  test(`a change of ${what} is no reason to run`, (t) => {
    t.is(causeOfChange(order, after), undefined);
  });
}

test('being deleted is a reason of its own, once', (t) => {
  const leaving = withMetadata({ deletionTimestamp: '2026-01-01T00:00:00Z' });
  t.is(causeOfChange(order, leaving), 'deleted');
  t.is(causeOfChange(order, { ...leaving, spec: { count: 2 } }), 'deleted');
  t.is(causeOfChange(leaving, { ...leaving, status: {} }), undefined);
  t.is(causeOfChange(leaving, { ...leaving, spec: { count: 2 } }), 'changed');
});

test('a request for a run is one, and the same request again is not', (t) => {
  const asked = withAnnotation('koreo.dev/reconcile-requested-at', '2026-01-01T00:00:00Z');
  t.is(causeOfChange(order, asked), 'requested');
  t.is(causeOfChange(asked, { ...asked, status: {} }), undefined);
  t.is(causeOfChange(asked, order), undefined);
});

test('a key that is named like a prototype is an annotation like any other', (t) => {
  const annotations = JSON.parse('{"note":"x","__proto__":"a"}');
  t.is(causeOfChange(order, withMetadata({ annotations })), 'changed');
});

test('labels and annotations that are no mappings, as files may have them, are as none', (t) => {
  const odd = (value: unknown) => withMetadata({ labels: value, annotations: value } as Partial<Resource['metadata']>);
  t.is(causeOfChange(odd(null), odd('text')), undefined);
  t.is(causeOfChange(odd([1]), odd({})), undefined);
  t.is(causeOfChange(odd(null), odd({ a: 1 })), 'changed');
});
