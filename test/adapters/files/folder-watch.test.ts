import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type FolderWatchOptions, watchFolder } from '../../../adapters/files/folder-watch.js';
import { tempFolder } from '../../support/temp-folder.js';

/** For the operating system to tell. */
const DEADLINE_MS = 10_000;

/** What a watch has told, and a way to wait for it. */
class Told {
  readonly #paths: string[] = [];
  #wake: () => void = () => undefined;

  constructor(t: ExecutionContext, options: FolderWatchOptions) {
    const subscription = watchFolder(options).subscribe((path) => {
      this.#paths.push(path);
      this.#wake();
    });
    t.teardown(() => subscription.unsubscribe());
  }

  has(path: string): boolean {
    return this.#paths.includes(path);
  }

  /** Does what is to be told, and resolves when the path is told after that. */
  async next(path: string, cause: () => void = () => undefined): Promise<void> {
    const known = this.#paths.length;
    cause();
    const deadline = Date.now() + DEADLINE_MS;
    while (!this.#paths.slice(known).includes(path)) {
      if (Date.now() > deadline) throw new Error(`waited in vain for "${path}"; told: ${this.#paths.join(', ')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

test('what happens to files is told by their paths', async (t) => {
  const folder = tempFolder(t, { 'a.json': '1', 'deep/b.json': '1' });
  const told = new Told(t, { path: folder });
  await told.next('');
  await told.next('a.json', () => writeFileSync(join(folder, 'a.json'), '2'));
  await told.next('deep/b.json', () => writeFileSync(join(folder, 'deep/b.json'), '2'));
  await told.next('c.json', () => writeFileSync(join(folder, 'c.json'), '1'));
  await told.next('d.json', () => renameSync(join(folder, 'c.json'), join(folder, 'd.json')));
  await t.notThrowsAsync(told.next('d.json', () => rmSync(join(folder, 'd.json'))));
});

for (const path of ['later', 'much/later']) {
  test(`a folder that is not there yet is watched from when it is: ${path}`, async (t) => {
    const parent = tempFolder(t);
    const folder = join(parent, path);
    const told = new Told(t, { path: folder, depth: 0 });
    await told.next('');
    await told.next('', () => mkdirSync(folder, { recursive: true }));
    await t.notThrowsAsync(told.next('a.json', () => writeFileSync(join(folder, 'a.json'), '1')));
  });
}

test('a folder that is removed and made anew is watched again', async (t) => {
  const folder = join(tempFolder(t, { 'here/a.json': '1' }), 'here');
  const told = new Told(t, { path: folder });
  await told.next('');
  await told.next('', () => rmSync(folder, { recursive: true }));
  await told.next('', () => mkdirSync(folder));
  await t.notThrowsAsync(told.next('b.json', () => writeFileSync(join(folder, 'b.json'), '1')));
});

test('what lies deeper than the depth, or is ignored, is not told', async (t) => {
  const folder = tempFolder(t, { 'deep/a.json': '1', 'hidden/b.json': '1' });
  const flat = new Told(t, { path: folder, depth: 0 });
  const picky = new Told(t, { path: folder, ignores: (path) => path === 'hidden' });
  await Promise.all([flat.next(''), picky.next('')]);
  const change = (path: string) => () => writeFileSync(join(folder, path), '2');
  await picky.next('deep/a.json', change('deep/a.json'));
  change('hidden/b.json')();
  await Promise.all([flat.next('mark', change('mark')), picky.next('mark', change('mark'))]);
  t.false(flat.has('deep/a.json'));
  t.false(picky.has('hidden/b.json'));
});
