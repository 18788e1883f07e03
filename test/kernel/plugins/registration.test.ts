import test from 'ava';
import {
  createKernel,
  formatProblem,
  KernelConfigurationError,
  type KernelOptions,
  type Plugin,
  type PluginRegistry,
} from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { invoiceHandler, plugin } from './support.js';

/** What is wrong with plug-ins, a line each. */
function problemsOf(...plugins: NonNullable<KernelOptions['plugins']>): readonly string[] {
  try {
    createKernel({ plugins: [cel, ...plugins], stores: [new MemoryStore()] });
    return [];
  } catch (error) {
    if (!(error instanceof KernelConfigurationError)) throw error;
    return error.problems.map(formatProblem);
  }
}

/** What is said of a thing that is recorded, as JavaScript could record it. */
function faultsOf(method: keyof PluginRegistry, value: unknown): readonly string[] {
  const acme = plugin('acme', (registry) => (registry[method] as (value: unknown) => void)(value));
  return problemsOf(acme).map((line) => line.replace("plug-in 'acme': ", ''));
}

const call = (): null => null;

for (const [method, value, ...faults] of [
  ['function', { name: 'f', parameters: [], summary: '', call }],
  ['function', undefined, 'the function must be an object, not undefined'],
  ['function', {}, 'a function has no `name`', 'a function has no `call`', 'a function has no list of `parameters`'],
  [
    'function',
    { name: 'to-upper', parameters: [], call },
    "the function 'to-upper' needs a name of letters, digits and underscores that begins with a letter",
  ],
  [
    'function',
    { name: 'f', parameters: [{ name: 'a', type: 'str' }, { name: 'a', type: 'int' }, { type: 'any' }, null], call },
    "parameter 1 of the function 'f' has no type that there is (any, string, int, number, boolean, list, mapping)",
    "parameter 2 of the function 'f' has the name 'a' of another one",
    "parameter 3 of the function 'f' has no `name`",
    "parameter 4 of the function 'f' has no `name`",
    "parameter 4 of the function 'f' has no type that there is (any, string, int, number, boolean, list, mapping)",
  ],
  [
    'function',
    { name: 'f', parameters: [{ name: 'a', type: 'strin' }], call, callExact: 1 },
    "`callExact` of the function 'f' is no function",
    "parameter 1 of the function 'f' has no type that there is (any, string, int, number, boolean, list, mapping); did you mean 'string'?",
  ],
  ['engine', { compile: call }, 'an engine has no `language`'],
  ['engine', { language: 'x' }, "the engine 'x' has no `compile`"],
  ['storeType', { type: 'x', create: call }, "the store type 'x' has no `optionsSchema`"],
  ['observer', { name: 'x', onRun: 'log' }, "the observer 'x' has no `onRun`"],
  ['resourceHandler', { ...invoiceHandler(), remove: undefined }, "the resource handler 'cloud' has no `remove`"],
  ['resourceHandler', { ...invoiceHandler(), watch: {} }, "`watch` of the resource handler 'cloud' is no function"],
  ['lifecycle', { stop: 1 }, '`stop` of a lifecycle is no function'],
] as const) {
  test(`${method} ${JSON.stringify(value)} has ${faults.length} faults`, (t) => {
    t.deepEqual(faultsOf(method, value), faults);
  });
}

test('a plug-in is registered at once: neither by a promise, nor later', async (t) => {
  let late: (() => void) | undefined;
  const patient = plugin('patient', (registry) => {
    late = () => registry.engine({ language: 'x', compile: () => ({ source: '', reads: [], evaluate: () => null }) });
  });
  t.deepEqual(problemsOf(patient, plugin('hasty', (async () => Promise.reject(new Error('x'))) as never)), [
    "plug-in 'hasty': `register` must not be async: it only records. Do what takes time in `start` of `registry.lifecycle({start, stop})`",
  ]);
  t.throws(() => late?.(), { message: 'what a plug-in brings is to be registered before `register` returns' });
  await new Promise(setImmediate);
});

