import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Store, SystemClock } from 'koreo-kernel';
import { kubernetesStore } from '../../../../adapters/kubernetes/index.js';
import { FakeApiServer } from '../../../support/fake-api-server/fake-api-server.js';
import { tempFolder } from '../../../support/temp-folder.js';

const ABOUT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bread', namespace: 'default', uid: 'u1' } };
const READY = { type: 'Normal', reason: 'Ready', action: 'Reconcile', message: 'Baked.' } as const;

async function kitchen(t: ExecutionContext): Promise<{ server: FakeApiServer; store: Store }> {
  const server = await FakeApiServer.start();
  t.teardown(() => server.stop());
  const folder = tempFolder(t, { kubeconfig: server.kubeconfig() });
  const store = kubernetesStore.create(
    { name: 'cluster', baseDirectory: folder, clock: new SystemClock() },
    { kubeconfig: join(folder, 'kubeconfig') },
  );
  t.teardown(() => store.close());
  return { server, store };
}

test('a connection that breaks before the answer makes no second Event', async (t) => {
  const { server, store } = await kitchen(t);
  const fault = server.faults.plan({ verb: 'create', plural: 'events' }, { type: 'cut', when: 'after' });
  store.announce?.(ABOUT, READY);
  await server.until(() => server.requestsOf({ verb: 'create', plural: 'events' }).length === 2);
  await store.close();
  t.is(fault.hits, 1);
  const [first, second] = server.requestsOf({ verb: 'create', plural: 'events' });
  t.is(second?.code, 409);
  t.is(first?.body, second?.body);
});

test('what may not be told is not tried again, and harms nobody', async (t) => {
  const { server, store } = await kitchen(t);
  server.faults.plan({ verb: 'create', plural: 'events' }, { type: 'status', code: 403 }, { times: Infinity });
  store.announce?.(ABOUT, READY);
  store.announce?.(ABOUT, { ...READY, reason: 'Wait' });
  await server.until(() => server.requestsOf({ verb: 'create', plural: 'events' }).length === 2);
  await store.close();
  t.is(server.requestsOf({ plural: 'events' }).length, 2, 'what is forbidden is not tried again');
});
