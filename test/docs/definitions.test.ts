import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  asResource,
  Catalog,
  DEFINITION_KINDS,
  type DefinitionLookup,
  formatProblem,
  parseDocuments,
  problemsOf,
} from 'koreo-kernel';
import { runFunctionTest } from 'koreo-kernel/testing';
import { prepareContext } from '../support/prepare.js';

const page = readFileSync(new URL('../../../docs/definitions.md', import.meta.url), 'utf8');

/** Every definition that the page shows, each at its place in the page. */
function definitionsOnPage(): DefinitionLookup {
  const catalog = new Catalog(prepareContext());
  for (const block of page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)) {
    const before = page.slice(0, block.index).replace(/[^\n]/g, '');
    const { documents, problems } = parseDocuments(`${before}\n${block[1]}`, { file: 'docs/definitions.md' });
    if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
    catalog.apply(
      documents.map(({ origin, value }) => ({
        type: 'set',
        resource: asResource(value ?? {}),
        from: { store: 'docs', origin },
      })),
    );
  }
  return catalog.current;
}

test('every definition on the page prepares, and all that they name is there', (t) => {
  const definitions = definitionsOnPage();
  t.deepEqual(problemsOf(definitions).map(formatProblem), []);
  const kinds = new Set([...definitions.entries()].map(({ kind }) => kind));
  t.deepEqual([...kinds].sort(), [...DEFINITION_KINDS].sort());
});

test('every test on the page passes', async (t) => {
  const definitions = definitionsOnPage();
  for (const entry of definitions.entries()) {
    if (entry.status !== 'ready' || entry.definition.kind !== 'FunctionTest') continue;
    const { cases } = await runFunctionTest(entry.definition, { definitions });
    t.true(cases.length > 0);
    for (const result of cases) t.is(result.result, 'pass', `${entry.name} ${result.label}: ${result.message}`);
  }
});
