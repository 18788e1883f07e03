import test from 'ava';
import { type JsonObject, RunBudget } from 'koreo-kernel';
import { runValueFunction } from '../../../kernel/runtime/value-function.js';
import { definitionsOf } from '../../support/definitions.js';

/** Runs the only ValueFunction of the text; its name is `f`. */
function run(spec: string, inputs: JsonObject = {}, budget = new RunBudget()) {
  const text = `kind: ValueFunction\nmetadata: {name: f}\nspec:\n${spec.replace(/^/gm, '  ')}`;
  return runValueFunction(definitionsOf(text).get('ValueFunction', 'f'), inputs, budget);
}

test('the return is evaluated with inputs and locals, and its value is the outcome', (t) => {
  const spec = `
locals:
  limits: {low: =inputs.units / 2, high: =inputs.units * 2}
return:
  plan: {min: =locals.limits.low, max: =locals.limits.high}
  fixed: [1, "5", "1e3"]`;
  t.deepEqual(run(spec, { units: 4 }), {
    type: 'Ok',
    value: { plan: { min: 2, max: 8 }, fixed: [1, '5', '1e3'] },
  });
});
