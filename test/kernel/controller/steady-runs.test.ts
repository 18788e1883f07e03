import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import type { JsonObject, RunReport } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { definition, Harness, order, start, valueFunction } from '../../support/kernel-harness.js';
import { fc } from '../../support/property.js';

/** Seconds. */
const PERIOD = 1200;
/** Without jitter and one after another: a repeated run draws less chance than one that is evaluated, and is done sooner. */
const LOOP = { periodSeconds: PERIOD, periodJitter: 0, concurrency: 1 };

/** What an Invoice of an Order costs, from a price that is read and that somebody else keeps. */
const WORLD = [
  valueFunction('count', { count: '=inputs.count' }),
  definition('ResourceFunction', 'price', {
    apiConfig: {
      apiVersion: 'shop.example/v1',
      kind: 'Price',
      name: '=inputs.sort',
      namespace: 'shop',
      readonly: true,
    },
    return: { cents: '=resource.spec.cents' },
  }),
  definition('ResourceFunction', 'invoice', {
    apiConfig: { apiVersion: 'shop.example/v1', kind: 'Invoice', name: '=inputs.name', namespace: 'shop' },
    preconditions: [{ assert: '=inputs.count > 0', skip: { message: 'nothing is ordered' } }],
    resource: { spec: { total: '=inputs.count * inputs.cents' } },
    create: { delay: 5 },
    return: { total: '=resource.spec.total' },
  }),
  definition('Workflow', 'orders', {
    crdRef: { apiGroup: 'shop.example', version: 'v1', kind: 'Order' },
    steps: [
      { label: 'count', ref: { kind: 'ValueFunction', name: 'count' }, inputs: { count: '=parent.spec.count' } },
      { label: 'price', ref: { kind: 'ResourceFunction', name: 'price' }, inputs: { sort: '=parent.spec.sort' } },
      {
        label: 'invoice',
        ref: { kind: 'ResourceFunction', name: 'invoice' },
        inputs: {
          name: '=parent.metadata.name',
          count: '=steps.count.count',
          cents: '=steps.price.cents',
        },
        state: { total: '=value.total' },
        condition: { type: 'Invoiced', name: 'The invoice' },
      },
    ],
  }),
  price('desk', 5),
  price('lamp', 7),
].join('');

function price(name: string, cents: number): string {
  return `---\n${JSON.stringify({ apiVersion: 'shop.example/v1', kind: 'Price', metadata: { name, namespace: 'shop' }, spec: { cents } })}\n`;
}

/** A shop with an Order that has come to rest, so that its next run may be told by its last. */
async function resting(
  t: Parameters<typeof start>[0],
  options: Partial<ConstructorParameters<typeof Harness>[0]> = {},
) {
  const shop = await start(t, { world: WORLD + order('one', { count: 2, sort: 'desk' }), loop: LOOP, ...options });
  await shop.pass(10);
  await shop.pass(PERIOD);
  await shop.pass(PERIOD);
  return shop;
}

test('a run in a steady world is told by the last one, with its own time, cause and number', async (t) => {
  const shop = await resting(t);
  const evaluated = shop.reports.findLast(({ repeated }) => repeated === undefined);
  const last = shop.last('one');
  t.true(last.repeated);
  t.deepEqual(last.causes, ['period']);
  t.false(shop.reports.some((other) => other !== last && other.id === last.id));
  t.not(last.startedAt, evaluated?.startedAt);
  t.true((last.nextRunIn ?? 0) > 1000);
  t.is(last.durationMs, 0);
  const told = ({ outcome, conditions, state, managed, used, workflow }: RunReport) => ({
    outcome,
    conditions,
    state,
    managed,
    used,
    workflow,
  });
  t.deepEqual(told(last), told(evaluated ?? last));
  t.deepEqual(
    last.steps.map(({ label, outcome, action }) => [label, outcome, action?.type]),
    evaluated?.steps.map(({ label, outcome, action }) => [label, outcome, action?.type]),
  );
});

test('with nothing remembered every run is evaluated', async (t) => {
  const shop = await resting(t, { limits: { rememberedValues: 0 } });
  t.true(shop.reports.length > 2);
  t.false(shop.reports.some(({ repeated }) => repeated));
});

test('a run that has more to tell than may be remembered is evaluated each time', async (t) => {
  const shop = await resting(t, { limits: { rememberedValues: 20 } });
  t.false(shop.reports.some(({ repeated }) => repeated));
});

test('a kind of which its store says something else now is asked about anew', async (t) => {
  const store = new MemoryStore();
  const shop = await resting(t, { stores: [store] });
  t.true(shop.last('one').repeated);
  const known = store.kind.bind(store);
  store.kind = async (gvk, options) => ({ ...(await known(gvk, options)), plural: 'invoicen' });
  await shop.pass(PERIOD);
  t.is(shop.last('one').repeated, undefined);
  t.like(shop.last('one').managed?.resources.invoice, { plural: 'invoicen' });
});

test('what no watch tells of is read again by each run', async (t) => {
  const shop = await resting(t, { unwatched: [{ kind: 'Price' }] });
  const { reads } = shop.store;
  await shop.pass(PERIOD);
  t.is(shop.last('one').repeated, undefined);
  t.true(shop.store.reads > reads);
});

