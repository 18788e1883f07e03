import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { InvalidResourceError, type ResourceRef, StoreError } from 'koreo-kernel';
import { ManifestWalk } from '../../../adapters/file-system/manifest-walk.js';
import { completeOptions, FILE_SYSTEM_OPTIONS } from '../../../adapters/file-system/options.js';
import { fillPattern } from '../../../adapters/file-system/path-pattern.js';
import { Folder } from '../../../adapters/files/folder.js';
import { fc } from '../../support/property.js';
import { Place, THING, thing } from './place.js';

const EVIL = [
  '..',
  '../..',
  '../../outside/x',
  '/etc/passwd',
  'a/../../b',
  'nul\0byte',
  '.git/config',
  '..\\..\\x',
  'C:\\x',
  '~root',
  '%2e%2e%2f',
  '',
  ' ',
  '.',
  'con',
  'a\nb',
];

test('whatever the names, the path of a new resource is inside, is read again, and belongs to no other names', (t) => {
  const walk = new ManifestWalk(new Folder('/nowhere'), [], (path) => path);
  const name = fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: 'binary', maxLength: 200 }));
  const ref: fc.Arbitrary<ResourceRef> = fc.record({
    apiVersion: name,
    kind: name.filter((kind) => kind !== ''),
    name: name.filter((one) => one !== ''),
    namespace: name,
  });
  const paths = new Map<string, string>();
  fc.assert(
    fc.property(ref, (one) => {
      const path = fillPattern('{group}/{version}/{namespace}/{kind}/{name}.yaml', one);
      t.true(walk.isManifestPath(path), path);
      t.regex(path, /^[A-Za-z0-9_][A-Za-z0-9._~/-]*\.yaml$/);
      t.true(path.split('/').every((segment) => segment !== '' && !segment.startsWith('.') && segment.length < 110));
      const known = paths.get(`${one.namespace === ''} ${path}`);
      const names = JSON.stringify([one.apiVersion, one.kind, one.namespace, one.name]);
      t.true(known === undefined || known === names);
      paths.set(`${one.namespace === ''} ${path}`, names);
    }),
    { numRuns: 2000 },
  );
});

test('nothing outside of the root is written, whatever a resource is called and wherever links lead', async (t) => {
  const place = await Place.make(t);
  const outside = join(place.base, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'victim.yaml'), thing('victim', '{safe: true}'));
  // Folders and files of names that the store is going to use lead out.
  for (const [target, link] of [
    [outside, 'default'],
    [outside, '.koreo'],
    [join(outside, 'victim.yaml'), 'flat.yaml'],
    [join(outside, 'not-yet.yaml'), 'dangling.yaml'],
  ] as const) {
    await symlink(target, join(place.root, link));
  }
  const resource = { ...THING, metadata: { name: 'one', namespace: 'default' } };
  for (const pattern of ['{namespace}/{name}.yaml', 'flat.yaml', 'dangling.yaml', 'default/new/{name}.yaml']) {
    await t.throwsAsync(place.open({ pattern }).create(resource), { instanceOf: InvalidResourceError }, pattern);
  }
  const store = place.open();
  for (const name of EVIL.filter((one) => one !== '')) {
    for (const call of [
      () => store.create({ ...THING, metadata: { name, namespace: name } }),
      () => store.patchStatus({ ...THING, name, namespace: name }, { status: { a: 1 } }),
      () => store.delete({ ...THING, name, namespace: name }),
    ]) {
      const error = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      t.true(error === undefined || error instanceof StoreError, String(error));
    }
  }
  t.deepEqual(await readdir(outside), ['victim.yaml']);
  t.is(await readFile(join(outside, 'victim.yaml'), 'utf8'), thing('victim', '{safe: true}'));
  t.deepEqual((await readdir(place.base)).toSorted(), ['outside', 'root']);
});

test('nothing outside of the root is read, listed or told of', async (t) => {
  const place = await Place.make(t);
  const outside = join(place.base, 'outside');
  await mkdir(join(outside, 'deep'), { recursive: true });
  await writeFile(join(outside, 'secret.yaml'), thing('secret', '{password: hunter2}'));
  await writeFile(join(outside, 'deep', 'secret.yaml'), 'password: [hunter2');
  await symlink(outside, join(place.root, 'folder'));
  await symlink(join(outside, 'secret.yaml'), join(place.root, 'file.yaml'));
  await symlink(join(outside, 'deep', 'secret.yaml'), join(place.root, 'broken.yaml'));
  const store = place.open({ settleMs: 0 });
  t.deepEqual((await store.list(THING)).items, []);
  t.is(await store.get({ ...THING, name: 'secret', namespace: 'default' }), undefined);
  const told = await new Promise((resolve) =>
    store.health.subscribe(({ state, problems }) => state !== 'starting' && resolve(problems)),
  );
  t.false(JSON.stringify(told).includes('hunter2'));
});

test('a pattern that leads out, or to what is not read, is refused by the schema', (t) => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(FILE_SYSTEM_OPTIONS);
  for (const pattern of [
    '../{name}.yaml',
    '/{name}.yaml',
    'a/../{name}.yaml',
    '.hidden/{name}.yaml',
    'a/.b/{name}.yaml',
    '{nme}.yaml',
    '{name}',
    '{name}.txt',
    'a\\{name}.yaml',
    '',
  ]) {
    t.false(validate({ pattern }), pattern);
  }
  for (const pattern of [
    '{namespace}/{kind}/{name}.yaml',
    'all.yaml',
    '{group}-{version}/x_{name}.koreo',
    'a..b/{name}.k.yaml',
    '{kind}.json',
  ]) {
    t.true(validate({ pattern }), pattern);
  }
  t.true(validate({}));
  t.true(validate({ ...completeOptions({}) }));
  t.false(validate({ unknown: 1 }));
});
