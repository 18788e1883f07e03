import { AlreadyExistsError, ConflictError, type JsonObject, type Store } from '../../../plugin.js';
import { type Contract, revisionOf, Samples, type StoreHarness } from './harness.js';

const WRITERS = 8;

/** What happens when several write at once, in one store and in several on one place. */
export function concurrency({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);
  const ref = samples.ref('one');
  const settings: readonly [string, (harness: StoreHarness) => Promise<readonly Store[]>][] = [
    ['at once', async ({ store }) => Array.from({ length: WRITERS }, () => store)],
  ];
  const twoStores: typeof settings = [
    [
      'at once through two stores',
      async (harness) => {
        const other = await harness.open?.();
        return Array.from({ length: WRITERS }, (_, index) =>
          index % 2 === 0 || other === undefined ? harness.store : other,
        );
      },
    ],
  ];

  for (const [when, openStores] of capabilities.shared ? [...settings, ...twoStores] : settings) {
    test(`patches of different fields ${when} all survive`, async (t, harness) => {
      const stores = await openStores(harness);
      await harness.store.create(samples.resource('one'));
      await Promise.all(stores.map((store, index) => store.patch(ref, { spec: { [`field${index}`]: index } })));
      const expected = Object.fromEntries(stores.map((_, index) => [`field${index}`, index]));
      for (const store of stores) t.deepEqual((await store.get(ref))?.spec, expected);
    });

    test(`patches and status patches ${when} all survive`, async (t, harness) => {
      const stores = await openStores(harness);
      await harness.store.create(samples.resource('one'));
      await Promise.all(
        stores.map((store, index) => {
          const field: JsonObject = { [`field${index}`]: index };
          return index % 4 < 2 ? store.patch(ref, { spec: field }) : store.patchStatus(ref, { status: field });
        }),
      );
      const read = await harness.store.get(ref);
      t.is(Object.keys({ ...(read?.spec as JsonObject), ...read?.status }).length, WRITERS);
    });

    test(`of guarded patches ${when} exactly one wins`, async (t, harness) => {
      const stores = await openStores(harness);
      const revision = revisionOf(await harness.store.create(samples.resource('one', { winner: -1 })));
      const results = await Promise.allSettled(
        stores.map((store, winner) => store.patch(ref, { spec: { winner } }, { revision })),
      );
      const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
      t.is(winners.length, 1);
      for (const result of results) if (result.status === 'rejected') t.true(result.reason instanceof ConflictError);
      t.deepEqual((await harness.store.get(ref))?.spec, { winner: winners[0] ?? -1 });
    });

    test(`of creates of one name ${when} exactly one wins`, async (t, harness) => {
      const stores = await openStores(harness);
      const results = await Promise.allSettled(
        stores.map((store, winner) => store.create(samples.resource('one', { winner }))),
      );
      const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
      t.is(winners.length, 1);
      for (const result of results)
        if (result.status === 'rejected') t.true(result.reason instanceof AlreadyExistsError);
      t.deepEqual((await harness.store.get(ref))?.spec, { winner: winners[0] ?? -1 });
    });

    test(`creates of different names ${when} all survive`, async (t, harness) => {
      const stores = await openStores(harness);
      await Promise.all(stores.map((store, index) => store.create(samples.resource(`n${index}`, { index }))));
      const { items } = await harness.store.list(ref);
      t.deepEqual(
        items.map(({ metadata }) => metadata.name).toSorted(),
        stores.map((_, index) => `n${index}`),
      );
    });

    test(`deletes ${when} are all done`, async (t, harness) => {
      const stores = await openStores(harness);
      await harness.store.create(samples.resource('one'));
      await t.notThrowsAsync(Promise.all(stores.map((store) => store.delete(ref))));
      t.is(await harness.store.get(ref), undefined);
    });
  }

  test('a read that follows a write in the same turn gives one whole state or the other', async (t, { store }) => {
    await store.create(samples.resource('one', { a: 1, b: 1 }));
    const write = store.patch(ref, { spec: { a: 2, b: 2 } });
    const spec = (await store.get(ref))?.spec as { a: number; b: number };
    t.is(spec.a, spec.b);
    await write;
  });
}
