import test from 'ava';
import {
  AlreadyExistsError,
  ForbiddenError,
  InvalidResourceError,
  type JsonObject,
  type Resource,
  UnavailableError,
  UnknownKindError,
} from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { definitionsOf } from '../../support/definitions.js';
import { runResource, widgetFunction } from '../../support/resource-run.js';

const OWNER = {
  apiVersion: 'shop.example/v1',
  kind: 'Order',
  name: 'o1',
  uid: 'order-uid',
  blockOwnerDeletion: true,
  controller: false,
};
const REF = { apiVersion: 'example/v1', kind: 'Widget', name: 'w', namespace: 'shop' };
const LAST_APPLIED = 'koreo.dev/last-applied-configuration';

/** The widget as it is when it is as wanted, unless said otherwise. */
function widget(
  fields: JsonObject = { spec: { size: 3 } },
  metadata: JsonObject = { ownerReferences: [OWNER] },
): Resource {
  return {
    apiVersion: 'example/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'shop', ...metadata },
    ...fields,
  };
}

const holding = (...resources: readonly Resource[]) => new MemoryStore({ resources });
const SIMPLE = widgetFunction('resource: {spec: {size: =inputs.size}}\nreturn: {size: =resource.spec.size}');
const inputs = { size: 3 };

test('what is missing is created, with its record and its owner, and looked at again after the delay', async (t) => {
  const store = new MemoryStore();
  const run = await runResource(SIMPLE, { store, inputs });
  t.like(run.outcome, { type: 'Retry', delay: 30, message: 'Creating Widget shop/w.' });
  const made = store.peek(REF);
  t.deepEqual(made?.spec, { size: 3 });
  t.deepEqual(made?.metadata.ownerReferences, [OWNER]);
  t.deepEqual(JSON.parse(made?.metadata.annotations?.[LAST_APPLIED] ?? ''), {
    apiVersion: 'example/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'shop' },
    spec: { size: 3 },
  });
  t.like(run.action, { type: 'create', done: true, differences: [] });
});

test('what is as wanted is left alone, and the return sees it', async (t) => {
  const store = holding(widget({ spec: { size: 3, more: 1 }, status: { ready: true } }));
  const run = await runResource(SIMPLE, { store, inputs });
  t.deepEqual(run.outcome, { type: 'Ok', value: { size: 3 } });
  t.like(run.action, { type: 'none', done: false });
  t.deepEqual([store.reads, store.writes], [1, 0]);
});

test('a run after a create and a run after a patch find nothing to do', async (t) => {
  const store = new MemoryStore();
  await runResource(SIMPLE, { store, inputs });
  t.like((await runResource(SIMPLE, { store, inputs })).outcome, { type: 'Ok' });
  await runResource(SIMPLE, { store, inputs: { size: 4 } });
  t.like((await runResource(SIMPLE, { store, inputs: { size: 4 } })).outcome, { type: 'Ok' });
  t.is(store.writes, 2);
});

test('a difference is patched: the message shows the first, the report has all', async (t) => {
  const store = holding(widget({ spec: { size: 2, colour: 'red', other: 1 } }));
  const text = widgetFunction(
    'resource: {spec: {size: 3, colour: blue, gone: null, other: null}}\nupdate: {patch: {delay: 5}}',
  );
  const run = await runResource(text, { store });
  t.like(run.outcome, {
    type: 'Retry',
    delay: 5,
    message: "Patching `Widget shop/w` due to 'spec' -> 'size' -> <target:[3], resource:[2]>.",
  });
  t.like(run.action, { type: 'patch', done: true });
  t.deepEqual(
    run.action?.differences.map(({ path }) => path.join('.')),
    ['spec.size', 'spec.colour', 'spec.other'],
  );
  t.deepEqual(store.peek(REF)?.spec, { size: 3, colour: 'blue' });
});

