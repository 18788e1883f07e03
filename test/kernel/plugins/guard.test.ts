import test from 'ava';
import {
  createWorkbench,
  type ExpressionEngine,
  FunctionError,
  type LibraryFunction,
  type Resource,
  type RunReport,
  type StoreEvent,
  UnavailableError,
} from 'koreo-kernel';
import cel, { celEngine } from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { concat, NEVER, Observable, Subject } from 'rxjs';
import { definition, order, SHOP, start, step, valueFunction, workflow } from '../../support/kernel-harness.js';
import { defect, invoiceHandler, living, plugin, told } from './support.js';

/** The message that a trigger's run came to. */
function messageOf({ outcome }: RunReport): string {
  return 'message' in outcome ? outcome.message : outcome.type;
}

/** A plug-in with one function without parameters. */
const withFunction = (call: LibraryFunction['call']) =>
  plugin('acme', (registry) => registry.function({ name: 'odd', parameters: [], summary: 'Odd.', call }));

const usesOdd = valueFunction('uses-odd', { it: '=odd()' }) + workflow('orders', [step('uses-odd')]);
const other = workflow('refunds', [step('fine')], 'Refund') + valueFunction('fine', { it: '=1' });
const world = usesOdd + other + order('one') + order('two', {}, 'Refund');

for (const [what, call, message] of [
  ['throws', defect, 'it threw a TypeError, which the log has'],
  [
    'throws what is no error',
    () => {
      throw 'secret-token';
    },
    'it threw a string, which the log has',
  ],
  ['gives nothing', () => undefined as never, 'it threw a TypeError, which the log has'],
  ['gives a promise', (async () => 1) as never, 'it threw a TypeError, which the log has'],
  ['gives a date', () => new Date() as never, 'it threw a TypeError, which the log has'],
  ['gives NaN', () => Number.NaN, 'it threw a TypeError, which the log has'],
] as const) {
  test(`a function that ${what} fails its run with the names of both, and no other`, async (t) => {
    const shop = await start(t, { plugins: [cel, withFunction(call)], world });
    const { outcome } = shop.last('one');
    t.is(outcome.type, 'PermFail');
    t.is(
      messageOf(shop.last('one')),
      `spec.return.it: plug-in 'acme' failed in the function \`odd\`: ${message} (in =odd())`,
    );
    t.false(JSON.stringify(shop.reports).includes('secret-token'));
    t.is(shop.last('two').outcome.type, 'Ok');
    t.is(shop.incidents.length, 1);
    t.is(shop.incidents[0]?.source, "plug-in 'acme', the function `odd`");
  });
}

test('what a function must give is told to its author in the log', async (t) => {
  const shop = await start(t, { plugins: [cel, withFunction(() => new Map() as never)], world });
  t.deepEqual(told(shop), [
    "plug-in 'acme', the function `odd`: a function must give JSON at once, and not an object of the class Map",
  ]);
});

test("a function's own complaint is the author's of the definition, and no incident", async (t) => {
  const picky = withFunction(() => {
    throw new FunctionError('odd: it is even');
  });
  const shop = await start(t, { plugins: [cel, picky], world });
  t.is(messageOf(shop.last('one')), 'spec.return.it: odd: it is even (in =odd())');
  t.deepEqual(shop.incidents, []);
});

test('what fails in the same way each time is told once, and again when it fails in another', async (t) => {
  let count = 0;
  const flaky = withFunction(() => {
    throw new Error(`cause ${Math.floor(count++ / 3)}`);
  });
  const shop = await start(t, { plugins: [cel, flaky], world });
  for (let run = 1; run < 6; run++) {
    shop.edit('Order', 'one', { spec: { run } });
    await shop.idle();
  }
  t.deepEqual(
    told(shop).map((line) => line.replace(/.*: /, '')),
    ['cause 0', 'cause 1'],
  );
});

test('a function whose numbers are exact is guarded too', (t) => {
  const exact = plugin('acme', (registry) =>
    registry.function({ name: 'odd', parameters: [], summary: '', call: () => 1, callExact: defect }),
  );
  const { context } = createWorkbench({ plugins: [cel, exact] });
  t.throws(() => context.library.get('odd')?.callExact?.([], {} as never), {
    instanceOf: FunctionError,
    message: "plug-in 'acme' failed in the function `odd`: it threw a TypeError, which the log has",
  });
});

