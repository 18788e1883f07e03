import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { formatProblem, type StoreEvent } from 'koreo-kernel';
import { filter, firstValueFrom } from 'rxjs';
import { healthOf, Place, THING, thing, thingRef } from './place.js';

test('every kind of file is read, in every folder, several documents a file', async (t) => {
  const place = await Place.make(t);
  for (const extension of ['yaml', 'yml', 'koreo', 'k', 'k.yaml', 'k.yml', 'YAML']) {
    await place.write(
      `deep/er/${extension}-file.${extension}`,
      thing(
        `in-${extension.toLowerCase().replace('.', '-')}-${extension.length}${extension === 'YAML' ? 'x' : ''}`,
        '{}',
      ),
    );
  }
  await place.write('j.json', JSON.stringify({ ...THING, metadata: { name: 'in-json', namespace: 'default' } }));
  await place.write(
    'several.yaml',
    `# first\n${thing('s1', '{}')}---\n${thing('s2', '{}')}...\n---\n# nothing\n---\n${thing('s3', '{}')}`,
  );
  const { items } = await place.open().list(THING);
  t.deepEqual(items.map(({ metadata }) => metadata.name).toSorted(), [
    'in-json',
    'in-k-1',
    'in-k-yaml-6',
    'in-k-yml-5',
    'in-koreo-5',
    'in-yaml-4',
    'in-yaml-4x',
    'in-yml-3',
    's1',
    's2',
    's3',
  ]);
});

test('other files, hidden ones, node_modules and what is ignored are left alone', async (t) => {
  const place = await Place.make(t);
  for (const path of [
    'README.md',
    'x.yaml.bak',
    'x.yaml~',
    '.hidden.yaml',
    '.git/x.yaml',
    '.koreo/x.yaml',
    'node_modules/p/x.yaml',
    'charts/a/x.yaml',
    'a.test.yaml',
    'deep/b.test.yaml',
  ]) {
    await place.write(path, thing(`from-${path.replace(/\W+/g, '-')}`, '{}'));
  }
  await place.write('here.yaml', thing('here', '{}'));
  const store = place.open({ ignore: ['charts', '**/*.test.yaml'] });
  const { items } = await store.list(THING);
  t.deepEqual(
    items.map(({ metadata }) => metadata.name),
    ['here'],
  );
});

test('what is no resource and does not look like one is left alone; what looks like one is told, with its place', async (t) => {
  const place = await Place.make(t);
  await place.write('package.json', '{"name": "some-package"}');
  await place.write('list.json', '[1, 2]');
  await place.write('list.yaml', '- a\n- b\n');
  await place.write('text.yaml', 'just text\n');
  await place.write('empty.yaml', '');
  await place.write('compose.yaml', 'services:\n  web: {}\n');
  await place.write(
    'typo.yaml',
    `${thing('good', '{}')}---\n# a comment\napiVersion: v1\nkind: Thing\nmetadata:\n  nmae: typo\n`,
  );
  await place.write('number.yaml', 'apiVersion: v1\nkind: Thing\nmetadata:\n  name: 007\n');
  await place.write('namespace.yaml', 'apiVersion: v1\nkind: Thing\nmetadata:\n  name: x\n  namespace: 7\n');
  const store = place.open();
  t.is((await store.list(THING)).items.length, 1);
  const { state, problems } = await healthOf(store, ({ state }) => state !== 'starting');
  t.is(state, 'degraded');
  t.deepEqual(problems.map(formatProblem), [
    'root/namespace.yaml:5:14 metadata.namespace: The document is no resource: metadata.namespace is not a text; put it in quotes.',
    'root/number.yaml:4:9 metadata.name: The document is no resource: metadata.name is not a text; put it in quotes.',
    'root/typo.yaml:12:3 metadata.name: The document is no resource: metadata.name is missing.',
  ]);
});

test('what does not parse is told by the first look, however new the file is: who asks may ask only once', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', 'kind: {');
  const store = place.open({ settleMs: 60_000 });
  await store.list(THING);
  const { problems } = await firstValueFrom(store.health);
  t.deepEqual(
    problems.map(({ code, location }) => [code, location?.file]),
    [['document-syntax', 'root/a.yaml']],
  );
});

