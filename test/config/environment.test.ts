import test, { type ExecutionContext } from 'ava';
import type { Plugin } from 'koreo-kernel';
import kubernetes from 'koreo-kernel/adapters/kubernetes';
import { type ClusterChoice, ConfigError, type KoreoConfig, loadConfig } from 'koreo-kernel/config';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { tempFolder } from '../support/temp-folder.js';

const builtIn: readonly Plugin[] = [
  cel,
  {
    name: 'test-stores',
    apiVersion: 'v1',
    register(registry) {
      for (const type of ['kubernetes', 'file-system']) {
        registry.storeType({
          type,
          optionsSchema: { type: 'object' },
          create: ({ name }) => new MemoryStore({ name }),
        });
      }
    },
  },
];

/** In a pod every container is told of the API server. */
const IN_CLUSTER = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

interface Call {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cluster?: ClusterChoice;
  readonly text?: string;
}

async function load(t: ExecutionContext, { environment, cluster, text }: Call): Promise<KoreoConfig> {
  const cwd = tempFolder(t, text === undefined ? {} : { 'koreo.config.yaml': text });
  const { config } = await loadConfig({
    cwd,
    builtIn,
    ...(environment === undefined ? {} : { environment }),
    ...(cluster === undefined ? {} : { cluster }),
  });
  return config;
}

test('in a pod, without a configuration, the cluster of the pod is the one store of everything', async (t) => {
  const config = await load(t, { environment: IN_CLUSTER });
  t.deepEqual(config.stores, [{ name: 'cluster', type: 'kubernetes', options: {} }]);
  t.deepEqual(config.definitions, [{ store: 'cluster' }]);
  t.is(config.defaultStore, 'cluster');
});

test('the variables of the original say where definitions come from, and where triggers are', async (t) => {
  const config = await load(t, {
    environment: {
      ...IN_CLUSTER,
      KOREO_NAMESPACE: 'koreo',
      TEMPLATE_NAMESPACE: 'templates',
      RESOURCE_NAMESPACE: 'team',
    },
  });
  t.deepEqual(config.definitions, [{ store: 'cluster', namespaces: ['koreo', 'templates'] }]);
  t.deepEqual(config.stores[0]?.options, { namespaces: ['team'] });
});

test('one namespace for all three is named once', async (t) => {
  const all = { KOREO_NAMESPACE: 'koreo', TEMPLATE_NAMESPACE: 'koreo', RESOURCE_NAMESPACE: 'koreo' };
  const config = await load(t, { environment: { ...IN_CLUSTER, ...all } });
  t.deepEqual(config.definitions, [{ store: 'cluster', namespaces: ['koreo'] }]);
  t.deepEqual(config.stores[0]?.options, { namespaces: ['koreo'] });
});

test('MANAGED_RESOURCE_* make a second cluster, in which everything is that triggers ask for', async (t) => {
  const config = await load(t, {
    environment: {
      ...IN_CLUSTER,
      RESOURCE_NAMESPACE: 'team',
      MANAGED_RESOURCE_KUBECONFIG: '/etc/clusters/prod',
      MANAGED_RESOURCE_CONTEXT: 'prod',
      MANAGED_RESOURCE_NAMESPACE: 'workloads',
    },
  });
  t.deepEqual(config.stores, [
    { name: 'cluster', type: 'kubernetes', options: { namespaces: ['team'] } },
    {
      name: 'managed',
      type: 'kubernetes',
      options: { kubeconfig: '/etc/clusters/prod', context: 'prod', namespaces: ['workloads'] },
    },
  ]);
  t.is(config.triggerStore, 'cluster');
  t.is(config.defaultStore, 'managed');
  t.deepEqual(config.definitions, [{ store: 'cluster' }]);
});

test('managed resources may be reached by the URL of a server and the token of a service account', async (t) => {
  const options = async (environment: Readonly<Record<string, string>>) =>
    (await load(t, { environment: { ...IN_CLUSTER, ...environment } })).stores[1]?.options;
  const serviceAccount = '/var/run/secrets/prod';
  t.deepEqual(
    await options({
      MANAGED_RESOURCE_API_SERVER_URL: 'https://prod.example:6443',
      MANAGED_RESOURCE_SERVICEACCOUNT: serviceAccount,
    }),
    { server: 'https://prod.example:6443', serviceAccount },
  );
  t.deepEqual(await options({ MANAGED_RESOURCE_SERVICEACCOUNT: serviceAccount }), {
    server: 'https://10.96.0.1:443',
    serviceAccount,
  });
  t.deepEqual(await options({ KUBERNETES_SERVICE_HOST: 'fd00::1', MANAGED_RESOURCE_SERVICEACCOUNT: serviceAccount }), {
    server: 'https://[fd00::1]:443',
    serviceAccount,
  });
});

