import test from 'ava';
import type { JsonObject, Plugin } from 'koreo-kernel';
import { type ClusterChoice, ConfigError, type LoadedConfig, loadConfig } from 'koreo-kernel/config';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { tempFolder } from '../support/temp-folder.js';

/** A type of store named `kubernetes`, of which one context is known. */
const builtIn: readonly Plugin[] = [
  cel,
  {
    name: 'test-stores',
    apiVersion: 'v1',
    register(registry) {
      registry.storeType({
        type: 'kubernetes',
        optionsSchema: { type: 'object' },
        create({ name }, { context }: JsonObject) {
          if (context === 'nowhere') throw new Error("there is no context 'nowhere'; there are: dev, prod");
          return new MemoryStore({ name });
        },
      });
      registry.storeType({
        type: 'json',
        optionsSchema: { type: 'object' },
        create: ({ name }) => new MemoryStore({ name }),
      });
    },
  },
];

const load = (cwd: string, cluster: ClusterChoice): Promise<LoadedConfig> => loadConfig({ cwd, builtIn, cluster });

test('a cluster that is chosen where there is no file is the one store of everything', async (t) => {
  const { config, file, isDefault } = await load(tempFolder(t), { context: 'dev', namespaces: ['shop'] });
  t.is(file, undefined);
  t.false(isDefault);
  t.deepEqual(config.stores, [
    { name: 'cluster', type: 'kubernetes', options: { context: 'dev', namespaces: ['shop'] } },
  ]);
  t.deepEqual(config.definitions, [{ store: 'cluster' }]);
  t.is(config.defaultStore, 'cluster');
});

test('what is chosen comes before what the file says of its one Kubernetes store', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': `
stores:
  - {name: data, type: json}
  - {name: prod, type: kubernetes, context: prod, timeoutSeconds: 5}
definitions: [{store: prod}]
defaultStore: data
`,
  });
  const { config } = await load(cwd, { context: 'dev' });
  t.deepEqual(config.stores[1]?.options, { context: 'dev', timeoutSeconds: 5 });
  t.deepEqual(config.stores[0]?.options, {});
});

test('of several Kubernetes stores it is the default one', async (t) => {
  const stores = 'stores: [{name: a, type: kubernetes}, {name: b, type: kubernetes}]\ndefinitions: [{store: a}]\n';
  const plain = tempFolder(t, { 'koreo.config.yaml': stores });
  const error = await t.throwsAsync(load(plain, { context: 'dev' }), { instanceOf: ConfigError });
  t.regex(error.message, /^koreo\.config\.yaml:1:9 stores: 'context' .* there are 2 \(a, b\); make one of them/);
  const { config } = await load(tempFolder(t, { 'koreo.config.yaml': `${stores}defaultStore: b\n` }), {
    context: 'dev',
  });
  t.deepEqual(config.stores[1]?.options, { context: 'dev' });
  t.deepEqual(config.stores[0]?.options, {});
});

test('a choice that no store of the file can take says so', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': 'stores: [{name: data, type: json}]\n' });
  await t.throwsAsync(load(cwd, { kubeconfig: '/k' }), {
    message: /'kubeconfig' cannot be chosen, .* no store of type/,
  });
});

test('what the store says of the choice is told without the line of a file that is not there', async (t) => {
  await t.throwsAsync(load(tempFolder(t), { context: 'nowhere' }), {
    message: "there is no context 'nowhere'; there are: dev, prod",
  });
});

test('without a choice nothing is another', async (t) => {
  const { config, isDefault } = await load(tempFolder(t), {});
  t.true(isDefault);
  t.is(config.stores[0]?.type, 'file-system');
});
