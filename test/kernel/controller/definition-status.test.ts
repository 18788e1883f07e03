import test, { type ExecutionContext } from 'ava';
import {
  ConflictError,
  DEFINITION_KINDS,
  FencedError,
  ForbiddenError,
  guessPlural,
  KOREO_API_VERSION,
  type Resource,
  UnavailableError,
} from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import {
  definition,
  type Harness,
  type HarnessOptions,
  resources,
  start,
  step,
  valueFunction,
  workflow,
} from '../../support/kernel-harness.js';
import { bodiesOf } from '../../support/store-gate.js';

/** A store that keeps the status of definitions apart, as a cluster with our CRDs does. */
function cluster(world: string): MemoryStore {
  const kinds = DEFINITION_KINDS.map((kind) => ({
    apiVersion: KOREO_API_VERSION,
    kind,
    plural: guessPlural(kind),
    namespaced: true,
    statusSubresource: true,
  }));
  return new MemoryStore({ kinds, resources: resources(world) });
}

function run(t: ExecutionContext, world: string, options: HarnessOptions = {}): Promise<Harness> {
  return start(t, { stores: [cluster(world)], ...options });
}

const FLOW = workflow('flow', [step('one'), step('two')], null);

test('a definition shows whether it can be used, and a Workflow how many steps it has', async (t) => {
  const world = [valueFunction('one', { a: 1 }), valueFunction('broken', { a: '=1 +' }), FLOW].join('');
  const shop = await run(t, world);
  t.is(shop.ready('one', 'ValueFunction'), 'True Prepared');
  t.is(shop.readyMessage('one', 'ValueFunction'), 'It can be used.');
  t.is(shop.ready('broken', 'ValueFunction'), 'False Broken');
  t.regex(shop.readyMessage('broken', 'ValueFunction'), /^spec\.return\.a: expected a value/);
  t.is(shop.ready('flow', 'Workflow'), 'Unknown Waiting');
  t.is(shop.readyMessage('flow', 'Workflow'), 'ValueFunction two is missing');
  t.like(shop.conditions('flow', 'Workflow')[0], { observedGeneration: 1 });
  t.is(shop.see('Workflow', 'flow')?.status?.steps, 2);
  t.is(shop.see('ValueFunction', 'one')?.status?.steps, undefined);
  shop.apply(valueFunction('two', { b: 2 }));
  await shop.idle();
  t.is(shop.ready('flow', 'Workflow'), 'True Prepared');
});

test('a status is written when it changes, and at no other time', async (t) => {
  const shop = await run(t, valueFunction('one', { a: 1 }) + FLOW);
  const written = bodiesOf(shop.store, 'patchStatus');
  await shop.pass(5000);
  t.is(written.length, 0);
  shop.apply(valueFunction('one', { a: 2 }));
  await shop.idle();
  t.is(written.length, 1, 'of a new generation: once, and not again for the write itself');
  t.is(shop.conditions('one', 'ValueFunction')[0]?.observedGeneration, 2);
});

test('a restart writes nothing that is shown already', async (t) => {
  const shop = await run(t, valueFunction('one', { a: 1 }) + FLOW);
  await shop.kernel.stop();
  const again = await start(t, { stores: shop.stores });
  const before = again.store.writes;
  await again.pass(100);
  t.is(again.store.writes, before);
  t.is(again.ready('one', 'ValueFunction'), 'True Prepared');
});

test('conditions of others stay, and what others write of ours is not fought over', async (t) => {
  const shop = await run(t, valueFunction('one', { a: 1 }));
  const shown = shop.see('ValueFunction', 'one') as Resource;
  const theirs = { type: 'Audited', status: 'True', reason: 'Audited', message: 'by hand' };
  const disagreeing = { type: 'Ready', status: 'False', reason: 'NotInForce', message: 'another comes first' };
  shop.store.put({ ...shown, status: { conditions: [disagreeing, theirs] } });
  await shop.pass(100);
  t.is(shop.ready('one', 'ValueFunction'), 'False NotInForce');
  shop.apply(valueFunction('one', { a: '=1 +' }));
  shop.store.put({ ...(shop.see('ValueFunction', 'one') as Resource), status: { conditions: [disagreeing, theirs] } });
  await shop.idle();
  t.is(shop.ready('one', 'ValueFunction'), 'False Broken');
  t.like(shop.conditions('one', 'ValueFunction')[1], theirs);
});