test('needs are names, and one that is misspelt is told with what was meant', (t) => {
  t.deepEqual(
    problemsOf(
      plugin('acme-forge', undefined, { requires: ['acme-htp'] }),
      plugin('acme-http'),
      plugin('odd', undefined, { requires: 'acme-http' as never }),
    ),
    [
      "plug-in 'odd': `requires` must be a list of names of plug-ins",
      "plug-in 'acme-forge': it needs plug-in 'acme-htp', which is not there: add it to the plug-ins; did you mean 'acme-http'?",
    ],
  );
});

test('two handlers of one kind are found before anything runs, as far as one of them tells its kinds', (t) => {
  const kinds = [{ apiVersion: 'shop.example/v1', kind: 'Invoice' }];
  const telling = plugin('telling', (registry) => registry.resourceHandler(invoiceHandler({ kinds })));
  const silent = plugin('silent', (registry) => registry.resourceHandler(invoiceHandler({ name: 'silent' })));
  const unable = plugin('unable', (registry) =>
    registry.resourceHandler(
      invoiceHandler({
        name: 'unable',
        claims: () => {
          throw new Error('not now');
        },
      }),
    ),
  );
  t.deepEqual(problemsOf(telling, unable), []);
  t.deepEqual(problemsOf(silent, telling), [
    "plug-in 'silent' and plug-in 'telling' both claim the kind 'shop.example/v1 Invoice'; rename one, or take it away",
  ]);
});

test('options that do not fit, and schemas that are none, are told with their places', (t) => {
  const optionsSchema = { type: 'object', additionalProperties: false, properties: { size: { type: 'integer' } } };
  const sized: Plugin = plugin('sized', undefined, { optionsSchema });
  const odd = plugin('odd', undefined, { optionsSchema: { type: 'mapping' } });
  const origin = { module: './sized.js' };
  t.deepEqual(problemsOf({ plugin: sized, options: { size: 'a', sise: 1 }, origin }, odd), [
    "plug-in 'sized' (./sized.js) options.sise: there is no field 'sise' here; did you mean 'size'?",
    "plug-in 'sized' (./sized.js) options.size: must be a whole number, not a text",
    "plug-in 'odd': its `optionsSchema` cannot be used: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf",
  ]);
});

test('no message about options holds what somebody wrote into them', (t) => {
  const text = { type: 'string', minLength: 30, pattern: '^[A-Z]+$', enum: ['A', 'B'], not: { const: 'hunter2' } };
  const optionsSchema = {
    type: 'object',
    additionalProperties: false,
    properties: {
      token: text,
      count: { type: 'integer', maximum: 1 },
      list: { type: 'array', uniqueItems: true, maxItems: 1 },
    },
  };
  const secretive = plugin('secretive', undefined, { optionsSchema });
  const lines = problemsOf({
    plugin: secretive,
    options: { token: 'hunter2', count: 4711, list: ['hunter2', 'hunter2'] },
  });
  t.true(lines.length >= 6, lines.join('\n'));
  t.notRegex(lines.join('\n'), /hunter2|4711/);
});

test('the options that a plug-in gets are its own: a change reaches nobody', (t) => {
  const seen: unknown[] = [];
  const greedy = plugin(
    'greedy',
    (_, { options }) => {
      seen.push(structuredClone(options));
      (options as { list: unknown[] }).list.push(9);
    },
    { optionsSchema: { type: 'object', properties: { list: { default: [1] } } } },
  );
  const options = { list: [2] };
  t.deepEqual(problemsOf({ plugin: greedy, options }), []);
  t.deepEqual(problemsOf({ plugin: greedy, options }), []);
  t.deepEqual(problemsOf(greedy), []);
  t.deepEqual(problemsOf(greedy), []);
  t.deepEqual(seen, [{ list: [2] }, { list: [2] }, { list: [1] }, { list: [1] }]);
});

test('recorded things need no prototype that can be spread: classes do', (t) => {
  class Eye {
    readonly name = 'eye';
    #seen = 0;
    onRun(): void {
      this.#seen++;
    }
    get seen(): number {
      return this.#seen;
    }
  }
  t.deepEqual(problemsOf(plugin('acme', (registry) => registry.observer(new Eye()))), []);
});