test('a document that does not parse is told with line and column, and spoils no other', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', `${thing('one', '{}')}---\napiVersion: v1\nkind: [\n---\n${thing('two', '{}')}`);
  await place.write('b.json', '{"apiVersion": "v1"');
  const store = place.open({ settleMs: 0 });
  const { items } = await store.list(THING);
  t.deepEqual(
    items.map(({ metadata }) => metadata.name),
    ['one', 'two'],
  );
  const { problems } = await healthOf(store, (health) => health.problems.length === 2);
  t.deepEqual(
    problems.map(({ code, location }) => [code, location?.file, location?.line]),
    [
      ['document-syntax', 'root/a.yaml', 10],
      ['document-syntax', 'root/b.json', 1],
    ],
  );
  t.true(problems.every(({ location }) => (location?.column ?? 0) > 0));
});

test('of several documents of one resource the first by path counts, and the others are told with both places', async (t) => {
  const place = await Place.make(t);
  await place.write('b.yaml', `${thing('one', '{from: b}')}---\n${thing('one', '{from: b2}')}`);
  await place.write('a/z.yaml', `# comment\n${thing('one', '{from: a}')}`);
  const store = place.open();
  t.deepEqual((await store.get(thingRef('one')))?.spec, { from: 'a' });
  t.is((await store.list(THING)).items.length, 1);
  const { state, problems } = await healthOf(store, ({ state }) => state !== 'starting');
  t.is(state, 'degraded');
  t.deepEqual(problems.map(formatProblem), [
    'root/b.yaml:1:1 Thing default/one: The resource is defined in root/a/z.yaml:2 too, which counts; remove one of the two.',
    'root/b.yaml:8:1 Thing default/one: The resource is defined in root/a/z.yaml:2 too, which counts; remove one of the two.',
  ]);
  await place.remove('a/z.yaml');
  t.deepEqual((await store.get(thingRef('one')))?.spec, { from: 'b' });
});

