import test from 'ava';
import { besideSpec, type Resource } from 'koreo-kernel';

const box = {
  apiVersion: 'things.example/v1',
  kind: 'Box',
  metadata: { name: 'a', namespace: 'b' },
  spec: { size: 1 },
};

test('a resource that says who it is and has a spec asks for nothing beside it', (t) => {
  t.deepEqual(besideSpec(box), []);
  t.deepEqual(besideSpec({ ...box, metadata: { ...box.metadata, uid: '1', resourceVersion: '2' } }), []);
  t.deepEqual(besideSpec({ spec: {} }), []);
});

test('labels, annotations, owners and other parts are named; the record of what was last applied is not', (t) => {
  const metadata = { ...box.metadata, labels: {}, annotations: { note: 'x' }, finalizers: [] };
  t.deepEqual(besideSpec({ ...box, data: 1, metadata } as Resource), [
    'data',
    'metadata.labels',
    'metadata.annotations',
    'metadata.finalizers',
  ]);
  const record = { 'koreo.dev/last-applied-configuration': '{}' };
  t.deepEqual(besideSpec({ ...box, metadata: { ...box.metadata, annotations: record } }), []);
  t.deepEqual(besideSpec({ ...box, metadata: { ...box.metadata, annotations: { ...record, note: 'x' } } }), [
    'metadata.annotations',
  ]);
});
