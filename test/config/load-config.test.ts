import test from 'ava';
import {
  DEFAULT_KERNEL_LIMITS,
  DEFAULT_LOOP_OPTIONS,
  isList,
  type JsonObject,
  type Plugin,
  type Store,
  type StoreContext,
} from 'koreo-kernel';
import { ConfigError, type LoadedConfig, loadConfig } from 'koreo-kernel/config';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { tempFolder } from '../support/temp-folder.js';

/** Two types of store, as plug-ins bring them. */
const builtIn: readonly Plugin[] = [
  cel,
  {
    name: 'test-stores',
    apiVersion: 'v1',
    register(registry) {
      const create = ({ name }: StoreContext, { collections }: JsonObject): Store => {
        if (isList(collections) && collections.length > 1) throw new Error('collections overlap');
        return new MemoryStore({ name });
      };
      registry.storeType({
        type: 'file-system',
        create,
        optionsSchema: {
          type: 'object',
          required: ['root'],
          additionalProperties: false,
          properties: { root: { type: 'string' }, status: { enum: ['side', 'inline'] } },
        },
      });
      registry.storeType({ type: 'json', create, optionsSchema: { type: 'object' } });
    },
  },
];

/** What is said about a configuration, one line a problem. */
async function complaints(load: Promise<LoadedConfig>): Promise<string[]> {
  const error = await load.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw error ?? new Error('it was accepted');
  return error.message.split('\n');
}

test('without a file the current folder is the one store of everything', async (t) => {
  const cwd = tempFolder(t);
  const { config, file, baseDirectory } = await loadConfig({ cwd, builtIn });
  t.is(file, undefined);
  t.is(baseDirectory, cwd);
  t.deepEqual(config.stores, [{ name: 'files', type: 'file-system', options: { root: '.' } }]);
  t.deepEqual(config.definitions, [{ store: 'files' }]);
  t.is(config.defaultStore, 'files');
});

test('the defaults are those of the kernel', async (t) => {
  const { config } = await loadConfig({ cwd: tempFolder(t), builtIn });
  t.deepEqual(config.limits, DEFAULT_KERNEL_LIMITS);
  t.deepEqual(config.loop, DEFAULT_LOOP_OPTIONS);
});

test('what a file says is kept, and what it does not say has its default', async (t) => {
  const cwd = tempFolder(t, {
    'deep/my.yaml': `
language: cel
stores:
  - {name: a, type: file-system, root: ./a}
  - {name: b, type: json, anything: [1]}
routing:
  - {apiVersion: shop.example/v1, store: b}
definitions:
  - {store: a, namespaces: [team, shared]}
limits: {forEachItems: 5}
loop: {backoff: {maximumSeconds: 9}}
`,
  });
  const { config, baseDirectory } = await loadConfig({ cwd, file: 'deep/my.yaml', builtIn });
  t.is(baseDirectory, `${cwd}/deep`);
  t.is(config.language, 'cel');
  t.deepEqual(config.stores[1], { name: 'b', type: 'json', options: { anything: [1] } });
  t.deepEqual(config.routing, [{ apiVersion: 'shop.example/v1', kind: '*', store: 'b' }]);
  t.deepEqual(config.definitions, [{ store: 'a', namespaces: ['team', 'shared'] }]);
  t.false('defaultStore' in config);
  t.is(config.limits.forEachItems, 5);
  t.deepEqual(config.loop.backoff, { initialSeconds: 1, maximumSeconds: 9 });
});

test('the options of stores may name the language, so that one line chooses both', async (t) => {
  const text = (language: string) =>
    `${language}stores: [{name: all, type: file-system, root: "./\${language}/and/\${language}", status: inline}]\n`;
  const loaded = async (language: string) =>
    loadConfig({ cwd: tempFolder(t, { 'koreo.config.yaml': text(language) }), builtIn });
  const byDefault = await loaded('');
  t.deepEqual(byDefault.config.stores[0]?.options, { root: './cel/and/cel', status: 'inline' });
  t.is((await loaded('language: cel\n')).config.stores[0]?.options.root, './cel/and/cel');
  const cwd = tempFolder(t, { 'koreo.config.yaml': text('language: celery\n') });
  t.regex((await complaints(loadConfig({ cwd, builtIn }))).join(), /no plug-in brings the language 'celery'/);
});