test('a patch leaves what an earlier target set, unless null removes it', async (t) => {
  const store = new MemoryStore();
  await runResource(widgetFunction('resource: {spec: {a: 1, b: 2}}'), { store });
  await runResource(widgetFunction('resource: {spec: {a: 2}}'), { store });
  t.deepEqual(store.peek(REF)?.spec, { a: 2, b: 2 });
});

test('nulls are not sent on create', async (t) => {
  const store = new MemoryStore();
  await runResource(widgetFunction('resource: {spec: {a: null, b: [{c: null, d: 1}]}}'), { store });
  t.deepEqual(store.peek(REF)?.spec, { b: [{ d: 1 }] });
});

test('recreate deletes, guarded by the uid and the revision that were read', async (t) => {
  const store = holding(widget({ spec: { size: 2 } }));
  const { uid, resourceVersion } = store.peek(REF)?.metadata ?? {};
  const guards: unknown[] = [];
  store.intercept(({ verb, options }) => {
    if (verb === 'delete') guards.push({ uid: options.uid, revision: options.revision });
  });
  const run = await runResource(widgetFunction('resource: {spec: {size: 3}}\nupdate: {recreate: {delay: 2}}'), {
    store,
  });
  t.like(run.outcome, {
    type: 'Retry',
    delay: 2,
    message: "Deleting `Widget shop/w` to recreate due to 'spec' -> 'size' -> <target:[3], resource:[2]>.",
  });
  t.like(run.action, { type: 'recreate', done: true });
  t.is(store.peek(REF), undefined);
  t.deepEqual(guards, [{ uid, revision: resourceVersion }]);
});

test('a resource that changed between the look and the delete is not deleted', async (t) => {
  const store = holding(widget({ spec: { size: 2 } }));
  store.intercept(({ verb }) => {
    if (verb === 'delete') store.put(widget({ spec: { size: 9 } }));
  });
  const run = await runResource(widgetFunction('resource: {spec: {size: 3}}\nupdate: {recreate: {}}'), { store });
  t.like(run.outcome, { type: 'Retry', delay: 30 });
  t.like(run.action, { type: 'recreate', done: false });
  t.deepEqual(store.peek(REF)?.spec, { size: 9 });
});

test('with never, a difference is left, told in the report, and the return is given', async (t) => {
  const store = holding(widget({ spec: { size: 2 } }, {}));
  const text = widgetFunction('resource: {spec: {size: 3}}\nupdate: {never: {}}\nreturn: {size: =resource.spec.size}');
  const run = await runResource(text, { store });
  t.deepEqual(run.outcome, { type: 'Ok', value: { size: 2 } });
  t.like(run.action, { type: 'none', differences: [{ path: ['spec', 'size'] }] });
  t.is(store.writes, 0);
});

test('a missing owner reference alone is patched in, beside those of others, and nothing is recreated for it', async (t) => {
  const other = { ...OWNER, uid: 'other' };
  for (const update of ['patch: {delay: 4}', 'recreate: {delay: 4}']) {
    const store = holding(widget({ spec: { size: 3 } }, { ownerReferences: [other] }));
    const run = await runResource(widgetFunction(`resource: {spec: {size: 3}}\nupdate: {${update}}`), { store });
    t.like(run.outcome, { type: 'Retry', delay: 4, message: 'Patching `Widget shop/w` to add the owner reference.' });
    t.like(run.action, { type: 'patch', done: true });
    t.deepEqual(store.peek(REF)?.metadata.ownerReferences, [other, OWNER]);
    t.is(store.peek(REF)?.metadata.annotations, undefined);
  }
});

test('a patch keeps the owners that are there, and adds its own', async (t) => {
  const other = { ...OWNER, uid: 'other' };
  const store = holding(widget({ spec: { size: 2 } }, { ownerReferences: [other] }));
  await runResource(SIMPLE, { store, inputs });
  t.deepEqual(store.peek(REF)?.metadata.ownerReferences, [other, OWNER]);
  await runResource(SIMPLE, { store, inputs: { size: 7 } });
  t.deepEqual(store.peek(REF)?.metadata.ownerReferences, [other, OWNER]);
});

