import test from 'ava';
import { celJsEngine } from 'koreo-kernel/plugins/cel-js';
import { isDiffering, isLacking } from '../../kernel/testing/contracts/expression-engine/harness.js';
import { measureConformance } from '../plugins/cel-js/conformance.js';
import { celJs } from '../plugins/cel-js/dialect.js';
import { checkExamples, pageText } from '../support/page-examples.js';

const page = pageText('cel-js.md');
const words = page.replace(/\s+/g, ' ').toLowerCase();

checkExamples({ page, engine: celJsEngine(), example: /^(.*?)\s+\/\/ (.*)$/, moreThan: 25 });

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