test('everything that is wrong is told at once, each with its line and what was probably meant', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': `
stores:
  - {name: one, type: file-sytem, root: .}
  - name: one
    type: file-system
    rot: ./x
    status: sideways
language: sel
lop: {}
routing:
  - {kind: Order, store: onne}
defaultStore: 7
limits:
  forEachItems: 0
  forEachItms: 3
loop: {periodSeconds: soon}
`,
  });
  t.deepEqual(await complaints(loadConfig({ cwd, builtIn })), [
    "koreo.config.yaml:3:23 stores[0].type: no plug-in brings the store type 'file-sytem'; did you mean 'file-system'?",
    "koreo.config.yaml:4:11 stores[1].name: another store is named 'one' already; give each a name of its own",
    "koreo.config.yaml:4:5 stores[1]: 'root' is missing",
    "koreo.config.yaml:6:5 stores[1].rot: there is no field 'rot' here; did you mean 'root'?",
    'koreo.config.yaml:7:13 stores[1].status: must be one of side, inline',
    "koreo.config.yaml:8:11 language: no plug-in brings the language 'sel'; did you mean 'cel'?",
    "koreo.config.yaml:9:1 lop: there is no field 'lop' here; did you mean 'loop'?",
    "koreo.config.yaml:11:26 routing[0].store: there is no store 'onne'; did you mean 'one'?",
    'koreo.config.yaml:12:15 defaultStore: must be a text, not a number',
    'koreo.config.yaml:14:17 limits.forEachItems: must be 1 or more',
    "koreo.config.yaml:15:3 limits.forEachItms: there is no field 'forEachItms' here; did you mean 'forEachItems'?",
    'koreo.config.yaml:16:23 loop.periodSeconds: must be a number, not a text',
  ]);
});

test('with several stores it must be said where definitions come from', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': 'stores: [{name: a, type: json}, {name: b, type: json}]\n' });
  t.deepEqual(await complaints(loadConfig({ cwd, builtIn })), [
    "koreo.config.yaml:1:1: 'definitions' is missing: say which stores hold them, such as `definitions: [{store: a}]`",
  ]);
});

test('a file that is no YAML is told with line and column', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': 'stores:\n  - {name: one\nlanguage: cel\n' });
  const [first] = await complaints(loadConfig({ cwd, builtIn }));
  t.regex(first ?? '', /^koreo\.config\.yaml:\d+:\d+: /);
});

test('a list, a scalar, and a second document are no configuration', async (t) => {
  const told = async (text: string): Promise<string[]> => {
    const cwd = tempFolder(t, { 'koreo.config.yaml': text });
    return complaints(loadConfig({ cwd, builtIn }));
  };
  t.deepEqual(await told('- a\n'), [
    'koreo.config.yaml:1:1: A configuration must be a mapping of keys such as `stores` and `definitions`.',
  ]);
  t.deepEqual(await told('language: cel\n---\nlanguage: cel\n'), [
    'koreo.config.yaml:3:1: A configuration is one document; take away what follows the second `---`.',
  ]);
});

test('what only the store itself can say of its options is told with the line of the store', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': 'stores:\n  - {name: a, type: json, collections: [1, 2]}\n' });
  t.deepEqual(await complaints(loadConfig({ cwd, builtIn })), ['koreo.config.yaml:2:5 stores[0]: collections overlap']);
});

test('an empty file is the same as none', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': '# nothing yet\n' });
  const { config } = await loadConfig({ cwd, builtIn });
  const without = await loadConfig({ cwd: tempFolder(t), builtIn });
  t.deepEqual(config, without.config);
});

test('a file that is named must be there', async (t) => {
  const cwd = tempFolder(t);
  t.deepEqual(await complaints(loadConfig({ cwd, file: 'none.yaml', builtIn })), ['none.yaml: there is no such file']);
});

test('a key such as __proto__ is an unknown key, and reaches no prototype', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': '__proto__: {polluted: true}\nconstructor: 1\n' });
  const told = await complaints(loadConfig({ cwd, builtIn }));
  t.is(told.length, 2);
  t.regex(told.join('\n'), /there is no field '__proto__' here/);
  t.false('polluted' in {});
});

test('plug-ins are loaded from beside the file, and bring their types of store', async (t) => {
  const cwd = tempFolder(t, {
    'conf/koreo.yaml': 'plugins: [./acme.mjs]\nstores: [{name: a, type: acme, tank: 4}]\n',
    'conf/acme.mjs': `export default {
      name: 'acme',
      apiVersion: 'v1',
      register: (registry) => registry.storeType({
        type: 'acme',
        optionsSchema: { type: 'object', properties: { tank: { type: 'integer' } } },
        create: () => ({ close: async () => {} }),
      }),
    };`,
  });
  const { plugins, config } = await loadConfig({ cwd, file: 'conf/koreo.yaml', builtIn });
  t.deepEqual(
    plugins.map(({ plugin }) => plugin.name),
    ['cel', 'test-stores', 'acme'],
  );
  t.deepEqual(config.stores, [{ name: 'a', type: 'acme', options: { tank: 4 } }]);
});

test('a plug-in that is missing, broken or none is a problem with its line', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': 'plugins:\n  - ./missing.mjs\n  - ./none.mjs\n  - not-installed\n',
    'none.mjs': 'export default 1;',
  });
  const told = await complaints(loadConfig({ cwd, builtIn }));
  t.is(told.length, 3);
  t.regex(told.join('\n'), /koreo\.config\.yaml:2:5 plugins\[0\]: '\.\/missing\.mjs' cannot be loaded/);
  t.regex(told.join('\n'), /koreo\.config\.yaml:3:5 plugins\[1\]: '\.\/none\.mjs' is no plug-in/);
  t.regex(told.join('\n'), /koreo\.config\.yaml:4:5 plugins\[2\]: 'not-installed' cannot be loaded/);
});

/** A plug-in with options, as a module. */
const TANK = `export default {
  name: 'tank',
  apiVersion: 'v1',
  optionsSchema: {
    type: 'object',
    required: ['size'],
    additionalProperties: false,
    properties: { size: { type: 'integer', minimum: 1 }, unit: { enum: ['l', 'gal'], default: 'l' } },
  },
  register: (registry, { options, baseDirectory }) => registry.storeType({
    type: 'tank',
    optionsSchema: { type: 'object', properties: { made: { default: JSON.stringify({ ...options, baseDirectory }) } } },
    create: () => ({ close: async () => {} }),
  }),
};`;

test('a plug-in gets its options with the defaults filled in, and the folder of the file', async (t) => {
  const entry = '{plugin: ./tank.mjs, options: {size: 3}}';
  const cwd = tempFolder(t, {
    'conf/koreo.yaml': `plugins: [${entry}]\nstores: [{name: a, type: tank}]\n`,
    'conf/tank.mjs': TANK,
  });
  const { plugins, config, workbench } = await loadConfig({ cwd, file: 'conf/koreo.yaml', builtIn });
  t.deepEqual(config.plugins, [{ plugin: './tank.mjs', options: { size: 3 } }]);
  t.deepEqual(plugins.at(-1)?.options, { size: 3 });
  t.like(workbench.storeTypes.get('tank')?.optionsSchema, {
    properties: { made: { default: JSON.stringify({ size: 3, unit: 'l', baseDirectory: `${cwd}/conf` }) } },
  });
});

test('options that do not fit are told all at once, each at its line, with the plug-in and its module', async (t) => {
  const text = 'plugins:\n  - plugin: ./tank.mjs\n    options:\n      sise: 3\n      unit: pint\n';
  const cwd = tempFolder(t, { 'koreo.config.yaml': text, 'tank.mjs': TANK });
  t.deepEqual(await complaints(loadConfig({ cwd, builtIn })), [
    "koreo.config.yaml:4:7 plug-in 'tank' (./tank.mjs) plugins[0].options: 'size' is missing",
    "koreo.config.yaml:4:7 plug-in 'tank' (./tank.mjs) plugins[0].options.sise: there is no field 'sise' here; did you mean 'size'?",
    "koreo.config.yaml:5:13 plug-in 'tank' (./tank.mjs) plugins[0].options.unit: must be one of l, gal",
  ]);
});

test('a built-in plug-in is named, and given options, by its name; one on demand is loaded only then', async (t) => {
  const loaded: string[] = [];
  const onDemand = {
    pump: async (): Promise<Plugin> => {
      loaded.push('pump');
      return {
        name: 'pump',
        apiVersion: 'v1',
        optionsSchema: { type: 'object', additionalProperties: false, properties: { power: { type: 'integer' } } },
        register: () => undefined,
      };
    },
  };
  await loadConfig({ cwd: tempFolder(t, { 'koreo.config.yaml': 'plugins: [cel]\n' }), builtIn, onDemand });
  t.deepEqual(loaded, []);
  const text = 'plugins:\n  - {plugin: pump, options: {power: 9}}\n  - {plugin: cel, options: {fast: true}}\n';
  const cwd = tempFolder(t, { 'koreo.config.yaml': text });
  t.deepEqual(await complaints(loadConfig({ cwd, builtIn, onDemand })), [
    "koreo.config.yaml:3:28 plug-in 'cel' (built in) plugins[1].options: this plug-in takes no options",
  ]);
  t.deepEqual(loaded, ['pump']);
});

test('an entry that is neither a name nor a mapping with one is refused at its line', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': 'plugins:\n  - 3\n  - {options: {}}\n  - {plugin: cel, option: {}}\n',
  });
  t.deepEqual(
    (await complaints(loadConfig({ cwd, builtIn }))).map((line) => line.replace(/^koreo\.config\.yaml/, '')),
    [
      ':2:5 plugins[0]: must be a text or a mapping, not a number',
      ":3:5 plugins[1]: 'plugin' is missing",
      ":4:19 plugins[2].option: there is no field 'option' here; did you mean 'options'?",
    ],
  );
});

test('plug-ins of an API version that there is not, and two of one name, are told with their modules', async (t) => {
  const module = (head: string): string => `export default { ${head}, register: () => {} };`;
  const cwd = tempFolder(t, {
    'koreo.config.yaml': 'plugins:\n  - ./old.mjs\n  - ./new.mjs\n  - ./one.mjs\n  - ./two.mjs\n',
    'old.mjs': module("name: 'old'"),
    'new.mjs': module("name: 'new', apiVersion: 'v2'"),
    'one.mjs': module("name: 'same', apiVersion: 'v1'"),
    'two.mjs': module("name: 'same', apiVersion: 'v1'"),
  });
  t.deepEqual(await complaints(loadConfig({ cwd, builtIn })), [
    "koreo.config.yaml:2:5 plug-in 'old' (./old.mjs) plugins[0]: it does not say which version of the plug-in API it was written for: give it an `apiVersion`; this kernel offers 'v1'",
    "koreo.config.yaml:3:5 plug-in 'new' (./new.mjs) plugins[1]: it was written for version 'v2' of the plug-in API, and this kernel offers 'v1': take a version of the one or the other that fits",
    "koreo.config.yaml:5:5 plug-in 'same' (./two.mjs) plugins[3]: the plug-in of ./one.mjs has the name 'same' already; take away one of them",
  ]);
});

test('a type of store whose schema is none is told where it is used', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': 'plugins: [./odd.mjs]\nstores:\n  - {name: a, type: odd}\n',
    'odd.mjs': `export default {
      name: 'odd',
      apiVersion: 'v1',
      register: (registry) => registry.storeType({
        type: 'odd',
        optionsSchema: { type: 'mapping', required: 'size' },
        create: () => ({ close: async () => {} }),
      }),
    };`,
  });
  const [told, ...more] = await complaints(loadConfig({ cwd, builtIn }));
  t.deepEqual(more, []);
  t.regex(
    told ?? '',
    /^koreo\.config\.yaml:3:21 stores\[0\]\.type: the schema of the options of type 'odd' cannot be used: .*data\/required must be array/,
  );
});

/** A type of store in which processes can agree on a leader. */
const electing: Plugin = {
  name: 'electing',
  apiVersion: 'v1',
  register: (registry) =>
    registry.storeType({
      type: 'electing',
      optionsSchema: { type: 'object' },
      create: ({ name }) =>
        Object.assign(new MemoryStore({ name }), {
          election: () => ({ lead: () => new Promise<never>(() => undefined) }),
        }),
    }),
};

test('a leader election has the times of Kubernetes, and the only store, by default', async (t) => {
  const text = 'stores: [{name: cluster, type: electing}]\nleaderElection: {}\n';
  const cwd = tempFolder(t, { 'koreo.config.yaml': text });
  const { config } = await loadConfig({ cwd, builtIn: [...builtIn, electing] });
  t.deepEqual(config.leaderElection, {
    store: 'cluster',
    name: 'koreo',
    leaseSeconds: 15,
    renewDeadlineSeconds: 10,
    retrySeconds: 2,
  });
});

for (const [election, complaint] of [
  ['{store: cluste}', /:4:25 leaderElection\.store: there is no store 'cluste'; did you mean 'cluster'\?/],
  [
    '{store: files}',
    /leaderElection\.store: processes cannot agree on a leader in the store 'files' of type file-system/,
  ],
  ['{name: lead}', /leaderElection: say in `store` which of the stores processes agree in/],
  ['{store: cluster, renewDeadlineSeconds: 15}', /leaseSeconds \(15\) must be longer than renewDeadlineSeconds \(15\)/],
  ['{store: cluster, retrySeconds: 6}', /renewDeadlineSeconds \(10\) must be at least twice retrySeconds \(6\)/],
  ['{store: cluster, leaseSeconds: 2.5}', /leaderElection\.leaseSeconds: /],
  ['{store: cluster, name: My_Lease}', /leaderElection\.name: /],
] as const) {
  test(`a leader election that cannot work is refused: ${election}`, async (t) => {
    const stores = '[{name: cluster, type: electing}, {name: files, type: file-system, root: .}]';
    const text = `stores: ${stores}\ndefinitions: [{store: files}]\n\nleaderElection: ${election}\n`;
    const cwd = tempFolder(t, { 'koreo.config.yaml': text });
    const said = await complaints(loadConfig({ cwd, builtIn: [...builtIn, electing] }));
    t.is(said.length, 1, said.join('\n'));
    t.regex(said[0] ?? '', complaint);
  });
}
