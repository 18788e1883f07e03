import type { ExecutionContext } from 'ava';
import type { ApiProbe } from './api-probe.js';
import { GADGETS, type Samples, WIDGETS } from './expectation-samples.js';
import { openLines } from './open-lines.js';

/** One thing that every API server does, told in a sentence. */
export interface Expectation {
  readonly title: string;
  run(t: ExecutionContext, probe: ApiProbe, samples: Samples): Promise<void>;
}

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const APPLY = 'application/apply-patch+yaml';

/** What any API server does, real or not. Each gets a namespace of its own. */
export const EXPECTATIONS: readonly Expectation[] = [
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
  {
    title: 'with the status subresource each of the two paths leaves the other’s part alone',
    async run(t, probe, { path, widget }) {
      const given = { ...widget('one', { size: 1 }), status: { seen: 1 } };
      const { body } = await probe.ask('POST', path(WIDGETS), { body: given });
      t.is(body.status, undefined);
      const main = await probe.ask('PATCH', path(WIDGETS, 'one'), {
        body: { status: { seen: 2 } },
        contentType: MERGE,
      });
      t.deepEqual([main.code, main.body.status], [200, undefined]);
      const status = await probe.ask('PATCH', path(WIDGETS, 'one/status'), {
        body: { spec: { size: 5 }, status: { seen: 3 }, metadata: { annotations: { a: 'b' } } },
        contentType: MERGE,
      });
      t.deepEqual([status.code, status.body.status, status.body.spec], [200, { seen: 3 }, { size: 1 }]);
      t.deepEqual([status.body.metadata.generation, status.body.metadata.annotations], [1, undefined]);
    },
  },
  {
    title: 'without the status subresource the status is a field like others, and counts',
    async run(t, probe, { path, widget }) {
      const gadget = { ...widget('one', {}), kind: 'Gadget' };
      await probe.ask('POST', path(GADGETS), { body: gadget });
      const { body } = await probe.ask('PATCH', path(GADGETS, 'one'), {
        body: { status: { seen: 2 } },
        contentType: MERGE,
      });
      t.deepEqual([body.status, body.metadata.generation], [{ seen: 2 }, 2]);
      t.is((await probe.ask('PATCH', path(GADGETS, 'one/status'), { body: {}, contentType: MERGE })).code, 404);
    },
  },
  {
    title: 'a deletion may be guarded by uid and revision, and what waits for a finalizer stays until it is let go',
    async run(t, probe, { path, widget }) {
      const made = widget('one', { size: 1 });
      const { body } = await probe.ask('POST', path(WIDGETS), {
        body: { ...made, metadata: { ...made.metadata, finalizers: ['probe.koreo.dev/hold'] } },
      });
      const guarded = (preconditions: object) => probe.ask('DELETE', path(WIDGETS, 'one'), { body: { preconditions } });
      t.is((await guarded({ uid: '00000000-0000-4000-8000-000000000000' })).code, 409);
      t.is((await guarded({ resourceVersion: '1' })).code, 409);
      const marked = await guarded({ uid: body.metadata.uid, resourceVersion: body.metadata.resourceVersion });
      t.deepEqual([marked.code, typeof marked.body.metadata.deletionTimestamp], [200, 'string']);
      t.is(marked.body.metadata.generation, 2);
      const more = { metadata: { finalizers: ['probe.koreo.dev/hold', 'probe.koreo.dev/more'] } };
      t.is((await probe.ask('PATCH', path(WIDGETS, 'one'), { body: more, contentType: MERGE })).code, 422);
      t.is((await probe.ask('GET', path(WIDGETS, 'one'))).code, 200);
      const free = { metadata: { finalizers: null } };
      t.is((await probe.ask('PATCH', path(WIDGETS, 'one'), { body: free, contentType: MERGE })).code, 200);
      t.is((await probe.ask('GET', path(WIDGETS, 'one'))).code, 404);
      t.is((await probe.ask('DELETE', path(WIDGETS, 'one'))).code, 404);
    },
  },
  {
    title: 'a deletion that nothing holds up answers with the deleted one’s identity',
    async run(t, probe, { path, widget }) {
      const { body } = await probe.ask('POST', path(WIDGETS), { body: widget('one') });
      const gone = await probe.ask('DELETE', path(WIDGETS, 'one'));
      t.deepEqual([gone.code, gone.body.kind, gone.body.status], [200, 'Status', 'Success']);
      t.deepEqual([gone.body.details.name, gone.body.details.uid], ['one', body.metadata.uid]);
    },
  },
  {
    title: 'a dry run answers and changes nothing',
    async run(t, probe, { path, widget }) {
      const made = await probe.ask('POST', `${path(WIDGETS)}?dryRun=All`, { body: widget('one') });
      t.is(made.code, 201);
      t.is((await probe.ask('GET', path(WIDGETS, 'one'))).code, 404);
      const { body } = await probe.ask('POST', path(WIDGETS), { body: widget('one', { size: 1 }) });
      const patched = await probe.ask('PATCH', `${path(WIDGETS, 'one')}?dryRun=All`, {
        body: { spec: { size: 2 } },
        contentType: MERGE,
      });
      t.deepEqual(patched.body.spec, { size: 2 });
      t.deepEqual((await probe.ask('GET', path(WIDGETS, 'one'))).body, body);
    },
  },
  {
    title: 'what is applied makes, changes and takes away the fields of its manager, and nothing when nothing changes',
    async run(t, probe, { path, widget }) {
      const apply = (spec: object, manager = 'koreo') =>
        probe.ask('PATCH', `${path(WIDGETS, 'one')}?fieldManager=${manager}`, {
          body: widget('one', spec),
          contentType: APPLY,
        });
      const first = await apply({ size: 1, colour: 'red' });
      t.deepEqual([first.code, first.body.spec], [201, { size: 1, colour: 'red' }]);
      const [entry] = first.body.metadata.managedFields;
      t.deepEqual([entry.manager, entry.operation, entry.apiVersion], ['koreo', 'Apply', 'probe.koreo.dev/v1']);
      t.deepEqual(entry.fieldsV1, { 'f:spec': { 'f:size': {}, 'f:colour': {} } });
      const same = await apply({ size: 1, colour: 'red' });
      t.deepEqual([same.code, same.body.metadata.resourceVersion], [200, first.body.metadata.resourceVersion]);
      const less = await apply({ size: 2 });
      t.deepEqual([less.code, less.body.spec, less.body.metadata.generation], [200, { size: 2 }, 2]);
      const shared = await apply({ colour: 'blue' }, 'other');
      t.deepEqual(shared.body.spec, { size: 2, colour: 'blue' });
      t.deepEqual((await apply({})).body.spec, { colour: 'blue' });
    },
  },
  {
    title: 'what another manager holds with another value is a conflict, unless it is forced',
    async run(t, probe, { path, widget }) {
      const apply = (spec: object, query: string) =>
        probe.ask('PATCH', `${path(WIDGETS, 'one')}?${query}`, { body: widget('one', spec), contentType: APPLY });
      await apply({ size: 1 }, 'fieldManager=first');
      t.is((await apply({ size: 1 }, 'fieldManager=second')).code, 200);
      const conflict = await apply({ size: 2 }, 'fieldManager=second');
      t.deepEqual([conflict.code, conflict.body.reason], [409, 'Conflict']);
      t.deepEqual(conflict.body.details.causes, [
        { reason: 'FieldManagerConflict', message: 'conflict with "first"', field: '.spec.size' },
      ]);
      t.is(conflict.body.message, 'Apply failed with 1 conflict: conflict with "first": .spec.size');
      const forced = await apply({ size: 2 }, 'fieldManager=second&force=true');
      t.deepEqual([forced.code, forced.body.spec], [200, { size: 2 }]);
      t.is((await apply({}, 'fieldManager=first')).body.spec.size, 2);
    },
  },
  {
    title: 'who patches a field takes it over, and applying it again is a conflict',
    async run(t, probe, { path, widget }) {
      const applied = { body: widget('one', { size: 1, colour: 'red' }), contentType: APPLY };
      await probe.ask('PATCH', `${path(WIDGETS, 'one')}?fieldManager=koreo`, applied);
      const edit = { body: { spec: { size: 5 } }, contentType: MERGE, userAgent: 'kubectl/v1.30' };
      const edited = await probe.ask('PATCH', path(WIDGETS, 'one'), edit);
      const managers = edited.body.metadata.managedFields;
      const fieldsOf = (name: string) => managers.find(({ manager }: { manager: string }) => manager === name).fieldsV1;
      t.deepEqual(fieldsOf('koreo'), { 'f:spec': { 'f:colour': {} } });
      t.deepEqual(fieldsOf('kubectl'), { 'f:spec': { 'f:size': {} } });
      const again = await probe.ask('PATCH', `${path(WIDGETS, 'one')}?fieldManager=koreo`, applied);
      t.is(again.code, 409);
      const [cause] = again.body.details.causes;
      t.is(cause.field, '.spec.size');
      t.regex(cause.message, /^conflict with "kubectl" using probe.koreo.dev\/v1/);
    },
  },
  {
    title: 'managers can be edited by a JSON patch, and reset by one that is empty',
    async run(t, probe, { path, widget }) {
      await probe.ask('POST', path(WIDGETS), { body: widget('one', { size: 1 }), userAgent: 'old/1' });
      const { body } = await probe.ask('GET', path(WIDGETS, 'one'));
      t.is(body.metadata.managedFields[0].manager, 'old');
      const patch = (operations: unknown) =>
        probe.ask('PATCH', path(WIDGETS, 'one'), { body: operations, contentType: JSON_PATCH });
      const moved = [{ ...body.metadata.managedFields[0], manager: 'koreo', operation: 'Apply' }];
      const edited = await patch([{ op: 'replace', path: '/metadata/managedFields', value: moved }]);
      t.is(edited.code, 200);
      t.deepEqual(
        edited.body.metadata.managedFields.map((one: { manager: string; operation: string }) => [
          one.manager,
          one.operation,
        ]),
        [['koreo', 'Apply']],
      );
      const reset = await patch([{ op: 'replace', path: '/metadata/managedFields', value: [{}] }]);
      t.is(reset.body.metadata.managedFields, undefined);
    },
  },
  {
    title: 'apply wants a manager, and no managed fields',
    async run(t, probe, { path, widget }) {
      const nobody = await probe.ask('PATCH', path(WIDGETS, 'one'), { body: widget('one'), contentType: APPLY });
      t.is(nobody.code, 422);
      const { metadata, ...rest } = widget('one');
      const body = {
        ...rest,
        metadata: {
          ...metadata,
          managedFields: [{ manager: 'x', operation: 'Apply', apiVersion: 'probe.koreo.dev/v1' }],
        },
      };
      t.is(
        (await probe.ask('PATCH', `${path(WIDGETS, 'one')}?fieldManager=koreo`, { body, contentType: APPLY })).code,
        400,
      );
    },
  },
  {
    title: 'finalizers and owners of several managers stay side by side',
    async run(t, probe, { path, widget, configMap }) {
      const apply = (metadata: object, manager: string) =>
        probe.ask('PATCH', `${path(WIDGETS, 'one')}?fieldManager=${manager}`, {
          body: { ...widget('one'), metadata: { ...widget('one').metadata, ...metadata } },
          contentType: APPLY,
        });
      // Owners that are there: else a garbage collector comes for what they own.
      const owner = async (name: string) => {
        const { body } = await probe.ask('POST', path('configmaps'), { body: configMap(name) });
        return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: body.metadata.uid };
      };
      const [first, second] = [await owner('first'), await owner('second')];
      await apply({ finalizers: ['a.dev/x'], ownerReferences: [first] }, 'a');
      const both = await apply({ finalizers: ['b.dev/x'], ownerReferences: [second] }, 'b');
      t.deepEqual(both.body.metadata.finalizers.toSorted(), ['a.dev/x', 'b.dev/x']);
      t.deepEqual(
        both.body.metadata.ownerReferences.map(({ uid }: { uid: string }) => uid).toSorted(),
        [first.uid, second.uid].toSorted(),
      );
      const less = await apply({}, 'a');
      t.deepEqual(less.body.metadata.finalizers, ['b.dev/x']);
      t.deepEqual(
        less.body.metadata.ownerReferences.map(({ uid }: { uid: string }) => uid),
        [second.uid],
      );
    },
  },
  {
    title: 'containers of a Deployment are told apart by their names when they are applied',
    async run(t, probe, { path, deployment }) {
      const apply = (containers: unknown[], manager: string) =>
        probe.ask('PATCH', `${path('deployments.apps/v1', 'web')}?fieldManager=${manager}`, {
          body: deployment('web', containers),
          contentType: APPLY,
        });
      t.is((await apply([{ name: 'web', image: 'web:1' }], 'koreo')).code, 201);
      const both = await apply([{ name: 'proxy', image: 'proxy:1' }], 'mesh');
      t.is(both.code, 200);
      const images = ({ body }: { body: { spec: { template: { spec: { containers: { image: string }[] } } } } }) =>
        body.spec.template.spec.containers.map(({ image }) => image).toSorted();
      t.deepEqual(images(both), ['proxy:1', 'web:1']);
      const clash = await apply([{ name: 'web', image: 'web:2' }], 'mesh');
      t.is(clash.body.details?.causes[0].field, '.spec.template.spec.containers[name="web"].image');
    },
  },
  {
    title: 'a list comes in pages of one revision, and a page’s token can be used again',
    async run(t, probe, { path, widget }) {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await probe.ask('POST', path(WIDGETS), { body: widget(name) });
      const names = (body: { items: { metadata: { name: string } }[] }) =>
        body.items.map(({ metadata }) => metadata.name);
      const first = await probe.ask('GET', `${path(WIDGETS)}?limit=2`);
      t.deepEqual([first.body.kind, first.body.apiVersion], ['WidgetList', 'probe.koreo.dev/v1']);
      t.deepEqual([names(first.body), first.body.metadata.remainingItemCount], [['a', 'b'], 3]);
      await probe.ask('DELETE', path(WIDGETS, 'c'));
      await probe.ask('POST', path(WIDGETS), { body: widget('cc') });
      const token = encodeURIComponent(first.body.metadata.continue);
      const second = await probe.ask('GET', `${path(WIDGETS)}?limit=2&continue=${token}`);
      t.deepEqual(names(second.body), ['c', 'd']);
      t.is(second.body.metadata.resourceVersion, first.body.metadata.resourceVersion);
      const last = await probe.ask(
        'GET',
        `${path(WIDGETS)}?limit=2&continue=${encodeURIComponent(second.body.metadata.continue)}`,
      );
      t.deepEqual([names(last.body), last.body.metadata.continue || 'none'], [['e'], 'none']);
      t.is((await probe.ask('GET', `${path(WIDGETS)}?continue=rubbish`)).code, 400);
    },
  },
  {
    title: 'selectors choose by labels and names, and those that are not understood are refused',
    async run(t, probe, { path, configMap }) {
      for (const [name, tier] of [
        ['a', 'front'],
        ['b', 'back'],
      ] as const) {
        const map = configMap(name);
        await probe.ask('POST', path('configmaps'), {
          body: { ...map, metadata: { ...map.metadata, labels: { tier } } },
        });
      }
      const names = async (query: string) => {
        const { body } = await probe.ask('GET', `${path('configmaps')}?${query}`);
        const items: { metadata: { name: string } }[] = body.items;
        return items.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt');
      };
      t.deepEqual(await names('labelSelector=tier%3Dfront'), ['a']);
      t.deepEqual(await names('labelSelector=tier'), ['a', 'b']);
      t.deepEqual(await names('fieldSelector=metadata.name%3Db'), ['b']);
      t.is((await probe.ask('GET', `${path('configmaps')}?fieldSelector=data.x%3Db`)).code, 400);
    },
  },
  {
    title: 'a watch tells what happened since a revision, then what happens',
    async run(t, probe, { path, widget }) {
      const { body: list } = await probe.ask('GET', path(WIDGETS));
      await probe.ask('POST', path(WIDGETS), { body: widget('one', { size: 1 }) });
      const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${list.metadata.resourceVersion}`;
      const watch = await openLines(probe, `${path(WIDGETS)}?${query}`);
      const added = await watch.next();
      t.deepEqual([added.type, added.object.metadata.name], ['ADDED', 'one']);
      await probe.ask('PATCH', path(WIDGETS, 'one'), { body: { spec: { size: 2 } }, contentType: MERGE });
      const modified = await watch.next();
      t.deepEqual([modified.type, modified.object.spec], ['MODIFIED', { size: 2 }]);
      await probe.ask('DELETE', path(WIDGETS, 'one'));
      const deleted = await watch.next();
      t.deepEqual([deleted.type, deleted.object.spec], ['DELETED', { size: 2 }]);
      t.true(Number(deleted.object.metadata.resourceVersion) > Number(modified.object.metadata.resourceVersion));
      watch.end();
    },
  },
  {
    title: 'a watch by labels tells what comes into its sight as added, and what leaves it as deleted',
    async run(t, probe, { path, widget }) {
      const { body: list } = await probe.ask('GET', path(WIDGETS));
      const query = `watch=true&labelSelector=seen%3Dyes&resourceVersion=${list.metadata.resourceVersion}`;
      const watch = await openLines(probe, `${path(WIDGETS)}?${query}`);
      await probe.ask('POST', path(WIDGETS), { body: widget('one') });
      const label = (seen: string) =>
        probe.ask('PATCH', path(WIDGETS, 'one'), { body: { metadata: { labels: { seen } } }, contentType: MERGE });
      await label('yes');
      t.is((await watch.next()).type, 'ADDED');
      await label('no');
      t.is((await watch.next()).type, 'DELETED');
      watch.end();
    },
  },
  {
    title: 'a watch without a revision begins with all that is there, and ends when its time is up',
    async run(t, probe, { path, widget }) {
      await probe.ask('POST', path(WIDGETS), { body: widget('one') });
      const watch = await openLines(probe, `${path(WIDGETS)}?watch=true&timeoutSeconds=1`);
      t.is((await watch.next()).type, 'ADDED');
      t.is(await watch.ended(), 'between lines');
    },
  },
  {
    title: 'discovery tells the kinds of a group, and which have a status of their own',
    async run(t, probe) {
      const { body } = await probe.ask('GET', '/apis/probe.koreo.dev/v1');
      const shown = body.resources.map(({ name, kind, namespaced }: Record<string, unknown>) => [
        name,
        kind,
        namespaced,
      ]);
      t.deepEqual(shown.toSorted(), [
        ['gadgets', 'Gadget', true],
        ['widgets', 'Widget', true],
        ['widgets/status', 'Widget', true],
      ]);
      const groups = await probe.ask('GET', '/apis');
      t.true(groups.body.groups.some(({ name }: { name: string }) => name === 'probe.koreo.dev'));
      const core = await probe.ask('GET', '/api/v1');
      t.true(
        core.body.resources.some(
          ({ name, kind }: Record<string, unknown>) => name === 'configmaps' && kind === 'ConfigMap',
        ),
      );
    },
  },
];
