import type { Expectation } from './expectation.js';
import { GADGETS, WIDGETS } from './samples.js';

const MERGE = 'application/merge-patch+json';

/** How objects are counted, shown and ended. */
export const LIFECYCLE: readonly Expectation[] = [
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
];
