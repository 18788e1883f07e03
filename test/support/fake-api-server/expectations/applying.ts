import type { Expectation } from './expectation.js';
import { WIDGETS } from './samples.js';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const APPLY = 'application/apply-patch+yaml';

/** What server-side apply does, and who owns what. */
export const APPLYING: readonly Expectation[] = [
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
];