test('a resource without a namespace gets the default one, unless its kind has none', async (t) => {
  const place = await Place.make(t);
  await place.write(
    'a.yaml',
    'apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: one}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
  );
  const store = place.open({ defaultNamespace: 'shop' });
  t.is((await store.get({ ...THING, name: 'one' }))?.metadata.namespace, 'shop');
  t.is((await store.get({ ...THING, name: 'one', namespace: 'shop' }))?.metadata.name, 'one');
  const namespace = await store.get({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' });
  t.is(namespace?.metadata.namespace, undefined);
  await store.patch({ ...THING, name: 'one' }, { spec: { a: 1 } });
  t.false((await place.read('a.yaml')).includes('namespace:'));
});

test('kinds are listed with what is known of them', async (t) => {
  const place = await Place.make(t);
  await place.write(
    'a.yaml',
    [
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}',
      'apiVersion: v1\nkind: Policy\nmetadata: {name: a, namespace: x}',
      'apiVersion: v1\nkind: Bus\nmetadata: {name: a}',
      'apiVersion: x.org/v1\nkind: Pod\nmetadata: {name: a, namespace: x}',
    ].join('\n---\n'),
  );
  const store = place.open({ clusterScoped: ['Namespace', 'Pod.x.org'] });
  t.deepEqual(
    (await store.kinds()).toSorted((a, b) => (a.kind < b.kind ? -1 : 1)),
    [
      { apiVersion: 'v1', kind: 'Bus', plural: 'buses', namespaced: false },
      { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
      { apiVersion: 'x.org/v1', kind: 'Pod', plural: 'pods', namespaced: false },
      { apiVersion: 'v1', kind: 'Policy', plural: 'policies', namespaced: true },
    ],
  );
  t.deepEqual(await store.kind({ apiVersion: 'v1', kind: 'Unseen' }), {
    apiVersion: 'v1',
    kind: 'Unseen',
    plural: 'unseens',
    namespaced: true,
  });
});

test('uid and revision are shown and never written; the author may give a uid', async (t) => {
  const place = await Place.make(t);
  const text = thing('one', '{}');
  await place.write(
    'a.yaml',
    `${text}---\n${thing('two', '{}').replace('name: two', 'name: two\n  uid: my-own\n  resourceVersion: "7"')}`,
  );
  const store = place.open();
  const one = await store.get(thingRef('one'));
  t.regex(one?.metadata.uid ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  t.is((await place.open().get(thingRef('one')))?.metadata.uid, one?.metadata.uid);
  const two = await store.get(thingRef('two'));
  t.is(two?.metadata.uid, 'my-own');
  t.not(two?.metadata.resourceVersion, '7');
  await store.patch(thingRef('one'), { spec: { a: 1 }, metadata: { uid: 'x', resourceVersion: 'y', generation: 3 } });
  const written = await place.read('a.yaml');
  t.false(written.includes(one?.metadata.uid ?? ''));
  t.false(written.includes('generation'));
});

test('a comment, the order of keys and white space are no change', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{a: 1, b: 2}'));
  const store = place.open();
  const before = await store.get(thingRef('one'));
  await place.write('a.yaml', `# new\n${thing('one', '\n  b: 2\n  a: 1 # same')}`);
  t.is((await store.get(thingRef('one')))?.metadata.resourceVersion, before?.metadata.resourceVersion);
});

test('a definition knows its file, and where in it each field stands', async (t) => {
  const place = await Place.make(t);
  await place.write(
    'sub/a.yaml',
    `---\n${thing('zero', '{}')}---\n# comment\n${thing('one', '\n  deep:\n    field: |\n      one\n      two')}`,
  );
  const origins = async (): Promise<void> => {
    const events = store
      .watch(THING)
      .pipe(
        filter(
          (event): event is StoreEvent & { type: 'added' } =>
            event.type === 'added' && event.resource.metadata.name === 'one',
        ),
      );
    const { origin } = await firstValueFrom(events);
    t.is(origin?.file, 'root/sub/a.yaml');
    t.deepEqual(origin?.locate?.(['spec', 'deep', 'field']), { line: 17, column: 12 });
    t.deepEqual(origin?.locate?.(['spec', 'deep', 'field'], { line: 2, column: 2 }), { line: 19, column: 8 });
    t.deepEqual(origin?.locateKey?.(['spec', 'deep', 'field']), { line: 17, column: 5 });
  };
  const store = place.open();
  await origins();
  // Now from memory, without the first look at the file.
  await origins();
});

test('links to files inside are read once; links to folders, and to anything outside, are not followed', async (t) => {
  const place = await Place.make(t);
  const outside = join(place.base, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'secret.yaml'), thing('secret', '{}'));
  await place.write('..data/mounted.yaml', thing('mounted', '{}'));
  await place.write('plain.yaml', thing('plain', '{}'));
  await symlink('..data/mounted.yaml', join(place.root, 'mounted.yaml'));
  await symlink('plain.yaml', join(place.root, 'alias.yaml'));
  await symlink(outside, join(place.root, 'folder'));
  await symlink(join(outside, 'secret.yaml'), join(place.root, 'leak.yaml'));
  await symlink(join(place.root, 'nowhere.yaml'), join(place.root, 'dangling.yaml'));
  const store = place.open();
  const { items } = await store.list(THING);
  t.deepEqual(items.map(({ metadata }) => metadata.name).toSorted(), ['mounted', 'plain']);
  const { problems } = await healthOf(store, ({ state }) => state !== 'starting');
  t.deepEqual(
    problems.map(({ code, location }) => [code, location?.file]),
    [
      ['file-unreadable', 'root/dangling.yaml'],
      ['file-unreadable', 'root/leak.yaml'],
    ],
  );
});

test('a folder that is not there holds nothing, and is made by the first write', async (t) => {
  const place = await Place.make(t);
  const store = place.open({ root: 'root/not/yet' });
  t.deepEqual((await store.list(THING)).items, []);
  t.deepEqual(await healthOf(store, ({ state }) => state !== 'starting'), { state: 'healthy', problems: [] });
  await store.create({ ...THING, metadata: { name: 'one' } });
  t.deepEqual(await place.manifests(), ['not/yet/Thing/one.yaml']);
});