/** An engine that is CEL but for what is given. */
const engineOf = (more: Partial<ExpressionEngine>): ExpressionEngine => ({
  language: 'odd',
  compile: (...source) => celEngine().compile(...source),
  ...more,
});
const inOdd = definition('ValueFunction', 'uses-odd', { return: { it: '=1' } }).replace(
  '"metadata":{',
  '"metadata":{"annotations":{"koreo.dev/expression-language":"odd"},',
);

test('an engine that cannot compile leaves the definition unready, with the reason, and nothing else', async (t) => {
  const acme = plugin('acme', (registry) => registry.engine(engineOf({ compile: defect })));
  const shop = await start(t, {
    plugins: [cel, acme],
    world: world.replace(usesOdd, '') + inOdd + workflow('orders', [step('uses-odd')]),
  });
  const entry = shop.kernel;
  const problems: string[] = [];
  entry.definitions
    .subscribe((all) => {
      for (const one of all.entries()) {
        if (one.name === 'uses-odd' && 'problems' in one) problems.push(...one.problems.map(({ message }) => message));
      }
    })
    .unsubscribe();
  t.deepEqual(problems, [
    "plug-in 'acme' failed in the engine of the language 'odd': it threw a TypeError, which the log has",
  ]);
  t.is(shop.last('two').outcome.type, 'Ok');
});

for (const [how, evaluate] of [
  ['at once', defect],
  ['later', async () => defect()],
] as const) {
  test(`an engine that fails ${how} in an evaluation fails that run only`, async (t) => {
    const compile: ExpressionEngine['compile'] = (source) => ({ source, reads: [], evaluate });
    const acme = plugin('acme', (registry) => registry.engine(engineOf({ compile })));
    const shop = await start(t, {
      plugins: [cel, acme],
      world: world.replace(usesOdd, '') + inOdd + workflow('orders', [step('uses-odd')]),
    });
    t.is(
      messageOf(shop.last('one')),
      "spec.return.it: plug-in 'acme' failed in the engine of the language 'odd': it threw a TypeError, which the log has (in =1)",
    );
    t.is(shop.last('two').outcome.type, 'Ok');
  });
}

for (const [method, more, message] of [
  ['claims', { claims: defect }, 'Finding the store of Invoice shop/one failed: '],
  ['storeOf', { storeOf: defect }, 'Finding the store of Invoice shop/one failed: '],
  ['read', { read: defect }, 'Reading Invoice shop/one failed: '],
  ['read', { read: async () => defect() }, 'Reading Invoice shop/one failed: '],
  ['read', { read: async () => ({ kind: 'Invoice' }) as never }, 'Reading Invoice shop/one failed: '],
  ['kind', { kind: defect }, 'Reading Invoice shop/one failed: '],
  ['create', { create: async () => defect() }, 'Creating Invoice shop/one failed: '],
  ['create', { create: () => defect() }, 'Creating Invoice shop/one failed: '],
] as const) {
  test(`a handler that fails in ${method} makes its run a Retry that names it: ${JSON.stringify(Object.values(more)[0]?.toString())}`, async (t) => {
    const acme = plugin('acme', (registry) => registry.resourceHandler(invoiceHandler(more)));
    const shop = await start(t, {
      plugins: [cel, acme],
      world: SHOP + other + order('one', { count: 1 }) + order('two', {}, 'Refund'),
    });
    const { outcome } = shop.last('one');
    t.is(outcome.type, 'Retry');
    t.is(
      messageOf(shop.last('one')),
      `${message}plug-in 'acme' failed in ${method} of the resource handler 'cloud': it threw a TypeError, which the log has`,
    );
    t.is(shop.last('two').outcome.type, 'Ok');
    t.is(shop.see('Invoice', 'one'), undefined, 'what it claims falls to nobody else');
  });
}

