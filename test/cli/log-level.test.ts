import test from 'ava';
import { levelOfRun } from '../../cli/run/log-level.js';
import { order, SHOP, start } from '../support/kernel-harness.js';

test('runs that left everything as it was are debug, but for the first look and for what somebody waits for', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  const levels = (): readonly string[] => shop.reports.splice(0).map(levelOfRun);
  t.deepEqual(levels(), ['info']);
  await shop.pass(6);
  t.deepEqual(levels(), ['info'], 'it became ready');
  await shop.pass(1400);
  t.deepEqual([...new Set(levels())], ['debug']);
  shop.annotate('one', { 'koreo.dev/reconcile-requested-at': 'now' });
  await shop.idle();
  t.deepEqual(levels(), ['info']);
  shop.edit('Order', 'one', { spec: { count: 1, note: 'nothing depends on it' } });
  await shop.idle();
  t.deepEqual(levels(), ['info']);
  shop.edit('Order', 'one', { spec: {} });
  await shop.idle();
  t.deepEqual(levels(), ['warn'], 'it fails');
  await shop.pass(1400);
  t.deepEqual([...new Set(levels())], ['debug'], 'and does so still');
});

test('a restart tells of every trigger once', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  await shop.pass(6);
  await shop.kernel.stop();
  const again = await start(t, { stores: [shop.store] });
  t.deepEqual(
    again.reports.map((report) => [report.changed, levelOfRun(report)]),
    [[false, 'info']],
  );
});

test('a run that breaks off, or whose status cannot be written, is an error', async (t) => {
  const shop = await start(t, { world: SHOP });
  shop.store.intercept(({ verb }) => {
    if (verb === 'patchStatus') throw new Error('disk full');
  });
  shop.apply(order('one', { count: 1 }));
  await shop.idle();
  t.deepEqual(shop.reports.map(levelOfRun), ['error']);
});
