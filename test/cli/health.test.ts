import test from 'ava';
import type { JsonObject, Resource } from 'koreo-kernel';
import type { Health } from '../../cli/health/health.js';
import { healthOf } from '../../cli/health/resource-health.js';

function health(apiVersion: string, kind: string, rest: JsonObject, metadata: JsonObject = {}): Health {
  return healthOf({ apiVersion, kind, metadata: { name: 'x', ...metadata }, ...rest } as unknown as Resource);
}

const ready = (status: string, more: JsonObject = {}): JsonObject => ({
  status: { conditions: [{ type: 'Ready', status, ...more }] },
});

test('a resource without conditions is as its author wants it', (t) => {
  t.deepEqual(health('v1', 'ConfigMap', { data: {} }), { status: 'Current', message: '' });
});

test('what is being deleted says what it waits for', (t) => {
  const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a/b'] };
  t.deepEqual(health('v1', 'ConfigMap', {}, metadata), { status: 'Terminating', message: 'waits for a/b' });
});

test('what its controller has not seen is on its way, whatever its conditions say', (t) => {
  const status = { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] };
  t.is(health('x.example/v1', 'Thing', { status }, { generation: 2 }).status, 'InProgress');
  t.is(health('x.example/v1', 'Thing', { status }, { generation: 1 }).status, 'Current');
});

test('conditions tell the health of kinds that have no rule', (t) => {
  t.is(health('x.example/v1', 'Thing', ready('True')).status, 'Current');
  t.deepEqual(health('x.example/v1', 'Thing', ready('False', { message: 'no disk' })), {
    status: 'InProgress',
    message: 'no disk',
  });
  t.is(health('x.example/v1', 'Thing', ready('False', { reason: 'Failure' })).status, 'Failed');
  t.is(health('x.example/v1', 'Thing', ready('Unknown', { reason: 'Wait' })).status, 'InProgress');
  const stalled = { status: { conditions: [{ type: 'Stalled', status: 'True', message: 'bad spec' }] } };
  t.deepEqual(health('x.example/v1', 'Thing', stalled), { status: 'Failed', message: 'bad spec' });
});

test('a Deployment is current when all replicas of the last revision are available', (t) => {
  const of = (status: JsonObject): Health => health('apps/v1', 'Deployment', { spec: { replicas: 3 }, status });
  t.deepEqual(of({}), { status: 'InProgress', message: '0 of 3 replicas are up to date' });
  t.is(of({ replicas: 4, updatedReplicas: 3 }).message, '1 replica of before are still there');
  t.is(of({ replicas: 3, updatedReplicas: 3, availableReplicas: 2 }).message, '2 of 3 replicas are available');
  t.is(of({ replicas: 3, updatedReplicas: 3, availableReplicas: 3 }).status, 'Current');
  const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too late' };
  t.deepEqual(of({ conditions: [late] }), { status: 'Failed', message: 'too late' });
});

test('a StatefulSet is current when all replicas are ready and of one revision', (t) => {
  const of = (status: JsonObject, spec: JsonObject = {}): Health =>
    health('apps/v1', 'StatefulSet', { spec: { replicas: 2, ...spec }, status });
  t.is(of({ readyReplicas: 1 }).message, '1 of 2 replicas are ready');
  const all = { replicas: 2, readyReplicas: 2, currentRevision: 'a' };
  t.is(of({ ...all, updateRevision: 'b', updatedReplicas: 1 }).message, '1 of 2 replicas are up to date');
  t.is(of({ ...all, updateRevision: 'a' }).status, 'Current');
  t.is(of({ ...all, updateRevision: 'b' }, { updateStrategy: { type: 'OnDelete' } }).status, 'Current');
});

test('a DaemonSet and a ReplicaSet count their pods', (t) => {
  t.is(health('apps/v1', 'DaemonSet', {}).status, 'InProgress');
  const status = { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 };
  t.is(health('apps/v1', 'DaemonSet', { status }).message, '1 of 2 pods are available');
  t.is(health('apps/v1', 'DaemonSet', { status: { ...status, numberAvailable: 2 } }).status, 'Current');
  t.is(health('apps/v1', 'ReplicaSet', { status: { availableReplicas: 1 } }).status, 'Current');
});

test('a Job is current when it is complete', (t) => {
  const of = (status: JsonObject): Health => health('batch/v1', 'Job', { spec: { completions: 3 }, status });
  t.is(of({ succeeded: 1 }).message, '1 of 3 completions');
  t.is(of({ conditions: [{ type: 'Complete', status: 'True' }] }).status, 'Current');
  t.is(of({ conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] }).status, 'Failed');
});

test('a Pod that cannot start by waiting alone has failed', (t) => {
  const waiting = { containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] };
  t.deepEqual(health('v1', 'Pod', { status: { phase: 'Running', ...waiting } }), {
    status: 'Failed',
    message: 'CrashLoopBackOff',
  });
  t.is(health('v1', 'Pod', { status: { phase: 'Pending', containerStatuses: [null, 7] } }).message, 'Pending');
  t.is(health('v1', 'Pod', { status: { phase: 'Succeeded' } }).status, 'Current');
});

test('claims, services, namespaces and definitions of kinds have rules of their own', (t) => {
  t.is(health('v1', 'PersistentVolumeClaim', { status: { phase: 'Pending' } }).status, 'InProgress');
  t.is(health('v1', 'PersistentVolumeClaim', { status: { phase: 'Lost' } }).status, 'Failed');
  t.is(health('v1', 'Service', { spec: { type: 'LoadBalancer' } }).status, 'InProgress');
  t.is(health('v1', 'Service', { spec: {} }).status, 'Current');
  t.is(health('v1', 'Namespace', { status: { phase: 'Terminating' } }).status, 'Terminating');
  const established = { status: { conditions: [{ type: 'Established', status: 'True' }] } };
  t.is(health('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {}).status, 'InProgress');
  t.is(health('apiextensions.k8s.io/v1', 'CustomResourceDefinition', established).status, 'Current');
  t.is(health('policy/v1', 'PodDisruptionBudget', { status: { desiredHealthy: 1 } }).status, 'InProgress');
});

test('nonsense in the place of a status harms nothing', (t) => {
  for (const status of [null, 7, 'x', [], { conditions: 'no' }, { conditions: [null, 1, { type: 'Ready' }] }]) {
    t.notThrows(() => health('apps/v1', 'Deployment', { status } as JsonObject));
    t.notThrows(() => health('x.example/v1', 'Thing', { status } as JsonObject));
  }
});
