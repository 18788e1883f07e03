import type { Expectation } from './expectation.js';
import { GADGETS, WIDGETS } from './samples.js';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

/** What a server makes of what is written. */
export const WRITING: readonly Expectation[] = [
  {
    title: 'what is created has an identity, a revision and, where changes are counted, a generation',
    async run(t, probe, { path, widget, configMap }) {
      const { code, body } = await probe.ask('POST', path(WIDGETS), { body: widget('one', { size: 1 }) });
      t.is(code, 201);
      t.regex(body.metadata.uid, /^[0-9a-f-]{36}$/);
      t.regex(body.metadata.resourceVersion, /^\d+$/);
      t.regex(body.metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      t.is(body.metadata.generation, 1);
      const map = await probe.ask('POST', path('configmaps'), { body: configMap('one') });
      t.is(map.body.metadata.generation, undefined);
    },
  },
  {
    title: 'what is created twice, without a name, or with a revision is refused',
    async run(t, probe, { path, widget }) {
      await probe.ask('POST', path(WIDGETS), { body: widget('one') });
      const again = await probe.ask('POST', path(WIDGETS), { body: widget('one') });
      t.deepEqual([again.code, again.body.reason], [409, 'AlreadyExists']);
      t.is(again.body.message, 'widgets.probe.koreo.dev "one" already exists');
      const { metadata: _, ...nameless } = widget('x');
      const unnamed = await probe.ask('POST', path(WIDGETS), { body: { ...nameless, metadata: {} } });
      t.deepEqual([unnamed.code, unnamed.body.reason], [422, 'Invalid']);
      const old = widget('two');
      const revised = await probe.ask('POST', path(WIDGETS), {
        body: { ...old, metadata: { ...old.metadata, resourceVersion: '5' } },
      });
      t.is(revised.code, 500);
    },
  },
  {
    title: 'names, labels and annotations have rules',
    async run(t, probe, { path, widget }) {
      for (const metadata of [
        { name: 'Big' },
        { name: 'with_line' },
        { name: 'a', labels: { x: 'not allowed' } },
        { name: 'a', annotations: { 'not allowed': 'x' } },
        { name: 'a', ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'y', uid: '' }] },
      ]) {
        const { code, body } = await probe.ask('POST', path(WIDGETS), { body: { ...widget('a'), metadata } });
        t.deepEqual(
          [code, body.reason, body.details.causes.length > 0],
          [422, 'Invalid', true],
          JSON.stringify(metadata),
        );
      }
    },
  },
  {
    title: 'a body of another type, name or namespace than the path is refused',
    async run(t, probe, { path, widget }) {
      const post = async (body: unknown) => (await probe.ask('POST', path(WIDGETS), { body })).code;
      t.is(await post({ ...widget('a'), kind: 'Gadget' }), 422);
      t.is(await post({ ...widget('a'), apiVersion: 'v1' }), 400);
      t.is(await post({ ...widget('a'), metadata: { name: 'a', namespace: 'other' } }), 400);
      t.is(await post('{"not json'), 400);
      const { body } = await probe.ask('POST', path(WIDGETS), { body: widget('a') });
      const { metadata } = body;
      const other = { ...body, metadata: { ...metadata, name: 'b' } };
      t.is((await probe.ask('PUT', path(WIDGETS, 'a'), { body: other })).code, 400);
    },
  },
  {
    title: 'what is not there is not found, whether object, namespace or kind',
    async run(t, probe, { path, widget }) {
      const missing = await probe.ask('GET', path(WIDGETS, 'none'));
      t.deepEqual([missing.code, missing.body.reason], [404, 'NotFound']);
      t.is(missing.body.message, 'widgets.probe.koreo.dev "none" not found');
      t.deepEqual(missing.body.details, { name: 'none', group: 'probe.koreo.dev', kind: 'widgets' });
      const nowhere = await probe.ask('POST', '/apis/probe.koreo.dev/v1/namespaces/nowhere-at-all/widgets', {
        body: widget('a'),
      });
      t.deepEqual([nowhere.code, nowhere.body.message], [404, 'namespaces "nowhere-at-all" not found']);
      t.is((await probe.ask('GET', '/apis/probe.koreo.dev/v1/nothings')).code, 404);
      t.is((await probe.ask('GET', '/apis/nobody.example.com/v1/nothings')).code, 404);
      t.is((await probe.ask('PATCH', path(WIDGETS, 'none'), { body: {}, contentType: MERGE })).code, 404);
    },
  },
  {
    title: 'an update carries the revision, which must be the current one',
    async run(t, probe, { path, widget, lease }) {
      const { body: first } = await probe.ask('POST', path(WIDGETS), { body: widget('one', { size: 1 }) });
      const second = await probe.ask('PUT', path(WIDGETS, 'one'), { body: { ...first, spec: { size: 2 } } });
      t.deepEqual([second.code, second.body.metadata.generation], [200, 2]);
      const stale = await probe.ask('PUT', path(WIDGETS, 'one'), { body: { ...first, spec: { size: 3 } } });
      t.deepEqual([stale.code, stale.body.reason], [409, 'Conflict']);
      t.regex(
        stale.body.message,
        /^Operation cannot be fulfilled on widgets.probe.koreo.dev "one": the object has been modified/,
      );
      const blind = await probe.ask('PUT', path(WIDGETS, 'one'), { body: widget('one', { size: 3 }) });
      t.deepEqual([blind.code, blind.body.reason], [422, 'Invalid']);
      const made = await probe.ask('POST', path('leases.coordination.k8s.io/v1'), { body: lease('l', 'me') });
      t.is(made.code, 201);
      const taken = await probe.ask('PUT', path('leases.coordination.k8s.io/v1', 'l'), {
        body: { ...made.body, spec: { ...made.body.spec, holderIdentity: 'you' } },
      });
      t.is(taken.code, 200);
      const late = await probe.ask('PUT', path('leases.coordination.k8s.io/v1', 'l'), { body: made.body });
      t.is(late.code, 409);
    },
  },
  {
    title: 'a uid that is not the object’s is a conflict in an update and invalid in a patch',
    async run(t, probe, { path, widget }) {
      const { body } = await probe.ask('POST', path(WIDGETS), { body: widget('one') });
      const uid = '00000000-0000-4000-8000-000000000000';
      const put = await probe.ask('PUT', path(WIDGETS, 'one'), {
        body: { ...body, metadata: { ...body.metadata, uid } },
      });
      t.is(put.code, 409);
      const patch = await probe.ask('PATCH', path(WIDGETS, 'one'), { body: { metadata: { uid } }, contentType: MERGE });
      t.deepEqual([patch.code, patch.body.reason], [422, 'Invalid']);
    },
  },
  {
    title: 'a merge patch merges, removes and guards by revision; one that changes nothing leaves the revision',
    async run(t, probe, { path, widget }) {
      const { body: first } = await probe.ask('POST', path(WIDGETS), {
        body: widget('one', { size: 1, colour: 'red' }),
      });
      const patch = (body: unknown) => probe.ask('PATCH', path(WIDGETS, 'one'), { body, contentType: MERGE });
      const second = await patch({ spec: { size: 2, colour: null } });
      t.deepEqual([second.code, second.body.spec, second.body.metadata.generation], [200, { size: 2 }, 2]);
      const same = await patch({ spec: { size: 2 } });
      t.is(same.body.metadata.resourceVersion, second.body.metadata.resourceVersion);
      const labelled = await patch({ metadata: { labels: { a: 'b' } } });
      t.is(labelled.body.metadata.generation, 2);
      t.not(labelled.body.metadata.resourceVersion, second.body.metadata.resourceVersion);
      const stale = await patch({ metadata: { resourceVersion: first.metadata.resourceVersion }, spec: { size: 9 } });
      t.deepEqual([stale.code, stale.body.reason], [409, 'Conflict']);
      const wrongType = await probe.ask('PATCH', path(WIDGETS, 'one'), { body: {} });
      t.is(wrongType.code, 415);
    },
  },
  {
    title: 'a JSON patch adds, replaces, removes and tests',
    async run(t, probe, { path, configMap }) {
      await probe.ask('POST', path('configmaps'), { body: { ...configMap('one'), data: { a: '1', b: '2' } } });
      const patch = (body: unknown) => probe.ask('PATCH', path('configmaps', 'one'), { body, contentType: JSON_PATCH });
      const { code, body } = await patch([
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'replace', path: '/data/a', value: '3' },
        { op: 'remove', path: '/data/b' },
        { op: 'add', path: '/metadata/annotations', value: {} },
        { op: 'add', path: '/metadata/annotations/c.dev~1d', value: '4' },
      ]);
      t.deepEqual([code, body.data, body.metadata.annotations], [200, { a: '3' }, { 'c.dev/d': '4' }]);
      t.is((await patch([{ op: 'test', path: '/data/a', value: '1' }])).code, 422);
      t.is((await patch([{ op: 'remove', path: '/data/zzz' }])).code, 422);
    },
  },
  {
    title: 'a schema fills in defaults, drops what it does not know and refuses what does not fit',
    async run(t, probe, { path, widget }) {
      const { body } = await probe.ask('POST', path(WIDGETS), { body: widget('one', { size: 1, strange: true }) });
      t.deepEqual(body.spec, { size: 1 });
      const wrong = await probe.ask('POST', path(WIDGETS), { body: widget('two', { size: 'big' }) });
      t.deepEqual([wrong.code, wrong.body.reason], [422, 'Invalid']);
      t.true(wrong.body.details.causes.some(({ field }: { field: string }) => field === 'spec.size'));
      const gadget = await probe.ask('POST', path(GADGETS), { body: { ...widget('g', {}), kind: 'Gadget' } });
      t.deepEqual([gadget.code, gadget.body.spec], [201, { mode: 'slow' }]);
    },
  },
];
