import test from 'ava';
import type { Resource, StoreEvent } from 'koreo-kernel';
import { type FeedSource, ResourceFeed } from '../../../adapters/files/resource-feed.js';

const KIND = { apiVersion: 'v1', kind: 'Thing' } as const;

function thing(name: string, revision: string): Resource {
  return { ...KIND, metadata: { name, resourceVersion: revision } };
}

const atOnce: FeedSource = {
  ready: () => Promise.resolve(),
  withOrigins: async (resources) =>
    resources.map((resource) => ({ resource, origin: { file: `${resource.metadata.name}.yaml` } })),
};

function listen(feed: ResourceFeed, source: FeedSource = atOnce): { story: string[]; stop: () => void } {
  const story: string[] = [];
  const subscription = feed.watch(KIND, source).subscribe((event) => story.push(tell(event)));
  return { story, stop: () => subscription.unsubscribe() };
}

function tell(event: StoreEvent): string {
  if (event.type === 'synced') return 'synced';
  const { name, resourceVersion } = event.resource.metadata;
  return `${event.type} ${name}@${resourceVersion}`;
}

/** Lets promises settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('what has the revision that was told is no news', async (t) => {
  const feed = new ResourceFeed();
  const { story } = listen(feed);
  await settled();
  for (const revision of ['1', '1', '2', '2']) feed.put({ resource: thing('a', revision) });
  t.deepEqual(story, ['synced', 'added a@1', 'modified a@2']);
});

test('what is gone is told once, with the last that was known, and may come again', async (t) => {
  const feed = new ResourceFeed();
  const { story } = listen(feed);
  await settled();
  feed.put({ resource: thing('a', '1') });
  feed.remove({ ...KIND, name: 'a' });
  feed.remove({ ...KIND, name: 'a' });
  feed.put({ resource: thing('a', '1') });
  t.deepEqual(story, ['synced', 'added a@1', 'deleted a@1', 'added a@1']);
});

test('changes while a watch begins are told after it is synced, each resource as it is then', async (t) => {
  const feed = new ResourceFeed();
  for (const name of ['stays', 'changes', 'goes']) feed.put({ resource: thing(name, '1') });
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { story } = listen(feed, {
    ...atOnce,
    withOrigins: async (resources) => {
      await gate;
      return resources.map((resource) => ({ resource }));
    },
  });
  await settled();
  feed.put({ resource: thing('changes', '2') });
  feed.remove({ ...KIND, name: 'goes' });
  feed.put({ resource: thing('comes', '1') });
  open();
  await settled();
  t.deepEqual(story.slice(0, story.indexOf('synced')).toSorted(), [
    'added changes@2',
    'added comes@1',
    'added stays@1',
  ]);
  t.deepEqual(story.slice(story.indexOf('synced')), ['synced']);
});

test('a watch that begins late gets origins, and one that is over gets nothing', async (t) => {
  const feed = new ResourceFeed();
  feed.put({ resource: thing('a', '1') });
  const origins: (string | undefined)[] = [];
  const subscription = feed.watch(KIND, atOnce).subscribe((event) => {
    if (event.type === 'added') origins.push(event.origin?.file);
  });
  await settled();
  t.deepEqual(origins, ['a.yaml']);
  subscription.unsubscribe();
  feed.put({ resource: thing('b', '1') });
  t.deepEqual(origins, ['a.yaml']);
});

test('a feed that is closed tells nobody anything', async (t) => {
  const feed = new ResourceFeed();
  const { story } = listen(feed);
  await settled();
  feed.close();
  feed.put({ resource: thing('a', '1') });
  t.deepEqual(story, ['synced']);
});
