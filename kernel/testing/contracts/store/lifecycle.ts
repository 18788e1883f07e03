import { filter, firstValueFrom } from 'rxjs';
import type { CallOptions, Store } from '../../../plugin.js';
import { EventLog } from '../event-log.js';
import { handles, leftOver } from '../handles.js';
import { type Contract, Samples, WIDGET } from './harness.js';

/** What abort signals, health and close promise. */
export function lifecycle(contract: Contract): void {
  aborting(contract);
  closing(contract);
}

function aborting({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);
  const ref = samples.ref('one');
  const calls: readonly [string, (store: Store, options: CallOptions) => Promise<unknown>][] = [
    ['kinds', (store, options) => store.kinds(options)],
    ['kind', async (store, options) => store.kind(WIDGET, options)],
    ['get', (store, options) => store.get(ref, options)],
    ['list', (store, options) => store.list(WIDGET, options)],
    ['create', (store, options) => store.create(samples.resource('two'), options)],
    ['apply', (store, options) => store.apply(samples.resource('one', { size: 2 }), options)],
    ['patch', (store, options) => store.patch(ref, { spec: { size: 2 } }, options)],
    ['patchStatus', (store, options) => store.patchStatus(ref, { status: { a: 1 } }, options)],
    ['delete', (store, options) => store.delete(ref, options)],
  ];
  for (const [name, call] of calls) {
    test(`${name} with an aborted signal rejects with its reason, and changes nothing`, async (t, { store }) => {
      const created = await store.create(samples.resource('one', { size: 1 }));
      const reason = new Error('enough');
      const error = await t.throwsAsync(call(store, { signal: AbortSignal.abort(reason) }));
      t.is(error, reason);
      t.deepEqual((await store.list(WIDGET)).items, [created]);
    });

    test(`${name} with a signal that is aborted on the way settles, whole or not at all`, async (t, { store }) => {
      const created = await store.create(samples.resource('one', { size: 1 }));
      const reason = new Error('enough');
      const controller = new AbortController();
      const pending = call(store, { signal: controller.signal }).then(
        () => 'done',
        (error: unknown) => error,
      );
      controller.abort(reason);
      const settled = await pending;
      t.true(settled === 'done' || settled === reason, String(settled));
      if (settled === reason) t.deepEqual((await store.list(WIDGET)).items, [created]);
      await t.notThrowsAsync(
        store.patch(ref, { spec: { size: 3 } }).catch(() => store.create(samples.resource('one'))),
      );
    });
  }

  test('a signal that is aborted after the call is done harms nothing', async (t, { store }) => {
    const controller = new AbortController();
    const created = await store.create(samples.resource('one'), { signal: controller.signal });
    controller.abort(new Error('too late'));
    t.deepEqual(await store.get(ref), created);
  });
}

function closing({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('a store is healthy when all is well, and has no problems', async (t, { store }) => {
    await store.create(samples.resource('one'));
    const settled = store.health.pipe(filter(({ state }) => state !== 'starting'));
    t.deepEqual(await firstValueFrom(settled), { state: 'healthy', problems: [] });
  });

  test('close can be called twice, and at once', async (t, { store }) => {
    await store.create(samples.resource('one'));
    await t.notThrowsAsync(Promise.all([store.close(), store.close()]));
    await t.notThrowsAsync(store.close());
  });

  test('close of a store that was never used is done', async (t, { store }) => {
    await t.notThrowsAsync(store.close());
  });

  test('a write that has begun is whole when close is done', async (t, harness) => {
    const writing = harness.store.create(samples.resource('one', { size: 1 }));
    const settled = writing.then(
      () => true,
      () => false,
    );
    await harness.store.close();
    const written = await settled;
    t.is((await harness.authorsPart(samples.ref('one'))) !== undefined, written);
  });

  test('a closed store tells its watchers nothing more', async (t, { store, outside }) => {
    const log = await EventLog.synced(store, WIDGET);
    await store.close();
    await outside?.put(samples.resource('one'));
    await store.create(samples.resource('two')).catch(() => undefined);
    t.deepEqual(log.story, ['synced']);
    log.stop();
  });

  test('close leaves no handle behind, with watchers and without', async (t, { store }) => {
    const before = handles();
    const watchers = [await EventLog.synced(store, WIDGET), await EventLog.synced(store, WIDGET)];
    await store.create(samples.resource('one'));
    watchers[0]?.stop();
    await store.close();
    t.deepEqual(await leftOver(before), []);
    watchers[1]?.stop();
  });
}
