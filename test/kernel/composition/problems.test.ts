import test from 'ava';
import {
  createKernel,
  createWorkbench,
  type ExpressionEngine,
  formatProblem,
  KernelConfigurationError,
  type KernelOptions,
  type Plugin,
  type StoreType,
} from 'koreo-kernel';
import cel, { celEngine } from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';

/** What is wrong with options, a line each. */
function problemsOf(options: KernelOptions): readonly string[] {
  try {
    createKernel(options);
    return [];
  } catch (error) {
    if (!(error instanceof KernelConfigurationError)) throw error;
    return error.problems.map(formatProblem);
  }
}

function plugin(name: string, more: Partial<Plugin> = {}): Plugin {
  return { name, apiVersion: 'v1', register: () => undefined, ...more };
}

const memoryType: StoreType = {
  type: 'memory',
  optionsSchema: {
    type: 'object',
    required: ['size'],
    additionalProperties: false,
    properties: { size: { type: 'integer', minimum: 1 }, mode: { type: 'string', default: 'rw' } },
  },
  create: ({ name }) => new MemoryStore({ name }),
};
const stores = [new MemoryStore()];
const otherCel: ExpressionEngine = { language: 'cel', compile: celEngine().compile };

test('what fits together is composed, and nothing is read', (t) => {
  const store = new MemoryStore();
  t.deepEqual(problemsOf({ plugins: [cel], stores: [store] }), []);
  t.is(store.reads, 0);
});

test('two plug-ins that claim one name are told with the name', (t) => {
  const acme = plugin('acme-cel', { register: (registry) => registry.engine(otherCel) });
  t.deepEqual(problemsOf({ plugins: [cel, acme, acme], stores }), [
    "plug-in 'acme-cel': another plug-in has the name 'acme-cel' already; take away one of them",
    "plug-in 'cel' and plug-in 'acme-cel' both claim the language 'cel'; rename one, or take it away",
  ]);
});

test('handlers, observers, functions and store types have one owner each', (t) => {
  const both = ['one', 'two'].map((name) =>
    plugin(name, {
      register: (registry) => {
        registry.function({ name: 'lower', parameters: [], summary: '', call: () => null });
        registry.storeType(memoryType);
        registry.observer({ name: 'audit', onRun: () => undefined });
      },
    }),
  );
  t.deepEqual(problemsOf({ plugins: [cel, ...both], stores }), [
    "the standard library, plug-in 'one' and plug-in 'two' all claim the function 'lower'; rename one, or take it away",
    "plug-in 'one' and plug-in 'two' both claim the store type 'memory'; rename one, or take it away",
    "plug-in 'one' and plug-in 'two' both claim the observer 'audit'; rename one, or take it away",
  ]);
});

test('needs that are not met, and circles, are named', (t) => {
  const plugins = [
    cel,
    plugin('a', { requires: ['b', 'http'] }),
    plugin('b', { requires: ['c'] }),
    plugin('c', { requires: ['a'] }),
    plugin('d', { requires: ['d'] }),
  ];
  t.deepEqual(problemsOf({ plugins, stores }), [
    "plug-in 'a': it needs plug-in 'http', which is not there: add it to the plug-ins; there are: cel, a, b, c, d",
    "plug-in 'a': plug-ins need one another in a circle: a → b → c → a; take one of these needs away",
    "plug-in 'd': plug-ins need one another in a circle: d → d; take one of these needs away",
  ]);
});

test('a plug-in that cannot register is named, and others are checked all the same', (t) => {
  const broken = plugin('broken', {
    register: () => {
      throw new Error('no licence');
    },
  });
  t.deepEqual(problemsOf({ plugins: [broken], stores }), [
    "plug-in 'broken': it could not register: no licence",
    "the default language names the language 'cel', which is not there; there are none",
  ]);
});