test("a handler's typed errors, and what the system says, are told as they are", async (t) => {
  const failures = [
    new UnavailableError('the cloud rests', 7),
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED', syscall: 'connect' }),
  ];
  const acme = plugin('acme', (registry) =>
    registry.resourceHandler(
      invoiceHandler({
        read: async () => {
          throw failures.shift();
        },
      }),
    ),
  );
  const shop = await start(t, { plugins: [cel, acme], world: SHOP + order('one', { count: 1 }) });
  t.like(shop.last('one').outcome, {
    type: 'Retry',
    delay: 7,
    message: 'Reading Invoice shop/one failed: the cloud rests',
  });
  await shop.pass(7);
  t.is(
    messageOf(shop.last('one')),
    "Reading Invoice shop/one failed: plug-in 'acme' failed in read of the resource handler 'cloud': connect ECONNREFUSED 10.0.0.1:443",
  );
});

test("a handler's watch that ends begins anew, and what changed meanwhile is told", async (t) => {
  const invoice = (name: string, resourceVersion: string): Resource => ({
    apiVersion: 'shop.example/v1',
    kind: 'Invoice',
    metadata: { name, namespace: 'shop', uid: name, resourceVersion },
    spec: { total: 3 },
  });
  let watches = 0;
  let current: Subject<StoreEvent> | undefined;
  const acme = plugin('acme', (registry) =>
    registry.resourceHandler(
      invoiceHandler({
        read: async ({ name }) => invoice(name, '1'),
        watch: () =>
          new Observable((listener) => {
            watches++;
            current = new Subject();
            listener.next({ type: 'added', resource: invoice('one', String(watches)) });
            listener.next({ type: 'synced' });
            return current.subscribe(listener);
          }),
      }),
    ),
  );
  const shop = await start(t, { plugins: [cel, acme], world: SHOP + order('one', { count: 1 }) });
  t.is(watches, 1);
  current?.error(new Error('cut'));
  await shop.pass(1);
  t.is(watches, 2);
  current?.complete();
  await shop.pass(1);
  t.is(watches, 3);
  t.deepEqual(told(shop), [
    "plug-in 'acme', watch of the resource handler 'cloud': cut",
    "plug-in 'acme', watch of the resource handler 'cloud': the watch completed, which it must not",
  ]);
});

test('what a watch tells that means nothing is told to its author, and to nobody else', async (t) => {
  const events = [undefined, { type: 'gone' }, { type: 'added' }, { type: 'synced' }] as never[];
  const acme = plugin('acme', (registry) =>
    registry.resourceHandler(invoiceHandler({ watch: () => concat(events, NEVER) })),
  );
  const shop = await start(t, { plugins: [cel, acme], world: SHOP + order('one', { count: 1 }) });
  t.deepEqual(told(shop), [
    "plug-in 'acme', watch of the resource handler 'cloud': the watch told of what is no event: its type is none of added, modified, deleted and synced",
    "plug-in 'acme', watch of the resource handler 'cloud': the watch told of what is no resource: everything is missing",
  ]);
});

for (const [what, program] of [
  ['nothing', undefined],
  ['a program that cannot be evaluated', { source: '', reads: [] }],
  ['a program that does not say what it reads', { source: '', evaluate: () => null }],
] as const) {
  test(`an engine that compiles to ${what} is told so, and harms nobody`, async (t) => {
    const acme = plugin('acme', (registry) => registry.engine(engineOf({ compile: () => program as never })));
    const shop = await start(t, {
      plugins: [cel, acme],
      world: world.replace(usesOdd, '') + inOdd + workflow('orders', [step('uses-odd')]),
    });
    t.is(shop.incidents.length, 1);
    t.regex(told(shop)[0] ?? '', /^plug-in 'acme', the engine of the language 'odd': `compile` gave /);
    t.is(shop.last('two').outcome.type, 'Ok');
  });
}

test('an observer that fails, at once or later, harms nobody and is told once', async (t) => {
  const seen: string[] = [];
  const acme = plugin('acme', (registry) => {
    registry.observer({ name: 'broken', onRun: defect });
    registry.observer({ name: 'later', onRun: async () => defect() });
    registry.observer({ name: 'fine', onRun: ({ trigger }) => void seen.push(trigger.name) });
  });
  const shop = await start(t, {
    plugins: [cel, acme],
    world: SHOP + order('one', { count: 1 }) + order('two', { count: 1 }),
  });
  t.deepEqual(seen, ['one', 'two']);
  t.deepEqual(
    shop.incidents.map(({ source }) => source),
    ["plug-in 'acme', the observer 'broken'", "plug-in 'acme', the observer 'later'"],
  );
});