test('a trigger that waits or fails is evaluated each time', async (t) => {
  const shop = await resting(t);
  shop.edit('Order', 'one', { spec: { count: 'two', sort: 'desk' } });
  await shop.pass(PERIOD);
  await shop.pass(PERIOD);
  t.is(shop.ready('one'), 'False Failure');
  t.false(shop.reports.slice(-2).some(({ repeated }) => repeated));
});

/** Something that happens to a shop. */
type Happening = { readonly name: string; readonly to: (shop: Harness) => void | Promise<void> };

function happening(name: string, to: Happening['to']): Happening {
  return { name, to };
}

const orders = ['one', 'two', 'three'];

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(1, 100, PERIOD, 2 * PERIOD).map((s) => happening(`${s} s pass`, (shop) => shop.pass(s))),
  },
  fc
    .record({ name: fc.constantFrom(...orders), count: fc.nat(3), sort: fc.constantFrom('desk', 'lamp', 'none') })
    .map((spec) =>
      happening(`order ${JSON.stringify(spec)}`, (shop) =>
        shop.apply(order(spec.name, { count: spec.count, sort: spec.sort })),
      ),
    ),
  fc
    .record({ name: fc.constantFrom('desk', 'lamp'), cents: fc.nat(2) })
    .map(({ name, cents }) => happening(`price of ${name} ${cents}`, (shop) => shop.apply(price(name, cents)))),
  fc
    .record({
      name: fc.constantFrom(...orders),
      spec: fc.constantFrom<JsonObject>({ total: 1 }, { total: 10, note: 'x' }, { note: 'y' }),
    })
    .map(({ name, spec }) =>
      happening(`somebody writes ${JSON.stringify(spec)} to invoice ${name}`, (shop) => {
        if (shop.see('Invoice', name) !== undefined) shop.edit('Invoice', name, { spec });
      }),
    ),
  fc
    .record({ kind: fc.constantFrom('Invoice', 'Price', 'Order'), name: fc.constantFrom(...orders, 'desk') })
    .map(({ kind, name }) =>
      happening(`${kind} ${name} goes`, (shop) =>
        shop.store.drop({ apiVersion: 'shop.example/v1', kind, name, namespace: 'shop' }),
      ),
    ),
  fc
    .constantFrom('=inputs.count', '=inputs.count + 1', '=inputs.count / 0', '=nonsense(')
    .map((count) =>
      happening(`the function count gives ${count}`, (shop) => shop.apply(valueFunction('count', { count }))),
    ),
  fc.nat(3).map((n) => happening('a function that nobody uses', (shop) => shop.apply(valueFunction('other', { n })))),
  fc
    .record({
      name: fc.constantFrom(...orders),
      key: fc.constantFrom('koreo.dev/paused', 'koreo.dev/drift', 'koreo.dev/reconcile-requested-at', 'note'),
      value: fc.constantFrom('true', 'detect', 'now'),
    })
    .map(({ name, key, value }) =>
      happening(`${name} is annotated ${key}=${value}`, (shop) => {
        if (shop.see('Order', name) !== undefined) shop.annotate(name, { [key]: value });
      }),
    ),
  fc.constantFrom(...orders).map((name) =>
    happening(`somebody spoils the status of ${name}`, (shop) => {
      const before = shop.see('Order', name);
      if (before !== undefined) shop.store.put({ ...before, status: { conditions: [] } });
    }),
  ),
);

/** All that can be seen of a shop but for whether its runs were evaluated, and the times of what was not. */
function seen(shop: Harness) {
  const { reads, writes, changes } = shop.store;
  const reports = shop.reports.map(({ repeated: _, durationMs: _own, ...report }) => report);
  return { reads, writes, changes, resources: shop.store.resources, reports: reports.slice(-20) };
}

test('whatever happens, a kernel that remembers does, shows and tells the same as one that evaluates every run', async (t) => {
  let repeated = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happenings, { minLength: 3, maxLength: 25 }), async (history) => {
      const world = WORLD + orders.map((name) => order(name, { count: 2, sort: 'desk' })).join('');
      const shops = [undefined, 0].map(
        (most) => new Harness({ world, loop: LOOP, limits: most === undefined ? {} : { rememberedValues: most } }),
      );
      const [remembering, evaluating] = shops as [Harness, Harness];
      try {
        for (const shop of shops) {
          await shop.kernel.start();
          await shop.pass(2 * PERIOD);
        }
        for (const { name, to } of history) {
          for (const shop of shops) {
            await to(shop);
            await shop.idle();
          }
          const [one, other] = [seen(remembering), seen(evaluating)];
          // The assertion of the test runner takes its time even where there is nothing to tell.
          if (!isDeepStrictEqual(one, other)) t.deepEqual(one, other, name);
        }
      } finally {
        for (const shop of shops) await shop.kernel.stop({ graceMs: 0 });
      }
      repeated += remembering.reports.filter((report) => report.repeated).length;
      t.false(evaluating.reports.some((report) => report.repeated));
    }),
    { numRuns: 40 },
  );
  t.true(repeated > 100, 'it did remember');
});