test('an unknown default language is told with those that there are', (t) => {
  t.deepEqual(problemsOf({ plugins: [cel], stores, language: 'jsonata' }), [
    "the default language names the language 'jsonata', which is not there; there are: 'cel'",
  ]);
});

test('stores are made only of known types and fitting options, all told at once', (t) => {
  const types = plugin('types', { register: (registry) => registry.storeType(memoryType) });
  const lines = problemsOf({
    plugins: [cel, types],
    stores: [
      { name: 'a', type: 'memory', options: { size: 0, sise: 1 } },
      { name: 'b', type: 'disk' },
      { name: 'c', type: 'memory' },
      { name: 'c', type: 'memory', options: { size: 1 } },
    ],
    defaultStore: 'nowhere',
    triggerStore: 'elsewhere',
    routing: [{ kind: '*', store: 'gone' }],
    definitions: [{ store: 'a' }, { store: 'lost' }],
  });
  t.deepEqual(
    lines.map((line) => line.replace(/; there are.*/, '')),
    [
      "two stores are named 'c'",
      "store a sise: there is no field 'sise' here; did you mean 'size'?",
      'store a size: must be 1 or more',
      "store 'b' names the store type 'disk', which is not there",
      "store c: 'size' is missing",
      "routing rule 1 names the store 'gone', which is not there",
      "defaultStore names the store 'nowhere', which is not there",
      "triggerStore names the store 'elsewhere', which is not there",
      "source 2 of definitions names the store 'lost', which is not there",
    ],
  );
});

test('a store gets its options with the defaults filled in, and the given ones stay as they are', (t) => {
  const seen: unknown[] = [];
  const type: StoreType = {
    ...memoryType,
    create: ({ name, baseDirectory }, options) => {
      seen.push({ name, baseDirectory, options });
      return new MemoryStore({ name });
    },
  };
  const options = { size: 3 };
  const kernel = createKernel({
    plugins: [cel, plugin('types', { register: (registry) => registry.storeType(type) })],
    stores: [{ name: 'box', type: 'memory', options }],
    baseDirectory: '/base',
  });
  t.deepEqual(seen, [{ name: 'box', baseDirectory: '/base', options: { size: 3, mode: 'rw' } }]);
  t.deepEqual(options, { size: 3 });
  t.deepEqual([...kernel.stores.keys()], ['box']);
});

test('a store that refuses to be made is named', (t) => {
  const type: StoreType = {
    ...memoryType,
    create: () => {
      throw new Error('two collections of one kind');
    },
  };
  const plugins = [cel, plugin('types', { register: (registry) => registry.storeType(type) })];
  t.deepEqual(problemsOf({ plugins, stores: [{ name: 'box', type: 'memory', options: { size: 1 } }] }), [
    'store box: two collections of one kind',
  ]);
});

test('several stores need the source of definitions said, and none is no kernel', (t) => {
  const two = [new MemoryStore({ name: 'a' }), new MemoryStore({ name: 'b' })];
  t.deepEqual(problemsOf({ plugins: [cel], stores: two }), [
    'with several stores, say in `definitions` which of them hold definitions',
  ]);
  t.deepEqual(problemsOf({ plugins: [cel], stores: [] }), ['a kernel needs at least one store']);
});

test('a workbench has engines, functions and store types, and tells what does not fit', (t) => {
  const extra = plugin('extra', {
    register: (registry) => {
      registry.function({ name: 'twice', parameters: [], summary: '', call: () => null });
      registry.storeType(memoryType);
    },
  });
  const { context, storeTypes } = createWorkbench({ plugins: [cel, extra], limits: { documentDepth: 7 } });
  t.deepEqual([...context.engines.keys()], ['cel']);
  t.true(context.library.has('twice'));
  t.true(context.library.has('lower'));
  t.is(context.limits.documentDepth, 7);
  t.deepEqual([...storeTypes.keys()], ['memory']);
  t.throws(() => createWorkbench({ plugins: [] }), { instanceOf: KernelConfigurationError });
});
