import { writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { type Store, type StoreEvent, SystemClock } from 'koreo-kernel';
import { kubernetesStore } from 'koreo-kernel/adapters/kubernetes';
import { eventually } from '../../../support/eventually.js';
import { FakeApiServer } from '../../../support/fake-api-server/fake-api-server.js';
import { tempFolder } from '../../../support/temp-folder.js';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

/** A store on a fake API server, one watch of it, and what that has told, by name. */
async function watched(t: ExecutionContext) {
  const server = await FakeApiServer.start();
  t.teardown(() => server.stop());
  const kubeconfig = `${tempFolder(t)}/kubeconfig`;
  writeFileSync(kubeconfig, server.kubeconfig());
  const context = { name: 'cluster', baseDirectory: '.', clock: new SystemClock() };
  const store = kubernetesStore.create(context, { kubeconfig });
  t.teardown(() => store.close());
  const story: string[] = [];
  const told = (line: string) => eventually(line, async () => story.includes(line), 10_000);
  follow(store, story);
  await told('synced');
  return { server, store, story, told, put: (name: string) => put(server, name) };
}

function follow(store: Store, story: string[]): void {
  store.watch(CONFIG_MAP).subscribe((event: StoreEvent) => {
    story.push(event.type === 'synced' ? 'synced' : `${event.type} ${event.resource.metadata.name}`);
  });
}

function put(server: FakeApiServer, name: string): void {
  server.put({ ...CONFIG_MAP, metadata: { name, namespace: 'default' } });
}

test('a watch that is told 410 and is ended at once is begun anew, and the process goes on', async (t) => {
  const { server, story, told } = await watched(t);
  const watch = await server.watch();
  watch.hold();
  put(server, 'meanwhile');
  server.compact();
  watch.close();
  await told('added meanwhile');
  t.deepEqual(story, ['synced', 'added meanwhile']);
});

test('a watch that is cut in the middle of a line loses nothing', async (t) => {
  const { server, story, told } = await watched(t);
  const watch = await server.watch();
  put(server, 'before');
  watch.cutInLine();
  put(server, 'after');
  await told('added after');
  t.deepEqual(story, ['synced', 'added before', 'added after']);
});

test('a server that stops and starts again is found again', async (t) => {
  const { server, story, told } = await watched(t);
  await server.stop();
  put(server, 'meanwhile');
  await server.start();
  await told('added meanwhile');
  t.deepEqual(story, ['synced', 'added meanwhile']);
});

test('a kind whose definition is taken away under an open watch is gone', async (t) => {
  const { server, store, told } = await watched(t);
  const name = 'things.x.dev';
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
  const spec = { group: 'x.dev', scope: 'Cluster', names: { plural: 'things', kind: 'Thing' }, versions };
  server.put({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name }, spec });
  server.put({ apiVersion: 'x.dev/v1', kind: 'Thing', metadata: { name: 'one' } });
  const story: string[] = [];
  store.watch({ apiVersion: 'x.dev/v1', kind: 'Thing' }).subscribe(({ type }) => story.push(type));
  await eventually('synced', async () => story.includes('synced'));
  server.drop({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name });
  await eventually('deleted', async () => story.includes('deleted'));
  put(server, 'still');
  await told('added still');
  t.deepEqual(story, ['added', 'synced', 'deleted']);
});
