import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const root = new URL('../../../', import.meta.url);
const page = await readFile(new URL('docs/embedding.md', root), 'utf8');

function block(language: string): string {
  return page.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';
}

test('the program on the page is the one in examples', async (t) => {
  t.is(block('ts'), await readFile(new URL('examples/embedding/invoices.ts', root), 'utf8'));
});

test('it prints what the page says', async (t) => {
  const program = fileURLToPath(new URL('dist/examples/embedding/invoices.js', root));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program]);
  t.is(stdout, block('text'));
  t.is(stderr, '');
});
