import { readFileSync } from 'node:fs';
import test from 'ava';
import { Budget, type Json, type Scope, standardLibrary } from 'koreo-kernel';
import { celJsEngine } from 'koreo-kernel/plugins/cel-js';
import { isDiffering, isLacking } from '../contract/expression-engine/harness.js';
import { measureConformance } from '../plugins/cel-js/conformance.js';
import { celJs } from '../plugins/cel-js/dialect.js';

const page = readFileSync(new URL('../../../docs/cel-js.md', import.meta.url), 'utf8');
const words = page.replace(/\s+/g, ' ').toLowerCase();
const engine = celJsEngine();

function blocks(language: string): readonly string[] {
  return Array.from(page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms')), ([, text = '']) => text);
}

const scope: Scope = JSON.parse(blocks('json')[0] ?? '');
const examples = blocks('cel-js').flatMap((block) => block.trimEnd().split('\n'));

function outcome(expression: string): { readonly value: Json } | { readonly error: string } {
  try {
    return { value: engine.compile(expression, standardLibrary()).evaluate(scope, new Budget()) as Json };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

test('the page has examples', (t) => {
  t.true(examples.length > 25);
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

test('the page says all that the dialect lacks or does otherwise, by its tests', (t) => {
  const entries = [celJs.shared, celJs.reading, celJs.syntax, celJs.faults].flatMap((cases) => Object.values(cases));
  const reasons = entries.flatMap((entry) =>
    isLacking(entry) ? [entry.lacks] : isDiffering(entry) ? [entry.differs] : [],
  );
  t.true(reasons.length > 5);
  for (const reason of [...reasons, celJs.nesting?.lacks ?? '']) {
    t.true(words.includes(reason.toLowerCase()), reason);
  }
});

test('the page has the figures that the official cases give', (t) => {
  const figures = measureConformance();
  const sum = (key: 'values' | 'valuesPassed' | 'errors' | 'errorsPassed'): number =>
    figures.reduce((total, suite) => total + suite[key], 0);
  const all = {
    suite: 'all',
    values: sum('values'),
    valuesPassed: sum('valuesPassed'),
    errors: sum('errors'),
    errorsPassed: sum('errorsPassed'),
  };
  const rows = [...figures, all].map(
    ({ errors, errorsPassed, suite, values, valuesPassed }) =>
      `| ${suite} | ${valuesPassed} of ${values} | ${errorsPassed} of ${errors} |`,
  );
  const table = ['| suite | values | errors |', '| --- | --- | --- |', ...rows].join('\n');
  t.true(page.includes(table), `the page should have this table:\n${table}`);
});
