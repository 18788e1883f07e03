import { openLines } from '../open-lines.js';
import type { Expectation } from './expectation.js';
import { WIDGETS } from './samples.js';

const MERGE = 'application/merge-patch+json';

/** What lists, watches and discovery tell. */
export const READING: readonly Expectation[] = [
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
