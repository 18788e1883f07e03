import test from 'ava';
import { InvalidResourceError, type KindInfo } from 'koreo-kernel';
import { collectionPath, resourcePath } from '../../../../adapters/kubernetes/resources/resource-path.js';

const DEPLOYMENT: KindInfo = { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true };
const NAMESPACE: KindInfo = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

test('the core group and the others, with a namespace and without', (t) => {
  t.is(collectionPath(DEPLOYMENT), '/apis/apps/v1/deployments');
  t.is(collectionPath(DEPLOYMENT, 'prod'), '/apis/apps/v1/namespaces/prod/deployments');
  t.is(
    resourcePath(DEPLOYMENT, { ...DEPLOYMENT, name: 'web', namespace: 'prod' }),
    '/apis/apps/v1/namespaces/prod/deployments/web',
  );
  t.is(resourcePath(NAMESPACE, { ...NAMESPACE, name: 'prod' }), '/api/v1/namespaces/prod');
});

test('a cluster-scoped kind has no namespace, whatever the reference says', (t) => {
  t.is(resourcePath(NAMESPACE, { ...NAMESPACE, name: 'prod', namespace: 'other' }), '/api/v1/namespaces/prod');
});

test('a name that could lead elsewhere, or cannot be, makes no path', (t) => {
  for (const name of ['', '.', '..', 'a/b', '../b', 'a%2fb', 'a\u0000', 'line\nbreak', '\ud800', 'x'.repeat(254)]) {
    const ref = { ...DEPLOYMENT, name, namespace: 'prod' };
    t.throws(() => resourcePath(DEPLOYMENT, ref), { instanceOf: InvalidResourceError }, JSON.stringify(name));
  }
});

test('names that some kinds allow are encoded', (t) => {
  const role = {
    ...NAMESPACE,
    kind: 'ClusterRole',
    plural: 'clusterroles',
    apiVersion: 'rbac.authorization.k8s.io/v1',
  };
  const path = resourcePath(role, { ...role, name: 'system:node?#é' });
  t.is(path, '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode%3F%23%C3%A9');
});

test('a namespace that cannot be makes no path', (t) => {
  for (const namespace of ['', '.', 'A', 'a.b', 'a/b', '-a', 'a-', 'a b', 'x'.repeat(64)]) {
    t.throws(() => collectionPath(DEPLOYMENT, namespace), { instanceOf: InvalidResourceError }, namespace);
  }
});

test('a namespaced kind needs a namespace', (t) => {
  const error = t.throws(() => resourcePath(DEPLOYMENT, { ...DEPLOYMENT, name: 'web' }), {
    instanceOf: InvalidResourceError,
  });
  t.is(error?.message, 'Deployment web needs a namespace: its kind has them');
});