test('there is no owner reference across namespaces or stores, nor when it is not owned or not namespaced', async (t) => {
  const text = 'resource: {spec: {}}';
  const cluster = widgetFunction(text, 'namespaced: false').replace('namespace: shop, ', '');
  const made = async (definition: string, setup: object = {}) => {
    const store = new MemoryStore();
    await runResource(definition, { store, ...setup });
    return store.resources[0]?.metadata.ownerReferences;
  };
  t.deepEqual(await made(widgetFunction(text)), [OWNER]);
  t.is(await made(widgetFunction(text), { ownerNamespace: 'elsewhere' }), undefined);
  t.is(await made(widgetFunction(text), { ownerStore: 'elsewhere' }), undefined);
  t.is(await made(widgetFunction(text, 'owned: false')), undefined);
  t.is(await made(cluster), undefined);
});

test('without a namespace a cluster-scoped resource is found and made, whatever its base says', async (t) => {
  const store = new MemoryStore();
  const text = widgetFunction('resource: {metadata: {namespace: x}, spec: {}}', 'namespaced: false');
  await runResource(text.replace('namespace: shop, ', ''), { store });
  t.deepEqual(Object.keys(store.resources[0]?.metadata ?? {}).includes('namespace'), false);
});

test('a namespaced kind without a namespace, or with an empty name, is a PermFail that says so', async (t) => {
  const nowhere = widgetFunction('resource: {}').replace(', namespace: shop', '');
  const run = await runResource(nowhere);
  t.like(run.outcome, {
    type: 'PermFail',
    message: 'spec.apiConfig.namespace must give a namespace, since Widget is namespaced, but it gives null',
  });
  t.is(run.managed, null);
  for (const name of ['', 5, null]) {
    const named = widgetFunction('resource: {}').replace('name: w,', 'name: =inputs.name,');
    const { outcome } = await runResource(named, { inputs: { name } });
    t.like(outcome, { type: 'PermFail' });
    t.regex((outcome as { message: string }).message, /^spec\.apiConfig\.name must give a string that is not empty/);
  }
});

test('name and namespace may be expressions over inputs and locals', async (t) => {
  const store = new MemoryStore();
  const text = widgetFunction('locals: {ns: =inputs.team + "-prod"}\nresource: {}')
    .replace('name: w,', 'name: =inputs.name,')
    .replace('namespace: shop', 'namespace: =locals.ns');
  await runResource(text, { store, inputs: { name: 'n', team: 'a' } });
  t.like(store.resources[0]?.metadata, { name: 'n', namespace: 'a-prod' });
});

test('a precondition that decides comes before anything is read', async (t) => {
  const store = new MemoryStore();
  const text = widgetFunction(
    'preconditions: [{assert: =inputs.go, retry: {message: not yet, delay: 3}}]\nresource: {}',
  );
  const run = await runResource(text, { store, inputs: { go: false } });
  t.like(run.outcome, { type: 'Retry', delay: 3, message: 'not yet' });
  t.deepEqual([store.reads, run.managed, run.action], [0, null, undefined]);
});

test('a read-only resource is only read: waited for while it is missing, never changed when it is there', async (t) => {
  const text = widgetFunction('return: {n: =resource.spec.n}', 'readonly: true');
  const missing = await runResource(text);
  t.like(missing.outcome, { type: 'Retry', delay: 30, message: 'Widget shop/w not found. Waiting...' });
  t.is(missing.action?.type, 'wait');
  const store = holding(widget({ spec: { n: 1 } }, {}));
  t.deepEqual((await runResource(text, { store })).outcome, { type: 'Ok', value: { n: 1 } });
  t.is(store.writes, 0);
});

