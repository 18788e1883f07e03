import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { isObject } from 'koreo-kernel';
import { eventually } from '../../support/eventually.js';
import { FakeApiServer } from '../../support/fake-api-server/fake-api-server.js';
import { FRUIT_DEFINITIONS } from '../../support/fruit.js';
import { type Running, startKoreo } from '../../support/koreo.js';
import { tempFolder } from '../../support/temp-folder.js';
import { type Family, parseExposition, sampleOf } from './exposition.js';

const CONFIG = `
stores:
  - {name: cluster, type: kubernetes, kubeconfig: ./kubeconfig}
  - {name: files, type: file-system, root: ./definitions}
definitions: [{store: files}]
defaultStore: cluster
server: {port: 0, degradedAfterSeconds: 1}
logging: {format: json}
`;

function crd(kind: string) {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.fruit.example.com` },
    spec: {
      group: 'fruit.example.com',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema }],
    },
  };
}

/** A controller over an API server that does as the test says. */
async function controller(t: ExecutionContext) {
  const server = await FakeApiServer.start({ namespaces: ['kitchen'] });
  t.teardown(() => server.stop());
  server.put(crd('Fruit'));
  server.put(crd('Juice'));
  server.put({
    apiVersion: 'fruit.example.com/v1',
    kind: 'Fruit',
    metadata: { name: 'apple', namespace: 'kitchen' },
    spec: { sort: 'apples' },
  });
  const cwd = tempFolder(t, { ...FRUIT_DEFINITIONS, kubeconfig: server.kubeconfig(), 'koreo.config.yaml': CONFIG });
  const running = startKoreo(t, ['run', '--config', join(cwd, 'koreo.config.yaml')], { cwd });
  await running.until(({ stdout }) => stdout.includes('"serving"'));
  const [, url = ''] = /"url":"([^"]+)"/.exec(running.stdout) ?? [];
  const get = async (path: string): Promise<string> => (await fetch(url + path)).text();
  return { server, running, get, metrics: async () => parseExposition(await get('/metrics')) };
}

function count(families: ReadonlyMap<string, Family>, name: string, label: string, value: string): number {
  const { samples = [] } = families.get(name) ?? {};
  return samples.filter(({ labels }) => labels[label] === value).reduce((sum, one) => sum + one.value, 0);
}

const isReady = ({ stdout }: Running): boolean => /"outcome":\{"type":"Ok"\}/.test(stdout);

test.serial(
  'an API server that goes away makes it not ready with the reason, never dead, and ready when it is back',
  async (t) => {
    const { server, running, get } = await controller(t);
    await running.until(isReady);
    t.is(await eventually('readiness', async () => (await get('/readyz')) === 'ok\n' && 'ready'), 'ready');
    await server.stop();
    const failed = await eventually('a failure', async () => {
      const page = await get('/readyz');
      return page.includes('store-cluster failed') && page;
    });
    t.regex(failed, /^\[-\]store-cluster failed: .*127\.0\.0\.1:\d+.* \(for \d+ s\)$/m);
    t.regex(failed, /^\[\+\]store-files ok$/m);
    t.is(await get('/livez'), 'ok\n');
    t.regex(running.stdout, /"type":"problem",[^\n]*"level":"warn",[^\n]*127\.0\.0\.1:\d+/, 'the log says so too');
    await server.start();
    await eventually('readiness again', async () => (await get('/readyz')) === 'ok\n');
    t.regex(running.stdout, /"state":"solved"/);
    running.process.kill('SIGTERM');
    t.is((await running.ended).code, 0);
  },
);

test.serial('the metrics are what happened on the wire, and people find Events about the trigger', async (t) => {
  const { server, running, metrics } = await controller(t);
  await running.until(isReady);
  const events = await eventually('Events', async () => {
    const notes = server
      .requestsOf({ verb: 'create', plural: 'events' })
      .map(({ body }): unknown => JSON.parse(body))
      .filter(isObject);
    return notes.length >= 3 && notes;
  });
  t.deepEqual(
    events.map(({ type, reason, regarding }) => [type, reason, isObject(regarding) && regarding.name]),
    [
      ['Normal', 'Created', 'apple'],
      ['Normal', 'Wait', 'apple'],
      ['Normal', 'Ready', 'apple'],
    ],
  );
  const cut = await server.watch({ plural: 'fruits' });
  cut.cut();
  await server.until(() => server.requestsOf({ verb: 'watch', plural: 'fruits' }).length > 1);
  const told = await eventually('the restart', async () => {
    const families = await metrics();
    return count(families, 'koreo_watch_restarts_total', 'kind', 'Fruit') > 0 && families;
  });
  for (const verb of ['create', 'list'] as const) {
    const equal = async () =>
      count(await metrics(), 'koreo_store_requests_total', 'verb', verb) === server.requestsOf({ verb }).length;
    t.true(await eventually(`as many of ${verb} as there were`, equal));
  }
  t.is(sampleOf(told, 'koreo_runs_total', { workflow: 'juice.v1', outcome: 'Ok' }), 1);
  t.is(sampleOf(told, 'koreo_resource_changes_total', { group: 'fruit.example.com', kind: 'Juice' }), 1);
  t.is(sampleOf(told, 'koreo_triggers', { kind: 'Fruit', state: 'ready' }), 1);
  t.is(sampleOf(told, 'koreo_leader'), 1);
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0);
});
