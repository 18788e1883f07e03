import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** How codes stand in the sources: as the field of an error or a problem, or as the first argument of what records one. */
const CODE =
  /(?:readonly code(?:: [\w']+)? = |\bcode: |\breport(?:Key)?\(\s*|#problem\(\s*|#complain(?:Once)?\(\s*|this\.#record\(\s*)'([a-z]+(?:-[a-z]+)*)'/g;
/** Calls of the same form that record something else: what a plug-in registers. */
const NO_CODES = new Set(['engine', 'function', 'observer']);

function codesInSources(): string[] {
  const rooms = ['kernel', 'plugins', 'adapters', 'config', 'cli'];
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, room, name)),
  );
  const codes = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(CODE)].map(([, code = '']) => code));
  return [...new Set(codes)].filter((code) => !NO_CODES.has(code)).sort();
}

function codesOnPage(): string[] {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  const firstCells = page.split('\n').flatMap((line) => /^\| (`[^|]*) \|/.exec(line)?.[1] ?? []);
  return [
    ...new Set(firstCells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => code))),
  ].sort();
}

test('every code that can be met is on the page of errors, and nothing else is', (t) => {
  const codes = codesInSources();
  t.true(codes.length > 30);
  const onPage = codesOnPage();
  t.deepEqual(
    codes.filter((code) => !onPage.includes(code)),
    [],
    'missing on the page',
  );
  t.deepEqual(
    onPage.filter((code) => !codes.includes(code)),
    [],
    'only on the page',
  );
});
