import { UnknownKindError } from '../../../plugin.js';
import { type Contract, GADGET, MYSTERY, revisionOf, Samples, uidOf, WIDGET } from './harness.js';

/** What get, list, kind and kinds promise. */
export function reading({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('get gives undefined for what is not there', async (t, { store }) => {
    t.is(await store.get(samples.ref('nobody')), undefined);
  });

  test('get gives what was created, with uid and revision', async (t, { store }) => {
    const spec = { size: 3, tags: ['a', 'b'], nested: { deep: { yes: true, empty: {} } }, text: 'ü \n "quoted"' };
    const created = await store.create(samples.resource('one', spec));
    const read = await store.get(samples.ref('one'));
    t.deepEqual(read, created);
    t.is(read?.apiVersion, WIDGET.apiVersion);
    t.is(read?.kind, WIDGET.kind);
    t.is(read?.metadata.name, 'one');
    t.is(read?.metadata.namespace, capabilities.namespaced ? 'default' : undefined);
    t.deepEqual(read?.spec, spec);
    t.truthy(uidOf(read));
    t.truthy(revisionOf(read));
  });

  test('two resources have two uids', async (t, { store }) => {
    const one = await store.create(samples.resource('one'));
    const two = await store.create(samples.resource('two'));
    const gadget = await store.create(samples.resource('one', {}, { gvk: GADGET }));
    t.is(new Set([one, two, gadget].map(uidOf)).size, 3);
  });

  test('list gives an empty list, with a revision, for a kind without resources', async (t, { store }) => {
    const { items, revision } = await store.list(WIDGET);
    t.deepEqual(items, []);
    t.is(typeof revision, 'string');
    t.not(revision, '');
  });

  test('list gives every resource of the kind, and none of another kind', async (t, { store }) => {
    const one = await store.create(samples.resource('one', { size: 1 }));
    const two = await store.create(samples.resource('two', { size: 2 }));
    await store.create(samples.resource('one', { size: 3 }, { gvk: GADGET }));
    const { items } = await store.list(WIDGET);
    t.deepEqual(
      items.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
      [one, two],
    );
  });

  test("a list's revision changes with every change of what it lists", async (t, { store }) => {
    const revisions = [(await store.list(WIDGET)).revision];
    await store.create(samples.resource('one', { size: 1 }));
    revisions.push((await store.list(WIDGET)).revision);
    await store.patch(samples.ref('one'), { spec: { size: 2 } });
    revisions.push((await store.list(WIDGET)).revision);
    await store.patchStatus(samples.ref('one'), { status: { seen: 2 } });
    revisions.push((await store.list(WIDGET)).revision);
    t.is(new Set(revisions).size, revisions.length);
  });

  test('resources of one name and two kinds are two resources', async (t, { store }) => {
    await store.create(samples.resource('one', { is: 'widget' }));
    await store.create(samples.resource('one', { is: 'gadget' }, { gvk: GADGET }));
    await store.delete(samples.ref('one'));
    t.deepEqual((await store.get(samples.ref('one', { gvk: GADGET })))?.spec, { is: 'gadget' });
  });

  if (capabilities.namespaced) {
    test('list gives the resources of one namespace when the selector names it', async (t, { store }) => {
      await store.create(samples.resource('one', { in: 'a' }, { namespace: 'team-a' }));
      await store.create(samples.resource('one', { in: 'b' }, { namespace: 'team-b' }));
      const { items } = await store.list({ ...WIDGET, namespace: 'team-b' });
      t.deepEqual(
        items.map(({ metadata, spec }) => [metadata.namespace, spec]),
        [['team-b', { in: 'b' }]],
      );
      t.is((await store.list(WIDGET)).items.length, 2);
      t.deepEqual((await store.list({ ...WIDGET, namespace: 'nowhere' })).items, []);
    });

    test('resources of one name in two namespaces are two resources', async (t, { store }) => {
      await store.create(samples.resource('one', { in: 'a' }, { namespace: 'team-a' }));
      await store.create(samples.resource('one', { in: 'b' }, { namespace: 'team-b' }));
      await store.patch(samples.ref('one', { namespace: 'team-a' }), { spec: { more: true } });
      t.deepEqual((await store.get(samples.ref('one', { namespace: 'team-b' })))?.spec, { in: 'b' });
      t.is(await store.get(samples.ref('one', { namespace: 'team-c' })), undefined);
    });
  }

  test('kind and kinds tell the plural and whether there are namespaces', async (t, { store }) => {
    await store.create(samples.resource('one'));
    const { namespaced } = capabilities;
    t.like(await store.kind(WIDGET), { ...WIDGET, plural: 'widgets', namespaced });
    const listed = (await store.kinds()).find(
      ({ apiVersion, kind }) => apiVersion === WIDGET.apiVersion && kind === WIDGET.kind,
    );
    t.like(listed, { ...WIDGET, plural: 'widgets', namespaced });
  });

  if (capabilities.anyKind) {
    test('a kind that nobody told of is derived, and holds nothing', async (t, { store }) => {
      const info = await store.kind(MYSTERY);
      t.is(info?.apiVersion, MYSTERY.apiVersion);
      t.is(info?.kind, MYSTERY.kind);
      t.is(info?.plural, 'mysteries');
      t.deepEqual((await store.list(MYSTERY)).items, []);
    });
  } else {
    test('a kind that the store cannot hold is unknown to every call', async (t, { store }) => {
      t.is(await store.kind(MYSTERY), undefined);
      const ref = samples.ref('one', { gvk: MYSTERY });
      const resource = samples.resource('one', {}, { gvk: MYSTERY });
      await t.throwsAsync(store.get(ref), { instanceOf: UnknownKindError });
      await t.throwsAsync(store.list(MYSTERY), { instanceOf: UnknownKindError });
      await t.throwsAsync(store.create(resource), { instanceOf: UnknownKindError });
      await t.throwsAsync(store.apply(resource), { instanceOf: UnknownKindError });
      await t.throwsAsync(store.patch(ref, {}), { instanceOf: UnknownKindError });
      await t.throwsAsync(store.patchStatus(ref, {}), { instanceOf: UnknownKindError });
      await t.throwsAsync(store.delete(ref), { instanceOf: UnknownKindError });
    });
  }
}
