import test from 'ava';
import { UnavailableError } from 'koreo-kernel';
import type { MemoryStore } from 'koreo-kernel/testing';
import { definition, order, SHOP, start, step, valueFunction, workflow } from '../../support/kernel-harness.js';
import { StoreGate } from '../../support/store-gate.js';

const INVOICES = Array.from({ length: 1000 }, (_, index) => order(`good-${index}`, { count: 1 })).join('');

/** Nothing can be made of an order of this name. */
function breakFor(store: MemoryStore, name: string): void {
  store.intercept(({ verb, ref }) => {
    if (verb === 'create' && ref.kind === 'Invoice' && 'name' in ref && ref.name === name) {
      throw new UnavailableError('the printer is on fire');
    }
  });
}

test('one trigger that always fails costs a thousand good ones nothing, and is tried on', async (t) => {
  const shop = await start(t, { world: SHOP + INVOICES, loop: { concurrency: 2 } });
  await shop.pass(60);
  breakFor(shop.store, 'bad');
  shop.apply(order('bad', { count: 1 }));
  await shop.idle();
  const before = shop.reports.length;
  for (let count = 2; count < 5; count += 1) {
    for (let index = 0; index < 1000; index += 1) shop.edit('Order', `good-${index}`, { spec: { count } });
    await shop.idle();
    await shop.pass(60);
    t.is(shop.ready('good-999'), 'True Ready');
    t.like(shop.see('Invoice', 'good-999'), { spec: { total: count * 3 } });
  }
  const good = shop.reports.slice(before).filter(({ trigger }) => trigger.name !== 'bad').length;
  t.is(good, 3 * 2 * 1000, 'each change is one run and the look at what it came to');
  shop.newRuns('bad');
  await shop.pass(3600);
  const tries = shop.newRuns('bad').length;
  t.true(tries >= 12, `${tries} tries in an hour`);
});

test('a thousand triggers of one Workflow keep none of another waiting', async (t) => {
  const world = [
    SHOP,
    INVOICES,
    valueFunction('refund', { paid: '=inputs.paid' }),
    workflow('refunds', [step('refund', { inputs: { paid: '=parent.spec.paid' } })], 'Refund'),
    order('back', { paid: 1 }, 'Refund'),
  ].join('');
  const shop = await start(t, { world, loop: { concurrency: 1 } });
  await shop.pass(60);
  const before = shop.reports.length;
  for (let index = 0; index < 1000; index += 1) shop.edit('Order', `good-${index}`, { spec: { count: 9 } });
  shop.edit('Refund', 'back', { spec: { paid: 2 } });
  await shop.idle();
  const place = shop.reports.slice(before).findIndex(({ trigger }) => trigger.name === 'back');
  t.true(place >= 0 && place <= 2, `it ran as number ${place}`);
});

test('of one Workflow no more triggers run at once than its limit, and the rest of the workers are for others', async (t) => {
  const stuck = definition('ResourceFunction', 'stuck', {
    apiConfig: { apiVersion: 'shop.example/v1', kind: 'Parcel', name: '=inputs.name', namespace: 'shop' },
    resource: { spec: {} },
  });
  const world = [
    SHOP,
    stuck,
    workflow(
      'parcels',
      [
        {
          label: 'parcel',
          ref: { kind: 'ResourceFunction', name: 'stuck' },
          inputs: { name: '=parent.metadata.name' },
          timeoutSeconds: 3000,
        },
      ],
      'Box',
    ),
  ].join('');
  const shop = await start(t, { world, loop: { concurrency: 4, workflowConcurrency: 3 } });
  const gate = new StoreGate(shop.store, ({ verb, ref }) => verb === 'get' && ref.kind === 'Parcel');
  for (let index = 0; index < 10; index += 1) shop.apply(order(`box-${index}`, {}, 'Box'));
  await shop.clock.settle();
  t.is(gate.held, 3);
  shop.apply(order('one', { count: 1 }));
  await shop.clock.advance(10_000);
  t.is(shop.ready('one'), 'True Ready');
  t.is(gate.held, 3);
  gate.open();
  await shop.idle();
  for (let index = 0; index < 10; index += 1) t.not(shop.see('Parcel', `box-${index}`), undefined);
});
