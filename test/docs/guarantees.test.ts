import { readFileSync } from 'node:fs';
import test from 'ava';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/guarantees.md', root), 'utf8');

test('every promise names a test that is there', (t) => {
  const rows = [...page.matchAll(/^\| .* \| `(test\/[^`]+)`: (.+) \|$/gm)];
  t.true(rows.length > 15);
  t.is(rows.length, [...page.matchAll(/^\| (?!promise)/gm)].length, 'each row has both');
  for (const [, file = '', title = ''] of rows) {
    t.true(readFileSync(new URL(file, root), 'utf8').includes(`'${title}'`), `${file}: ${title}`);
  }
});
