import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  AlreadyExistsError,
  ForbiddenError,
  InvalidResourceError,
  type Resource,
  UnavailableError,
} from 'koreo-kernel';
import { fc } from '../../support/property.js';
import { crashingDisk } from '../files/staged-disk.js';
import { Place, THING, thing, thingRef } from './place.js';

function resource(name: string, spec: Resource['spec'] = {}, namespace = 'default'): Resource {
  return { ...THING, metadata: { name, namespace }, spec };
}

test('a new resource goes where the pattern says, as people would write it', async (t) => {
  const place = await Place.make(t);
  const store = place.open();
  await store.create({
    spec: { b: 1, a: null, list: [1, { x: 'yes' }], text: 'one\ntwo\n', empty: {} },
    metadata: {
      labels: { app: 'web' },
      annotations: {},
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '1',
      name: 'web',
      ownerReferences: [],
    },
    kind: 'Thing',
    apiVersion: 'example.org/v1',
  });
  t.deepEqual(await place.manifests(), ['shop/Thing/web.yaml']);
  t.is(
    await place.read('shop/Thing/web.yaml'),
    `apiVersion: example.org/v1
kind: Thing
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  b: 1
  list:
    - 1
    - x: "yes"
  text: |
    one
    two
  empty: {}
`,
  );
});

test('a segment of the pattern that would be empty is left out, and every placeholder is filled', async (t) => {
  const place = await Place.make(t);
  await place.open().create({ ...THING, metadata: { name: 'one' } });
  await place.open({ pattern: '{group}/{version}/{namespace}/{kind}.{name}.yml' }).create(resource('two'));
  await place
    .open({ pattern: 'all/{name}.json' })
    .create({ apiVersion: 'v1', kind: 'Core', metadata: { name: 'three' } });
  t.deepEqual(await place.manifests(), ['Thing/one.yaml', 'all/three.json', 'example.org/v1/default/Thing.two.yml']);
  t.is(
    await place.read('all/three.json'),
    '{\n  "apiVersion": "v1",\n  "kind": "Core",\n  "metadata": {\n    "name": "three"\n  }\n}\n',
  );
});

test('a pattern that gives several resources one path puts them into one file, each a document', async (t) => {
  const place = await Place.make(t);
  await place.write('things.yaml', '# all things\n');
  const store = place.open({ pattern: '{kind}s.yaml' });
  await place.write('Things.yaml', `# by hand\n${thing('zero', '{}')}`);
  await store.create(resource('one'));
  await store.create(resource('two'));
  t.is(
    await place.read('Things.yaml'),
    `# by hand\n${thing('zero', '{}')}---\n${thing('one', '{}')}---\n${thing('two', '{}')}`,
  );
  t.is((await store.list(THING)).items.length, 3);
  const inJson = place.open({ pattern: 'things.json' });
  await inJson.create(resource('three'));
  await t.throwsAsync(inJson.create(resource('four')), { instanceOf: InvalidResourceError, message: /things\.json/ });
});

test('a resource that is there in any file is there already', async (t) => {
  const place = await Place.make(t);
  const store = place.open();
  await store.list(THING);
  await place.write('elsewhere.yaml', thing('one', '{}'));
  await t.throwsAsync(store.create(resource('one')), { instanceOf: AlreadyExistsError });
  t.deepEqual(await place.manifests(), ['elsewhere.yaml']);
});

test('nothing is written to a file that cannot be read whole', async (t) => {
  const place = await Place.make(t);
  const store = place.open({ pattern: 'all.yaml' });
  const text = `${thing('one', '{a: 1}')}---\nkind: [\n---\n${thing('two', '{}')}`;
  await place.write('all.yaml', thing('one', '{a: 1}'));
  await store.list(THING);
  await place.write('all.yaml', 'kind: [\n');
  await t.throwsAsync(store.create(resource('three')), { instanceOf: UnavailableError, message: /root\/all\.yaml/ });
  await t.throwsAsync(store.patch(thingRef('one'), { spec: { a: 2 } }), { instanceOf: UnavailableError });
  t.is(await place.read('all.yaml'), 'kind: [\n');
  // What is readable in it can be changed.
  await place.write('all.yaml', text);
  await store.patch(thingRef('one'), { spec: { a: 2 } });
  t.is(await place.read('all.yaml'), text.replace('a: 1', 'a: 2'));
});