/** A store type whose stores fail in what is given. */
const storesWith = (more: Partial<MemoryStore>) =>
  plugin('acme', (registry) =>
    registry.storeType({
      type: 'acme',
      optionsSchema: {},
      create: ({ name }) => Object.assign(new MemoryStore({ name }), more),
    }),
  );

test('a store that fails unexpectedly makes runs a Retry that names its plug-in', async (t) => {
  const shop = await start(t, {
    plugins: [cel, storesWith({ create: async () => defect() })],
    stores: [new MemoryStore()],
    more: [{ name: 'box', type: 'acme' }],
    definitions: [{ store: 'memory' }],
    defaultStore: 'memory',
    routing: [{ kind: 'Invoice', store: 'box' }],
    world: SHOP + order('one', { count: 1 }),
  });
  t.is(shop.last('one').outcome.type, 'Retry');
  t.is(
    messageOf(shop.last('one')),
    "Creating Invoice shop/one failed: plug-in 'acme' failed in create of the store 'box' of type acme: it threw a TypeError, which the log has",
  );
});

test('a store whose plug-in is out says so, and what it holds counts as unknown and not as gone', async (t) => {
  const broken = plugin('acme', (registry) => {
    registry.storeType({ type: 'acme', optionsSchema: {}, create: ({ name }) => new MemoryStore({ name }) });
    registry.lifecycle({ start: defect });
    registry.resourceHandler(invoiceHandler({ name: 'receipts', claims: ({ kind }) => kind === 'Receipt' }));
  });
  const health: string[] = [];
  const shop = await start(t, {
    plugins: [cel, broken],
    stores: [new MemoryStore()],
    more: [{ name: 'box', type: 'acme' }],
    definitions: [{ store: 'memory' }],
    defaultStore: 'memory',
    routing: [{ kind: 'Invoice', store: 'box' }],
    world: SHOP + order('one', { count: 1 }),
  });
  shop.kernel.storeHealth.subscribe((all) => health.push(all.get('box')?.message ?? 'well'));
  const out = "plug-in 'acme' is out: it could not start; the log of the start says why";
  t.deepEqual(health, [out]);
  t.is(messageOf(shop.last('one')), `Reading Invoice shop/one failed: ${out}`);
  t.deepEqual(told(shop), ["plug-in 'acme': could not start: secret-token is not a function"]);
});

test('functions, engines, handlers and observers of a plug-in that is out say so where they are used', async (t) => {
  const observed: unknown[] = [];
  const acme = plugin('acme', (registry) => {
    registry.function({ name: 'odd', parameters: [], summary: '', call: () => 1 });
    registry.engine(engineOf({}));
    registry.resourceHandler(invoiceHandler());
    registry.observer({ name: 'eye', onRun: (report) => void observed.push(report) });
    registry.lifecycle({ start: defect });
  });
  const inOther = inOdd.replace('uses-odd', 'in-odd');
  const shop = await start(t, {
    plugins: [cel, acme, living('fine', {})],
    world: [
      ...[usesOdd, inOther, other, order('one'), order('two', {}, 'Refund')],
      ...[workflow('others', [step('in-odd')], 'Other'), order('three', {}, 'Other')],
      ...[
        SHOP.replace('"name":"orders"', '"name":"shop"').replace('"kind":"Order"', '"kind":"Sale"'),
        order('four', { count: 1 }, 'Sale'),
      ],
    ].join(''),
  });
  const out = "plug-in 'acme' is out: it could not start; the log of the start says why";
  t.is(messageOf(shop.last('one')), `spec.return.it: ${out} (in =odd())`);
  t.is(shop.last('two').outcome.type, 'Ok');
  t.regex(shop.readyMessage('three', 'Other'), /in-odd/);
  t.is(messageOf(shop.last('four')), `Reading Invoice shop/four failed: ${out}`);
  t.deepEqual(observed, []);
});