test('a namespace of managed resources alone makes no second cluster', async (t) => {
  const config = await load(t, { environment: { ...IN_CLUSTER, MANAGED_RESOURCE_NAMESPACE: 'workloads' } });
  t.deepEqual(
    config.stores.map(({ name }) => name),
    ['cluster'],
  );
});

test('a cluster that is chosen is described by the variables too, and what is chosen comes before them', async (t) => {
  const config = await load(t, {
    environment: { KOREO_NAMESPACE: 'koreo', RESOURCE_NAMESPACE: 'team', MANAGED_RESOURCE_CONTEXT: 'prod' },
    cluster: { context: 'kind-dev', namespaces: ['mine'] },
  });
  t.deepEqual(config.stores[0]?.options, { context: 'kind-dev', namespaces: ['mine'] });
  t.deepEqual(config.stores[1]?.options, { context: 'prod' });
});

test('a configuration comes before every variable', async (t) => {
  const config = await load(t, {
    environment: { ...IN_CLUSTER, KOREO_NAMESPACE: 'koreo', MANAGED_RESOURCE_CONTEXT: 'prod' },
    text: 'stores: [{name: mine, type: kubernetes}]\n',
  });
  t.deepEqual(config.stores, [{ name: 'mine', type: 'kubernetes', options: {} }]);
  t.deepEqual(config.definitions, [{ store: 'mine' }]);
});

test('LOG_LEVEL says what is logged, in any case and with a file too, unless the file says it', async (t) => {
  const level = async (LOG_LEVEL: string, text?: string) =>
    (await load(t, { environment: { LOG_LEVEL }, ...(text === undefined ? {} : { text }) })).logging.level;
  t.is(await level('WARNING'), 'warn');
  t.is(await level('critical'), 'error');
  t.is(await level('debug', 'logging: {format: json}\n'), 'debug');
  t.is(await level('DEBUG', 'logging: {level: error}\n'), 'error');
  t.is(await level(''), 'info');
});

test('a LOG_LEVEL that is none is told without a place in the file', async (t) => {
  const error = await t.throwsAsync(load(t, { environment: { LOG_LEVEL: '__proto__' }, text: 'logging: {}\n' }));
  t.is(
    error.message,
    "the variable LOG_LEVEL is '__proto__', which is none of DEBUG, INFO, WARN, WARNING, ERROR, CRITICAL",
  );
});

test('outside of a cluster, and where variables do not count, the folder is the one store', async (t) => {
  for (const call of [{ environment: { KOREO_NAMESPACE: 'koreo', KUBERNETES_SERVICE_HOST: '' } }, {}]) {
    const config = await load(t, call);
    t.deepEqual(config.stores, [{ name: 'files', type: 'file-system', options: { root: '.' } }]);
  }
});

test('a variable that names no namespace is told by its name', async (t) => {
  const environment = { ...IN_CLUSTER, KOREO_NAMESPACE: 'Team_A', RESOURCE_NAMESPACE: '-' };
  const error = await t.throwsAsync(load(t, { environment }), { instanceOf: ConfigError });
  t.deepEqual(error.message.split('\n'), [
    "the variable KOREO_NAMESPACE is 'Team_A', which is no name of a namespace (a-z, 0-9 and '-', at most 63 characters)",
    "the variable RESOURCE_NAMESPACE is '-', which is no name of a namespace (a-z, 0-9 and '-', at most 63 characters)",
  ]);
});

test('a store that is told of a service account has to be told of its server', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': 'stores:\n  - {name: prod, type: kubernetes, serviceAccount: ./account}\n',
  });
  await t.throwsAsync(loadConfig({ cwd, builtIn: [cel, kubernetes] }), {
    message: "koreo.config.yaml:2:5 stores[0]: 'server' is missing, which 'serviceAccount' needs",
  });
});