test('a patch changes its document alone, and in it only what changes', async (t) => {
  const place = await Place.make(t);
  const others = [
    `# Who: team shop\n${thing('before', "{quoted: 'a',   spaced: 1}")}...\n# between\n---\n`,
    `---\n# odd  indentation\napiVersion:   example.org/v1\nkind: Thing\nmetadata:\n      name: after\n      namespace: default\n`,
  ] as const;
  const text = `${others[0]}${thing('one', "\n  size: 1 # small\n  name: 'x'\n  list:\n  - a # first\n  - b")}${others[1]}`;
  await place.write('all.yaml', text);
  const store = place.open();
  await store.patch(thingRef('one'), { spec: { size: 2, name: 'y', more: { deep: true } } });
  t.is(
    await place.read('all.yaml'),
    text
      .replace('size: 1 # small', 'size: 2 # small')
      .replace("name: 'x'", "name: 'y'")
      .replace('  - b\n', '  - b\n  more:\n    deep: true\n'),
  );
});

test('a patch of a JSON file keeps its form', async (t) => {
  const place = await Place.make(t);
  const text =
    '{\n    "kind": "Thing", "apiVersion": "example.org/v1",\n    "metadata": {"name": "one", "namespace": "default"},\n    "spec": {\n        "a": 1,\n        "b": [1, 2]\n    }\n}';
  await place.write('one.json', text);
  await place.open().patch(thingRef('one'), { spec: { a: 2, c: { d: 1 } } });
  t.is(
    await place.read('one.json'),
    text.replace('"a": 1', '"a": 2').replace('[1, 2]\n', '[1, 2],\n        "c": {"d": 1}\n'),
  );
});

test('a patch that changes nothing does not touch the file', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{a: 1, b: [1]}'));
  const store = place.open();
  await store.patchStatus(thingRef('one'), { status: { s: 1 }, annotations: { n: 'x' } });
  const before = await stat(join(place.root, 'a.yaml'));
  const files = await place.files();
  const seen = await store.get(thingRef('one'));
  if (seen === undefined) return t.fail();
  await store.apply(seen);
  await store.patch(thingRef('one'), {
    spec: { a: 1, never: null },
    status: { s: 1 },
    metadata: { annotations: { n: 'x' } },
  });
  await store.patchStatus(thingRef('one'), { status: { s: 1 } });
  t.like(await stat(join(place.root, 'a.yaml')), { ino: before.ino, mtimeMs: before.mtimeMs, ctimeMs: before.ctimeMs });
  t.deepEqual(await place.files(), files);
});

test('what changes and what does not is counted in steps of the disk: nothing in a steady state changes anything but locks', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{a: 1}'));
  const { disk, steps } = crashingDisk(Number.POSITIVE_INFINITY);
  const store = place.open({}, { fileSystem: disk });
  await store.patchStatus(thingRef('one'), { status: { s: 1 } });
  const before = steps().length;
  for (let round = 0; round < 3; round += 1) {
    await store.get(thingRef('one'));
    await store.list(THING);
    await store.patch(thingRef('one'), { spec: { a: 1 } });
    await store.patchStatus(thingRef('one'), { status: { s: 1 } });
  }
  const changes = steps()
    .slice(before)
    .filter(({ changes }) => changes);
  t.deepEqual(
    changes.filter(({ paths }) => !paths.every((path) => path.includes('/.koreo/locks/'))),
    [],
  );
});

test('the mode of a file stays', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{a: 1}'));
  await chmod(join(place.root, 'a.yaml'), 0o600);
  await place.open().patch(thingRef('one'), { spec: { a: 2 } });
  t.is((await stat(join(place.root, 'a.yaml'))).mode & 0o777, 0o600);
});

test('delete takes the document, the file with the last of them, and the folders that are left empty', async (t) => {
  const place = await Place.make(t);
  const store = place.open();
  await place.write(
    'x/y/all.yaml',
    `# top\n${thing('one', '{}')}---\n${thing('two', '{}')}---\n# three\n${thing('three', '{}')}`,
  );
  await place.write('x/keep.txt', 'not ours');
  await store.delete(thingRef('two'));
  t.is(await place.read('x/y/all.yaml'), `# top\n${thing('one', '{}')}---\n# three\n${thing('three', '{}')}`);
  await store.delete(thingRef('one'));
  t.is(await place.read('x/y/all.yaml'), `---\n# three\n${thing('three', '{}')}`);
  await store.delete(thingRef('three'));
  t.deepEqual(await place.manifests(), ['x/keep.txt']);
  t.deepEqual(await readdir(join(place.root, 'x')), ['keep.txt']);
});

test('delete of a resource that is defined twice takes the one that counts', async (t) => {
  const place = await Place.make(t);
  const store = place.open();
  await place.write('a.yaml', thing('one', '{from: a}'));
  await place.write('b.yaml', thing('one', '{from: b}'));
  await store.patchStatus(thingRef('one'), { status: { s: 1 } });
  await store.delete(thingRef('one'));
  t.deepEqual(await place.manifests(), ['b.yaml']);
  t.like(await store.get(thingRef('one')), { spec: { from: 'b' }, status: { s: 1 } });
});

