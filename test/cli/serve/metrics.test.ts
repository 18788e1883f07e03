import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { definePlugin, type StoreActivity } from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { Subject } from 'rxjs';
import { DutyBoard } from '../../../cli/serve/duty.js';
import { ProcessMetrics } from '../../../cli/serve/metrics/process-metrics.js';
import {
  type Harness,
  type HarnessOptions,
  order,
  resources,
  SHOP,
  start,
  valueFunction,
} from '../../support/kernel-harness.js';
import { StoreGate } from '../../support/store-gate.js';
import { type Family, parseExposition, sampleOf } from './exposition.js';

/** A kernel, and the metrics of its process from before it ran. */
class Measured {
  readonly board = new DutyBoard();
  readonly metrics = new ProcessMetrics(this.board, { version: '1.2.3', node: false });

  async families(): Promise<ReadonlyMap<string, Family>> {
    return parseExposition(await this.metrics.text());
  }

  async value(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
    return sampleOf(await this.families(), name, labels);
  }

  work({ kernel }: Harness): void {
    this.board.set({ type: 'working', kernel, elected: false });
  }
}

function measured(t: ExecutionContext): Measured {
  const one = new Measured();
  t.teardown(() => one.metrics.close());
  return one;
}

async function shopOf(t: ExecutionContext, options: HarnessOptions) {
  const at = measured(t);
  const shop = await start(t, options);
  at.work(shop);
  return { at, shop };
}

test('runs are counted by Workflow and outcome, and timed; what they did is counted by kind', async (t) => {
  const { at, shop } = await shopOf(t, { world: SHOP });
  shop.apply(order('one', { count: 1 }));
  shop.apply(order('two', { count: 2 }));
  await shop.idle();
  await shop.pass(6);
  shop.edit('Order', 'two', { spec: { count: 3 } });
  await shop.idle();
  const families = await at.families();
  t.is(shop.reports.length, 5);
  t.is(sampleOf(families, 'koreo_runs_total', { workflow: 'orders', outcome: 'Retry' }), 3);
  t.is(sampleOf(families, 'koreo_runs_total', { workflow: 'orders', outcome: 'Ok' }), 2);
  t.is(sampleOf(families, 'koreo_run_duration_seconds_count', { workflow: 'orders' }), 5);
  t.is(sampleOf(families, 'koreo_retries_total', { workflow: 'orders', reason: 'retry' }), 3);
  const invoices = { group: 'shop.example', kind: 'Invoice' };
  t.is(sampleOf(families, 'koreo_resource_changes_total', { ...invoices, action: 'created' }), 2);
  t.is(sampleOf(families, 'koreo_resource_changes_total', { ...invoices, action: 'patched' }), 1);
  t.is(sampleOf(families, 'koreo_run_errors_total'), undefined);
});

test('an error is counted by its code, and the back-off that it leads to', async (t) => {
  const { at, shop } = await shopOf(t, { world: SHOP });
  shop.store.intercept(({ verb }) => {
    if (verb === 'patchStatus') throw new Error('secret');
  });
  shop.apply(order('one', { count: 1 }));
  await shop.idle();
  t.is(await at.value('koreo_run_errors_total', { code: 'unexpected' }), 1);
  t.is(await at.value('koreo_retries_total', { workflow: 'orders', reason: 'back-off' }), 1);
  t.false((await at.metrics.text()).includes('secret'));
});

test('the queue is shown as it is at the moment', async (t) => {
  const { at, shop } = await shopOf(t, { world: SHOP, loop: { concurrency: 1 } });
  const gate = new StoreGate(shop.store, ({ verb }) => verb === 'get');
  shop.apply(order('one', { count: 1 }));
  shop.apply(order('two', { count: 1 }));
  await shop.clock.advance(2000);
  t.is(await at.value('koreo_queue_waiting'), 1);
  t.is(await at.value('koreo_queue_running'), 1);
  t.is(await at.value('koreo_queue_oldest_waiting_seconds'), 2);
  t.is(await at.value('koreo_queue_longest_running_seconds'), 2);
  gate.open();
  await shop.idle();
  t.is(await at.value('koreo_queue_waiting'), 0);
  t.is(await at.value('koreo_queue_delayed'), 2);
  t.is(await at.value('koreo_queue_oldest_waiting_seconds'), 0);
});

