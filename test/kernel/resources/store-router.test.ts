import test from 'ava';
import { type RoutingRule, StoreRouter, UnknownStoreError } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';

const stores = new Map(['files', 'shop', 'cluster'].map((name) => [name, new MemoryStore({ name })]));

function route(apiVersion: string, kind: string, rules: readonly RoutingRule[], fallback?: string): string {
  const router = new StoreRouter(stores, { rules, ...(fallback === undefined ? {} : { default: fallback }) });
  return router.storeFor({ apiVersion, kind }).name;
}

test('the first rule that matches decides, and the default where none does', (t) => {
  const rules = [
    { apiVersion: 'shop.example/v1', kind: 'Order', store: 'shop' },
    { apiVersion: 'shop.example/*', store: 'files' },
    { kind: 'Deploy*', store: 'cluster' },
    { apiVersion: 'shop.example/v1', kind: '*', store: 'cluster' },
  ];
  t.is(route('shop.example/v1', 'Order', rules, 'cluster'), 'shop');
  t.is(route('shop.example/v1', 'Invoice', rules, 'cluster'), 'files');
  t.is(route('apps/v1', 'Deployment', rules, 'files'), 'cluster');
  t.is(route('v1', 'Secret', rules, 'shop'), 'shop');
});

test('only * is special in a pattern', (t) => {
  const rules = [{ apiVersion: 'a.b/v1', kind: 'K+', store: 'shop' }];
  t.is(route('a.b/v1', 'K+', rules, 'files'), 'shop');
  t.is(route('aXb/v1', 'K+', rules, 'files'), 'files');
  t.is(route('a.b/v1', 'KK', rules, 'files'), 'files');
  t.is(route('a.b/v1beta1', 'K+', rules, 'files'), 'files');
});

test('a placement goes before every rule', (t) => {
  const router = new StoreRouter(stores, { rules: [{ store: 'shop' }] });
  t.is(router.storeFor({ apiVersion: 'v1', kind: 'Secret' }, { store: 'cluster' }).name, 'cluster');
});

test('triggers have a default of their own, and go by the same rules', (t) => {
  const rules = [{ kind: 'Order', store: 'shop' }];
  const router = new StoreRouter(stores, { rules, default: 'cluster', triggers: 'files' });
  t.is(router.storeOfTriggers({ apiVersion: 'a/v1', kind: 'Order' }).name, 'shop');
  t.is(router.storeOfTriggers({ apiVersion: 'a/v1', kind: 'Refund' }).name, 'files');
  t.is(router.storeFor({ apiVersion: 'a/v1', kind: 'Refund' }).name, 'cluster');
  t.is(
    new StoreRouter(stores, { default: 'cluster' }).storeOfTriggers({ apiVersion: 'v1', kind: 'Pod' }).name,
    'cluster',
  );
});

test('a store that is not there is an error that no later try cures, and tells what there is', (t) => {
  const router = new StoreRouter(stores, {});
  const named = t.throws(() => router.storeFor({ apiVersion: 'v1', kind: 'Secret' }, { store: 'vault' }), {
    instanceOf: UnknownStoreError,
    code: 'unknown-store',
  });
  t.false(named?.retriable);
  t.is(named?.message, "no store is named 'vault', as asked for v1 Secret; there are: 'files', 'shop', 'cluster'");
  const unrouted = t.throws(() => router.storeFor({ apiVersion: 'v1', kind: 'Secret' }));
  t.is(unrouted?.message, 'no routing rule matches v1 Secret, and there is no default store');
});
