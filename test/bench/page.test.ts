import { readFileSync } from 'node:fs';
import test from 'ava';
import { GROUPS } from '../../bench/groups.js';
import { inProject } from '../../bench/harness/project.js';
import { withTables } from '../../bench/page/page.js';

const page = readFileSync(inProject('docs/performance.md'), 'utf8');

test('the page on performance says what the results that are kept say', (t) => {
  t.is(withTables(page), page, 'npm run bench -- --write-docs');
});

test('the page has a place for each group of benchmarks, and for the targets', (t) => {
  for (const name of ['targets', 'original', ...GROUPS.map((group) => group.name)]) {
    t.true(page.includes(`<!-- bench: ${name} -->`), name);
  }
});

test('results name the kind of machine, and nothing that would find it', (t) => {
  for (const { name } of GROUPS) {
    const results = withTables(`<!-- bench: ${name} -->\n<!-- /bench -->`);
    t.notRegex(results, /\/(home|tmp|work|root)\b/);
  }
});
