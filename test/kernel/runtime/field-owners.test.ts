import test from 'ava';
import type { Json, JsonObject, Resource, WriteOptions } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { runResource, widgetFunction } from '../../support/resource-run.js';

const REF = { apiVersion: 'example/v1', kind: 'Widget', namespace: 'shop', name: 'w' };

/** Runs the function until it is Ok, and gives the spec that came of it. */
async function converge(store: MemoryStore, spec: JsonObject, more = ''): Promise<Json | undefined> {
  const text = widgetFunction(`resource: {spec: ${JSON.stringify(spec)}}\n${more}`);
  for (let tries = 0; tries < 5; tries += 1) {
    const { outcome } = await runResource(text, { store });
    if (outcome.type === 'Ok') return store.peek(REF)?.spec;
  }
  throw new Error('does not converge');
}

test('where the store knows the owners of fields, what the target says no more goes, and else stays', async (t) => {
  const owning = new MemoryStore({ ownsFields: true });
  await converge(owning, { a: 1, deep: { x: 1, y: 1 } });
  t.deepEqual(await converge(owning, { deep: { x: 1 } }), { deep: { x: 1 } });
  const merging = new MemoryStore();
  await converge(merging, { a: 1, deep: { x: 1, y: 1 } });
  t.deepEqual(await converge(merging, { deep: { x: 1 } }), { a: 1, deep: { x: 1, y: 1 } });
});

test('a change keeps every owner, and is made by one write', async (t) => {
  const store = new MemoryStore({ ownsFields: true });
  await converge(store, { a: 1 });
  const [made] = store.resources;
  const mine = made?.metadata.ownerReferences ?? [];
  t.is(mine.length, 1);
  const theirs = { apiVersion: 'shop.example/v1', kind: 'Order', name: 'o2', uid: 'other-uid' };
  if (made !== undefined) {
    store.put({ ...made, metadata: { ...made.metadata, ownerReferences: [...mine, theirs] } } as Resource);
  }
  const before = store.writes;
  await converge(store, { a: 2 });
  t.is(store.writes, before + 1);
  t.deepEqual(store.peek(REF)?.metadata.ownerReferences, [...mine, theirs]);
});

test('what was meant for a new resource only stays when the target changes, and is no reason to write', async (t) => {
  const store = new MemoryStore({ ownsFields: true });
  const create = 'create: {overlay: {spec: {replicas: 1}}}';
  t.deepEqual(await converge(store, { a: 1 }, create), { a: 1, replicas: 1 });
  t.is(store.writes, 1);
  t.deepEqual(await converge(store, { b: 1 }, create), { b: 1, replicas: 1 });
  t.deepEqual(await converge(store, { c: 1 }), { c: 1, replicas: 1 });
});

/** Merges lists when a target is applied, as an API server does with lists that have keys: entries of others stay. */
class ListMergingStore extends MemoryStore {
  override async apply(target: Resource, options: WriteOptions): Promise<Resource> {
    const before = listIn(this.peek(REF));
    const applied = await super.apply(target, options);
    return this.put({
      ...applied,
      spec: { ...(applied.spec as JsonObject), list: [...new Set([...listIn(applied), ...before])] },
    });
  }
}

function listIn(resource: Resource | undefined): readonly Json[] {
  return ((resource?.spec ?? {}) as { list?: readonly Json[] }).list ?? [];
}

test('what an apply leaves of a list that others added to is laid on by a merge patch in the same run', async (t) => {
  const store = new ListMergingStore({ ownsFields: true });
  await converge(store, { list: ['mine'] });
  const [made] = store.resources;
  if (made !== undefined) store.put({ ...made, spec: { list: ['mine', 'theirs'] } });
  const before = store.writes;
  const { action } = await runResource(widgetFunction('resource: {spec: {list: [mine]}}'), { store });
  t.like(action, { type: 'patch', done: true });
  t.is(store.writes, before + 2);
  t.deepEqual(store.peek(REF)?.spec, { list: ['mine'] });
});

test('fields that a write takes back from others are in the report', async (t) => {
  const store = new MemoryStore();
  await converge(store, { size: 1 });
  store.intercept(({ verb, options }) => {
    if (verb === 'apply') options.onContested?.([{ path: '.spec.size', manager: 'kubectl-edit' }]);
  });
  const { action } = await runResource(widgetFunction('resource: {spec: {size: 2}}'), { store });
  t.deepEqual(action?.contested, [{ path: '.spec.size', manager: 'kubectl-edit' }]);
});