test('definitions and triggers are counted by how they are, and what is gone is not shown any more', async (t) => {
  const { at, shop } = await shopOf(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(6);
  const orders = { group: 'shop.example', kind: 'Order' };
  t.is(await at.value('koreo_definitions', { kind: 'Workflow', status: 'ready' }), 1);
  t.is(await at.value('koreo_triggers', { ...orders, state: 'ready' }), 1);
  shop.apply(valueFunction('price', { total: '=oops(' }));
  await shop.idle();
  t.is(await at.value('koreo_definitions', { kind: 'ValueFunction', status: 'broken' }), 1);
  t.is(await at.value('koreo_definitions', { kind: 'ValueFunction', status: 'ready' }), undefined);
  t.is(await at.value('koreo_definitions', { kind: 'Workflow', status: 'waiting' }), 1);
  t.is(await at.value('koreo_triggers', { ...orders, state: 'ready' }), undefined);
  t.is(await at.value('koreo_triggers', { ...orders, state: 'not-ready' }), 1);
});

class WiredStore extends MemoryStore {
  readonly activity = new Subject<StoreActivity>();
}

test('requests and restarts of watches are counted by store, verb and code, without a name of any object', async (t) => {
  const store = new WiredStore({ name: 'cluster', resources: resources(SHOP) });
  const { at } = await shopOf(t, { stores: [store] });
  const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
  store.activity.next({ type: 'call', verb: 'list', code: '200', durationMs: 30, kind });
  store.activity.next({ type: 'call', verb: 'list', code: 'timeout', durationMs: 10_000, kind });
  store.activity.next({ type: 'call', verb: 'watch', code: '200', durationMs: 600_000, kind });
  store.activity.next({ type: 'watch-restart', kind, why: 'expired' });
  const families = await at.families();
  t.is(sampleOf(families, 'koreo_store_requests_total', { store: 'cluster', verb: 'list', code: '200' }), 1);
  t.is(sampleOf(families, 'koreo_store_requests_total', { store: 'cluster', verb: 'list', code: 'timeout' }), 1);
  t.is(sampleOf(families, 'koreo_store_requests_total', { store: 'cluster', verb: 'watch', code: '200' }), 1);
  t.is(sampleOf(families, 'koreo_store_request_duration_seconds_count', { store: 'cluster', verb: 'list' }), 2);
  t.is(sampleOf(families, 'koreo_store_request_duration_seconds_count', { verb: 'watch' }), undefined);
  t.is(sampleOf(families, 'koreo_watch_restarts_total', { store: 'cluster', group: 'apps', reason: 'expired' }), 1);
  t.is(sampleOf(families, 'koreo_store_healthy', { store: 'cluster' }), 1);
});

test('each plug-in is up or out, and those of a process that does no work are not told', async (t) => {
  const failing = definePlugin({
    name: 'acme',
    apiVersion: 'v1',
    register: (registry) => registry.lifecycle({ start: () => Promise.reject(new Error('no port')) }),
  });
  const { at } = await shopOf(t, { world: SHOP, plugins: [cel, failing] });
  t.is(await at.value('koreo_plugin_up', { plugin: 'cel' }), 1);
  t.is(await at.value('koreo_plugin_up', { plugin: 'acme' }), 0);
  at.board.set({ type: 'standby' });
  t.is(await at.value('koreo_plugin_up'), undefined);
});

test('counts go on from one kernel to the next, and gauges are of the kernel of now', async (t) => {
  const { at, shop } = await shopOf(t, { world: SHOP });
  shop.apply(order('one', { count: 1 }));
  await shop.idle();
  t.is(await at.value('koreo_leader'), 1);
  at.board.set({ type: 'standby' });
  t.is(await at.value('koreo_leader'), 0);
  t.is(await at.value('koreo_queue_delayed'), 0, 'it is the queue of another process now');
  shop.apply(order('two', { count: 1 }));
  await shop.idle();
  t.is(await at.value('koreo_runs_total', { outcome: 'Retry' }), 1, 'another one runs it');
  const next = await start(t, { world: SHOP });
  at.work(next);
  next.apply(order('one', { count: 1 }));
  await next.idle();
  t.is(await at.value('koreo_runs_total', { outcome: 'Retry' }), 2);
  t.is(await at.value('koreo_queue_delayed'), 1);
});

test('docs/metrics.md names every metric with its type and labels, and no other', async (t) => {
  const page = readFileSync('docs/metrics.md', 'utf8');
  const rows = [...page.matchAll(/^\| `(koreo_\w+)` \| (\w+) \|([^|]*)\| [^|]{10,} \|$/gm)];
  const documented = rows.map(([, name, type, labels = '']) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
  }));
  const { registry } = measured(t).metrics;
  const served = registry.getMetricsAsArray().map((metric) => {
    const { name, type, labelNames } = metric as unknown as { name: string; type: string; labelNames: string[] };
    return { name, type: String(type), labels: labelNames.filter((label) => label !== 'le') };
  });
  const byName = (a: { name: unknown }, b: { name: unknown }) => String(a.name).localeCompare(String(b.name));
  t.true(served.length > 15);
  t.deepEqual(documented.sort(byName), served.sort(byName));
});
