import { readFileSync } from 'node:fs';
import test from 'ava';
import { Budget, type ExpressionEngine, type Json, type Scope, standardLibrary } from 'koreo-kernel';

/** The text of a page of the documentation, by its name. */
export function pageText(name: string): string {
  return readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
}

/** A page with examples of a language, a line each: an expression, and in a comment what it gives, or its error. */
export interface ExamplePage {
  readonly page: string;
  readonly engine: ExpressionEngine;
  /** A whole line: the expression, and what the comment says. */
  readonly example: RegExp;
  /** How many examples there are, and more. */
  readonly moreThan: number;
}

/** Tests that each example of a page is true, in the scope that its first block of JSON gives. */
export function checkExamples({ page, engine, example: form, moreThan }: ExamplePage): void {
  const scope: Scope = JSON.parse(blocks(page, 'json')[0] ?? '');
  const examples = blocks(page, engine.language).flatMap((block) => block.trimEnd().split('\n'));

  test('the page has examples', (t) => {
    t.true(examples.length > moreThan);
  });

  for (const example of examples) {
    test(`the page's example ${example.replace(/\s+/g, ' ')} is true`, async (t) => {
      const [, expression = '', expected = ''] = form.exec(example) ?? [];
      t.deepEqual(
        await outcome(engine, expression, scope),
        expected.startsWith('error: ') ? { error: expected.slice('error: '.length) } : { value: JSON.parse(expected) },
      );
    });
  }
}

function blocks(page: string, language: string): readonly string[] {
  return Array.from(page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms')), ([, text = '']) => text);
}

async function outcome(
  engine: ExpressionEngine,
  expression: string,
  scope: Scope,
): Promise<{ readonly value: Json } | { readonly error: string }> {
  try {
    return { value: await engine.compile(expression, standardLibrary()).evaluate(scope, new Budget()) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