test('with create.enabled false, what is missing is waited for, and what is there is patched', async (t) => {
  const text = widgetFunction('resource: {spec: {size: 3}}\ncreate: {enabled: false}');
  const store = new MemoryStore();
  t.like((await runResource(text, { store })).outcome, {
    type: 'Retry',
    message: 'Widget shop/w not found. Waiting...',
  });
  t.is(store.writes, 0);
  store.put(widget({ spec: { size: 1 } }));
  t.is((await runResource(text, { store })).action?.type, 'patch');
});

test('deleteIfExists deletes what is there, and is Ok when it is gone, the resource being empty', async (t) => {
  const text = widgetFunction('resource: {}\nreturn: {gone: "=size(resource) == 0"}', 'deleteIfExists: true');
  const store = holding(widget());
  const first = await runResource(text, { store });
  t.like(first.outcome, { type: 'Retry', delay: 30, message: 'Deleting Widget shop/w.' });
  t.like(first.action, { type: 'delete', done: true });
  t.is(store.resources.length, 0);
  const second = await runResource(text, { store });
  t.deepEqual(second.outcome, { type: 'Ok', value: { gone: true } });
  t.is(store.writes, 1);
});

test('create has its own overlay and delay, which later runs do not compare', async (t) => {
  const store = new MemoryStore();
  const text = widgetFunction(
    'resource: {spec: {size: 3, tags: [a]}}\ncreate: {delay: 9, overlay: {spec: {seed: =resource.spec.size + 1, tags: [b]}, metadata: {name: moved}}}',
  );
  t.like((await runResource(text, { store })).outcome, { type: 'Retry', delay: 9 });
  t.deepEqual(store.peek(REF)?.spec, { size: 3, seed: 4, tags: ['b'] });
  await store.patch(REF, { spec: { tags: ['a'], seed: 77 } });
  t.like((await runResource(text, { store })).outcome, { type: 'Ok' });
  t.like(store.peek(REF)?.spec, { seed: 77 });
});

test('a read that fails is a Retry with the cause, whatever the cause, after as long as the store says', async (t) => {
  for (const [error, delay] of [
    [new UnavailableError('busy', 17), 17],
    [new ForbiddenError('no'), 30],
    [new Error('odd'), 30],
  ] as const) {
    const store = new MemoryStore();
    store.intercept(() => {
      throw error;
    });
    const run = await runResource(SIMPLE, { store, inputs });
    t.like(run.outcome, { type: 'Retry', delay, message: `Reading Widget shop/w failed: ${error.message}` });
    t.like(run.managed, { kind: 'Widget', name: 'w' });
  }
});

test('a write that a later try may cure is a Retry, one that it cannot is a PermFail', async (t) => {
  const failing = async (error: Error, text = SIMPLE, resources: readonly Resource[] = []) => {
    const store = holding(...resources);
    store.intercept(({ verb }) => {
      if (verb !== 'get') throw error;
    });
    const { outcome, action } = await runResource(text, { store, inputs });
    t.is(action?.done, false);
    return outcome;
  };
  t.like(await failing(new UnavailableError('busy', 4)), { type: 'Retry', delay: 4 });
  t.like(await failing(new UnavailableError('busy')), { type: 'Retry', delay: 30 });
  t.like(await failing(new UnknownKindError('not yet')), { type: 'Retry', delay: 30 });
  t.like(await failing(new TypeError('a defect')), { type: 'Retry', delay: 30 });
  t.like(await failing(new InvalidResourceError('bad')), {
    type: 'PermFail',
    message: 'Creating Widget shop/w failed: bad',
  });
  t.like(await failing(new ForbiddenError('no'), SIMPLE, [widget({ spec: { size: 1 } })]), {
    type: 'PermFail',
    message: 'Patching Widget shop/w failed: no',
  });
  const deleting = widgetFunction('resource: {}', 'deleteIfExists: true');
  t.like(await failing(new ForbiddenError('no'), deleting, [widget()]), {
    type: 'PermFail',
    message: 'Deleting Widget shop/w failed: no',
  });
});

