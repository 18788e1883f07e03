import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';
import { follow } from '../support/transcript.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('plug-ins: all that the page builds can be built outside of this project, works, and fails as it says', async (t) => {
  t.timeout(300_000);
  const folder = tempFolder(t);
  // In place of `npm install`: what is installed is this project itself, and what it was built with.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/koreo-kernel'));
  for (const name of ['@types', 'typescript']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  await follow(t, readFileSync(join(root, 'docs/plugins.md'), 'utf8'), folder);

  // What the page says in words: definitions that use a function, a handler, a store and a language stay hot in a loop that runs.
  const running = startKoreo(t, ['run'], { cwd: folder });
  const about = (): string => readFileSync(join(folder, 'shared/zoe-o-hara/about.txt'), 'utf8');
  await running.until(({ stdout }) => stdout.includes('Ready'), 60_000);
  t.is(about(), "Zoë O'Hara works with Boats.");
  edit(folder, 'definitions/person.koreo', 'works with', 'looks after');
  await running.until(() => about().includes('looks after'), 60_000);
  edit(folder, 'definitions/login.koreo', 'inputs.name, 12', 'inputs.name, 3');
  await running.until(() => existsSync(join(folder, 'shared/zoe/about.txt')), 60_000);
  edit(folder, 'people.json', 'Boats', 'Ships');
  await running.until(() => readFileSync(join(folder, 'shared/zoe/about.txt'), 'utf8').includes('Ships'), 60_000);
  running.process.kill('SIGTERM');
  await running.ended;
});

function edit(folder: string, path: string, from: string, to: string): void {
  const file = join(folder, path);
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}
