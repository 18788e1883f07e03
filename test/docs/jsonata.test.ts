import { readFileSync } from 'node:fs';
import test from 'ava';
import { Budget, type Json, type Scope, standardLibrary } from 'koreo-kernel';
import { jsonataEngine } from 'koreo-kernel/plugins/jsonata';
import { tempFolder } from '../support/temp-folder.js';
import { follow } from '../support/transcript.js';

const page = readFileSync(new URL('../../../docs/jsonata.md', import.meta.url), 'utf8');

function blocks(language: string): readonly string[] {
  return Array.from(page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms')), ([, text = '']) => text);
}

const scope: Scope = JSON.parse(blocks('json')[0] ?? '');
const examples = blocks('jsonata').flatMap((block) => block.trimEnd().split('\n'));

async function outcome(expression: string): Promise<{ readonly value: Json } | { readonly error: string }> {
  try {
    return { value: await jsonataEngine().compile(expression, standardLibrary()).evaluate(scope, new Budget()) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

test('the page has examples', (t) => {
  t.true(examples.length > 40);
});

for (const example of examples) {
  test(`the page's example ${example.replace(/\s+/g, ' ')} is true`, async (t) => {
    const [, expression = '', expected = ''] = /^(.*?)\s+\/\* (.*) \*\/$/.exec(example) ?? [];
    t.deepEqual(
      await outcome(expression),
      expected.startsWith('error: ') ? { error: expected.slice('error: '.length) } : { value: JSON.parse(expected) },
    );
  });
}

test.serial('what the page shows is what koreo prints', async (t) => {
  await follow(t, page, tempFolder(t));
});