test('of two copies of a name the one that is not in force says so, until it takes over', async (t) => {
  const first = valueFunction('one', { a: 1 });
  const hidden = first.replace('"defs"', '"spare"').replace('"a":1', '"a":"=1 +"');
  const shop = await run(t, first + hidden, { definitions: [{ store: 'memory', namespaces: ['defs', 'spare'] }] });
  const ready = (namespace: string) =>
    shop.store.resources.find(({ metadata }) => metadata.namespace === namespace)?.status?.conditions;
  t.like(ready('defs'), [{ status: 'True', reason: 'Prepared' }]);
  t.like(ready('spare'), [{ status: 'False', reason: 'NotInForce', message: 'defs/one comes first' }]);
  shop.store.drop({ apiVersion: KOREO_API_VERSION, kind: 'ValueFunction', name: 'one', namespace: 'defs' });
  await shop.idle();
  t.like(ready('spare'), [{ status: 'False', reason: 'Broken' }]);
});

test('a store that keeps no such status apart is not written to', async (t) => {
  const shop = await start(t, { world: valueFunction('one', { a: 1 }) });
  t.is(shop.store.writes, 0);
  t.is(shop.see('ValueFunction', 'one')?.status, undefined);
});

test('a write that fails is tried again, and told; one that another came before, or that may not be, is not', async (t) => {
  const shop = await run(t, '');
  const errors = [new UnavailableError('the disk is full'), new ConflictError('somebody was faster')];
  const mend = shop.store.intercept(({ verb }) => {
    const error = verb === 'patchStatus' ? errors.shift() : undefined;
    if (error !== undefined) throw error;
  });
  shop.apply(valueFunction('one', { a: 1 }));
  await shop.pass(10);
  t.is(shop.ready('one', 'ValueFunction'), 'True Prepared');
  t.deepEqual(
    shop.incidents.map(({ error }) => (error as Error).message),
    ['the disk is full'],
  );
  t.regex(shop.incidents[0]?.source ?? '', /^status of memory .*ValueFunction.*one$/);
  mend();
  shop.store.intercept(({ verb }) => {
    if (verb === 'patchStatus') throw new FencedError('another one leads');
  });
  shop.apply(definition('ValueFunction', 'late', { return: { a: 1 } }));
  await shop.pass(1000);
  t.is(shop.incidents.length, 1);
  t.is(shop.see('ValueFunction', 'late')?.status, undefined);
});

test('a store that forbids it is told of once, and tried again all the same', async (t) => {
  const shop = await run(t, '');
  const mend = shop.store.intercept(({ verb }) => {
    if (verb === 'patchStatus') throw new ForbiddenError('no rights to write the status of definitions');
  });
  shop.apply(['one', 'two', 'three'].map((name) => valueFunction(name, { a: 1 })).join(''));
  await shop.pass(3600);
  t.is(shop.incidents.length, 1);
  mend();
  await shop.pass(600);
  t.is(shop.ready('three', 'ValueFunction'), 'True Prepared');
});

test('a definition that is deleted while its status is written is no incident', async (t) => {
  const shop = await run(t, '');
  shop.store.intercept(({ verb, ref: { name, namespace } }) => {
    const ref = { apiVersion: KOREO_API_VERSION, kind: 'ValueFunction', name: name ?? '', namespace: namespace ?? '' };
    if (verb === 'patchStatus') shop.store.drop(ref);
  });
  shop.apply(valueFunction('one', { a: 1 }));
  await shop.pass(100);
  t.deepEqual(shop.incidents, []);
  t.is(shop.see('ValueFunction', 'one'), undefined);
});