test('a resource that came between the look and the create is a Retry with the delay of create', async (t) => {
  const store = new MemoryStore();
  store.intercept(({ verb }) => {
    if (verb === 'create') throw new AlreadyExistsError('there');
  });
  const run = await runResource(widgetFunction('resource: {}\ncreate: {delay: 11}'), { store });
  t.like(run.outcome, { type: 'Retry', delay: 11 });
});

test('a resource that is gone between the look and the patch is a Retry', async (t) => {
  const store = holding(widget({ spec: { size: 1 } }));
  store.intercept(({ verb }) => {
    if (verb === 'apply') store.drop(REF);
  });
  t.like((await runResource(SIMPLE, { store, inputs })).outcome, { type: 'Retry', delay: 30 });
});

test('postconditions see what was read, and a failing one still says which resource it is about', async (t) => {
  const text = widgetFunction(
    'resource: {spec: {}}\npostconditions: [{assert: =resource.status.ready, retry: {message: not ready, delay: 5}}]\nreturn: {a: 1}',
  );
  const store = holding(widget({ spec: {}, status: { ready: false } }));
  const waiting = await runResource(text, { store });
  t.like(waiting.outcome, { type: 'Retry', delay: 5, message: 'not ready' });
  t.like(waiting.managed, { kind: 'Widget', name: 'w', resourceFunction: 'f' });
  store.put(widget({ spec: {}, status: { ready: true } }));
  t.deepEqual((await runResource(text, { store })).outcome, { type: 'Ok', value: { a: 1 } });
  store.put(widget({ spec: {} }));
  const failing = await runResource(text, { store });
  t.like(failing.outcome, { type: 'PermFail' });
  t.like(failing.managed, { kind: 'Widget' });
});

test('without a return it is Ok with null', async (t) => {
  t.deepEqual(
    (await runResource(widgetFunction('resource: {spec: {size: 3}}'), { store: holding(widget()) })).outcome,
    {
      type: 'Ok',
      value: null,
    },
  );
});

test('neither base nor overlay can move the resource elsewhere', async (t) => {
  const store = new MemoryStore();
  const moved = '{apiVersion: evil/v1, kind: Evil, metadata: {name: evil, namespace: evil, labels: {a: b}}}';
  await runResource(widgetFunction(`resource: ${moved}\noverlays: [{overlay: ${moved}}]`), { store });
  t.deepEqual(
    store.resources.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
    ['example/v1 Widget'],
  );
  t.like(store.peek(REF)?.metadata, { labels: { a: 'b' } });
});

test('metadata that is no mapping is a PermFail', async (t) => {
  const { outcome } = await runResource(widgetFunction('resource: {metadata: =inputs.m}'), { inputs: { m: 'x' } });
  t.like(outcome, { type: 'PermFail', message: 'spec.resource.metadata must give a mapping, but it gives a string' });
});

test('directives are neither sent nor recorded', async (t) => {
  const store = new MemoryStore();
  const text = widgetFunction(
    'resource: {spec: {x-koreo-compare-as-set: [tags], tags: [a, b], list: [{x-koreo-compare-as-set: [c], c: []}]}}',
  );
  await runResource(text, { store });
  t.deepEqual(store.peek(REF)?.spec, { tags: ['a', 'b'], list: [{ c: [] }] });
  t.false(JSON.stringify(store.resources).includes('x-koreo'));
  await store.patch(REF, { spec: { tags: ['b', 'a'] } });
  t.like((await runResource(text, { store })).outcome, { type: 'Ok' });
});

test('a field that the store never gives back is patched only when it is wanted otherwise', async (t) => {
  const text = widgetFunction('resource: {spec: {x-koreo-compare-last-applied: [key], key: =inputs.key}}');
  const store = new MemoryStore();
  await runResource(text, { store, inputs: { key: 'a' } });
  await store.patch(REF, { spec: { key: null } });
  t.like((await runResource(text, { store, inputs: { key: 'a' } })).outcome, { type: 'Ok' });
  t.is((await runResource(text, { store, inputs: { key: 'b' } })).action?.type, 'patch');
});

