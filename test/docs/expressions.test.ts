import { readFileSync } from 'node:fs';
import test from 'ava';
import { Budget, type Json, type Scope, standardLibrary } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';

const page = readFileSync(new URL('../../../docs/expressions.md', import.meta.url), 'utf8');

function blocks(language: string): readonly string[] {
  return Array.from(page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms')), ([, text = '']) => text);
}

const scope: Scope = JSON.parse(blocks('json')[0] ?? '');
const examples = blocks('cel').flatMap((block) => block.trimEnd().split('\n'));

function outcome(expression: string): { readonly value: Json } | { readonly error: string } {
  try {
    return { value: celEngine().compile(expression, standardLibrary()).evaluate(scope, new Budget()) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

test('the page has examples', (t) => {
  t.true(examples.length > 80);
});

for (const example of examples) {
  test(`the page's example ${example.replace(/\s+/g, ' ')} is true`, (t) => {
    const [, expression = '', expected = ''] = /^(.*?)\s+\/\/ (.*)$/.exec(example) ?? [];
    t.deepEqual(
      outcome(expression),
      expected.startsWith('error: ') ? { error: expected.slice('error: '.length) } : { value: JSON.parse(expected) },
    );
  });
}
