import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { ConflictError } from 'koreo-kernel';
import { nodeFileSystem } from '../../../adapters/files/file-system.js';
import { type Step, stagedDisk } from '../files/staged-disk.js';
import { Place, thing, thingRef } from './place.js';

/** Ways in which editors save. */
const saves: Readonly<Record<string, (path: string, text: string) => Promise<void>>> = {
  'in place': (path, text) => writeFile(path, text),
  'by renaming': async (path, text) => {
    await writeFile(`${path}.editor`, text);
    await rename(`${path}.editor`, path);
  },
  'with a backup': async (path, text) => {
    await rename(path, `${path}.backup`);
    await writeFile(path, text);
  },
};

const BEFORE = `# mine\n${thing('one', '\n  size: 1\n  colour: red')}---\n${thing('two', '{n: 1}')}`;
const SAVED = BEFORE.replace('# mine', '# edited').replace('colour: red', 'colour: blue');

for (const [way, save] of Object.entries(saves)) {
  test(`what an editor saves ${way} between any two steps of a patch is kept, and so is the patch`, async (t) => {
    const place = await Place.make(t);
    const path = join(place.root, 'a.yaml');
    for (let saveAt = 0, saved = true; saved; saveAt += 1) {
      await place.write('a.yaml', BEFORE);
      let step = 0;
      let saving: Promise<void> | undefined;
      saved = false;
      let isAfterwards = false;
      const disk = stagedDisk(async ({ call, paths }: Step) => {
        // Every step waits for the save. Right before the renaming there is nothing left that could be looked at.
        if (saving === undefined && step++ >= saveAt && (call !== 'rename' || way === 'in place')) {
          saved = true;
          saving = save(path, SAVED);
        }
        await saving;
        if (call === 'rename' && paths[1] === path && !saved) isAfterwards = true;
      });
      const store = place.open({}, { fileSystem: disk });
      await store.patch(thingRef('one'), { spec: { size: 2 } });
      // An editor that comes when the patch is done saves what it has, as editors do.
      const expected = saved && isAfterwards ? SAVED : (saved ? SAVED : BEFORE).replace('size: 1', 'size: 2');
      t.is(await place.read('a.yaml'), expected, `step ${saveAt}`);
      await store.close();
    }
  });
}

test('a patch with the revision that was read conflicts with what an editor saves meanwhile', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', BEFORE);
  const read = await place.open().get(thingRef('one'));
  let armed = true;
  const disk = stagedDisk(async ({ call }) => {
    if (!armed || call !== 'file.write') return;
    armed = false;
    await writeFile(join(place.root, 'a.yaml'), SAVED);
  });
  // The lock's own file is the first that is written; the manifest's is the second.
  const revision = read?.metadata.resourceVersion ?? '';
  const store = place.open({}, { fileSystem: disk });
  await t.throwsAsync(store.patch(thingRef('one'), { spec: { size: 2 } }, { revision }), { instanceOf: ConflictError });
  t.is(await place.read('a.yaml'), SAVED);
});

test('an editor that changes another document does not conflict, and both changes are kept', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', BEFORE);
  const store = place.open();
  const revision = (await store.get(thingRef('one')))?.metadata.resourceVersion ?? '';
  await place.write('a.yaml', BEFORE.replace('{n: 1}', '{n: 2}'));
  await store.patch(thingRef('one'), { spec: { size: 2 } }, { revision });
  t.is(await place.read('a.yaml'), BEFORE.replace('{n: 1}', '{n: 2}').replace('size: 1', 'size: 2'));
});

test('a patch waits for an editor that is in the middle of saving', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', BEFORE);
  const path = join(place.root, 'a.yaml');
  const half = `# edited\n${thing('one', '\n  size: 1')}`;
  let time = 0;
  let pauses = 0;
  const pause = async (): Promise<void> => {
    pauses += 1;
    await writeFile(path, SAVED);
  };
  const store = place.open({}, { fileSystem: { ...nodeFileSystem, now: () => time, pause } });
  await store.get(thingRef('one'));
  await writeFile(path, half);
  time = Math.ceil((await stat(path)).ctimeMs);
  await store.patch(thingRef('one'), { spec: { size: 2 } });
  t.true(pauses > 0);
  t.is(await place.read('a.yaml'), SAVED.replace('size: 1', 'size: 2'));
});

test('status is told while an editor saves, and touches nothing of his', async (t) => {
  const place = await Place.make(t);
  await place.write('a.yaml', BEFORE);
  const store = place.open();
  await Promise.all(
    Array.from({ length: 10 }, async (_, n) => {
      await writeFile(join(place.root, 'a.yaml'), n % 2 === 0 ? SAVED : BEFORE);
      await store.patchStatus(thingRef('one'), { status: { [`s${n}`]: n } });
    }),
  );
  await writeFile(join(place.root, 'a.yaml'), SAVED);
  t.is(Object.keys((await store.get(thingRef('one')))?.status ?? {}).length, 10);
  t.is(await place.read('a.yaml'), SAVED);
});