test('a message about a Secret shows none of its values, and neither does its record', async (t) => {
  const text = widgetFunction('resource: {stringData: {password: =inputs.password}}').replace(
    'kind: Widget',
    'kind: Secret',
  );
  const store = new MemoryStore();
  await runResource(text, { store, inputs: { password: 'hunter2' } });
  t.false(JSON.stringify(store.resources[0]?.metadata).includes('hunter2'));
  const { outcome } = await runResource(text, { store, inputs: { password: 'hunter3' } });
  t.like(outcome, {
    message: "Patching `Secret shop/w` due to 'stringData' -> 'password' -> <target:[hidden], resource:[hidden]>.",
  });
});

test('a dry run decides and reports the same, and writes nothing', async (t) => {
  const store = holding(widget({ spec: { size: 1 } }));
  const run = await runResource(SIMPLE, { store, inputs, dryRun: true });
  t.like(run.outcome, { type: 'Retry' });
  t.like(run.action, { type: 'patch', done: false, differences: [{ path: ['spec', 'size'], target: 3, actual: 1 }] });
  t.is(store.writes, 0);
});

test('the record of a resource has what it takes to find it again, and what becomes of it', async (t) => {
  const record = async (text: string, setup: object = {}) => (await runResource(text, setup)).managed;
  const base = { apiVersion: 'example/v1', kind: 'Widget', plural: 'widgets', name: 'w', namespace: 'shop' };
  t.deepEqual(await record(SIMPLE, { inputs }), { ...base, readonly: false, resourceFunction: 'f' });
  t.deepEqual(await record(widgetFunction('return: {}', 'readonly: true, plural: widgetry')), {
    ...base,
    plural: 'widgetry',
    readonly: true,
    resourceFunction: 'f',
  });
  t.like(await record(widgetFunction('resource: {}\ndelete: {abandon: {}}')), { onRelease: 'abandon' });
  t.like(await record(widgetFunction('resource: {}', 'owned: false')), { onRelease: 'abandon' });
  const kept = await record(widgetFunction('resource: {}\ndelete: {destroy: {}}', 'owned: false'));
  t.deepEqual(kept, { ...base, readonly: false, resourceFunction: 'f', onRelease: 'destroy' });
  const store = new MemoryStore({
    kinds: [{ apiVersion: 'example/v1', kind: 'Widget', plural: 'widgen', namespaced: true }],
  });
  t.like(await record(SIMPLE, { inputs, store }), { plural: 'widgen' });
});

test('apiConfig.store says which store is asked', async (t) => {
  const side = new MemoryStore({ name: 'side' });
  const store = new MemoryStore();
  const run = await runResource(widgetFunction('resource: {spec: {}}', 'store: side'), { store, stores: { side } });
  t.is(store.resources.length, 0);
  t.is(side.resources.length, 1);
  t.is(side.resources[0]?.metadata.ownerReferences, undefined);
  t.like(run.managed, { store: 'side' });
});

test('a run whose signal aborts gives its reason, and writes nothing after', async (t) => {
  const abort = new AbortController();
  const store = new MemoryStore();
  const reason = new Error('stop');
  store.intercept(() => abort.abort(reason));
  const error = await t.throwsAsync(runResource(SIMPLE, { store, inputs, signal: abort.signal }));
  t.is(error, reason);
  t.is(store.writes, 0);
});

test('a store that does not heed the signal is still not written to after it aborted', async (t) => {
  const definitions = definitionsOf(SIMPLE);
  const abort = new AbortController();
  const writes: string[] = [];
  const store = new MemoryStore();
  const deaf = Object.assign(Object.create(store), {
    kind: (gvk: never) => store.kind(gvk),
    get: async () => {
      abort.abort(new Error('stop'));
      return undefined;
    },
    create: async () => writes.push('create'),
  });
  await t.throwsAsync(runResource(definitions, { store: deaf, inputs, signal: abort.signal }), { message: 'stop' });
  t.deepEqual(writes, []);
});