test('a store that is read-only refuses every write, and leaves no trace', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{a: 1}'));
  const store = place.open({ readOnly: true });
  for (const write of [
    () => store.create(resource('two')),
    () => store.apply(resource('one', { a: 2 })),
    () => store.patch(thingRef('one'), { spec: { a: 2 } }),
    () => store.patchStatus(thingRef('one'), { status: { s: 1 } }),
    () => store.delete(thingRef('one')),
  ]) {
    await t.throwsAsync(write(), { instanceOf: ForbiddenError });
  }
  t.like(await store.get(thingRef('one')), { spec: { a: 1 } });
  t.deepEqual(await place.files(), ['a.yaml']);
});

test('a pattern whose path the store would not read again is refused', async (t) => {
  const place = await Place.make(t);
  const store = place.open({ ignore: ['default/**'] });
  await t.throwsAsync(store.create(resource('one')), { instanceOf: InvalidResourceError, message: /ignore/ });
  await store.create(resource('one', {}, 'node_modules'));
  t.is((await store.get(thingRef('one', 'node_modules')))?.metadata.namespace, 'node_modules');
});

test('status in the manifest is a small edit of it, and leaves no side file', async (t) => {
  const place = await Place.make(t);
  const text = `# mine\n${thing('one', '{a: 1} # spec')}`;
  await place.write('a.yaml', text);
  const store = place.open({ status: 'inline' });
  await store.patchStatus(thingRef('one'), { status: { ready: true }, annotations: { 'koreo.dev/x': 'value' } });
  t.is(
    await place.read('a.yaml'),
    `${text.replace('  namespace: default\n', '  namespace: default\n  annotations:\n    koreo.dev/x: value\n')}status:\n  ready: true\n`,
  );
  t.deepEqual(await place.files(), ['a.yaml']);
});

test('records of resources that went away unseen are removed, but not those that another store with the same root has', async (t) => {
  const place = await Place.make(t);
  for (const name of ['kept', 'gone', 'other/others'])
    await place.write(`${name}.yaml`, thing(name.replace('/', '-'), '{}'));
  const first = place.open();
  for (const name of ['kept', 'gone', 'other-others'])
    await first.patchStatus(thingRef(name), { status: { of: name } });
  await first.close();
  await place.remove('gone.yaml');
  await place.open({ ignore: ['other'] }).list(THING);
  const records = (await place.files()).filter((path) => path.startsWith('.koreo/status/'));
  t.deepEqual(
    records.map((path) => path.replace(/.*\/(.*)~.*/, '$1')),
    ['kept', 'other-others'],
  );
});

test('a record outlives a file that cannot be read for a while', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', thing('one', '{}'));
  const first = place.open();
  await first.patchStatus(thingRef('one'), { status: { s: 1 } });
  await first.close();
  await place.write('a.yaml', 'kind: [\n');
  await place.open({ settleMs: 0 }).list(THING);
  await place.write('a.yaml', thing('one', '{}'));
  t.deepEqual((await place.open().get(thingRef('one')))?.status, { s: 1 });
});

test('whatever documents a file holds, a patch of one leaves the others byte for byte', async (t) => {
  const place = await Place.make(t);
  const noise = fc.constantFrom('', '# comment\n', '\n\n', '---\n# alone\n', '...\n');
  const spec = fc.constantFrom(
    '{a: 1}',
    '\n  a: 1 # c',
    '\n    a:   1\n    b: |\n      x\n\n      y',
    '{ \'a\': 1, "b": [ 1,2 ] }',
    '&x {a: 1}',
  );
  const documents = fc.array(fc.tuple(noise, spec), { minLength: 1, maxLength: 4 });
  const store = place.open();
  await fc.assert(
    fc.asyncProperty(documents, fc.nat(), fc.integer(), async (parts, seed, value) => {
      const texts = parts.map(([prelude, text], index) => `${prelude}---\n${thing(`n${index}`, text)}`);
      const chosen = seed % parts.length;
      await writeFile(join(place.root, 'all.yaml'), texts.join(''));
      const written = await store.patch(thingRef(`n${chosen}`), { spec: { a: value } });
      t.like(written.spec, { a: value });
      const after = await place.read('all.yaml');
      const [before, behind] = [texts.slice(0, chosen).join(''), texts.slice(chosen + 1).join('')];
      t.true(after.startsWith(before));
      t.true(after.endsWith(behind));
      t.deepEqual(await place.open().get(thingRef(`n${chosen}`)), written);
    }),
    { numRuns: 40 },
  );
});
