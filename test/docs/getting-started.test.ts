import { readFileSync } from 'node:fs';
import test from 'ava';
import { tempFolder } from '../support/temp-folder.js';
import { follow } from '../support/transcript.js';

test('getting started: all that it asks for can be done, and prints what it shows', async (t) => {
  t.timeout(120_000);
  const page = readFileSync(new URL('../../../docs/getting-started.md', import.meta.url), 'utf8');
  await follow(t, page, tempFolder(t));
});
