import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { follow } from '../support/transcript.js';
import { copyExample } from './support/example.js';

for (const name of ['hello', 'shop', 'platform']) {
  test.serial(`${name}: its README shows what is really printed`, async (t) => {
    const folder = copyExample(t, name);
    await follow(t, readFileSync(join(folder, 'README.md'), 'utf8'), folder);
  });
}
