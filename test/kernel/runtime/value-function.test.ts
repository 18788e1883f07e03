import test from 'ava';
import { DEFAULT_EVALUATION_LIMITS, type JsonObject, RunBudget } from 'koreo-kernel';
import { runValueFunction } from '../../../kernel/runtime/value-function.js';
import { definitionsOf } from '../../support/definitions.js';
import { LATER, laterEngine } from '../../support/later-engine.js';

function prepare(spec: string, annotations = '') {
  const metadata = `{name: f${annotations && `, ${annotations}`}}`;
  const text = `kind: ValueFunction\nmetadata: ${metadata}\nspec:\n${spec.trim().replace(/^/gm, '  ')}`;
  return definitionsOf(text, [laterEngine()]).get('ValueFunction', 'f');
}

/** Runs a ValueFunction of that spec. */
function run(spec: string, inputs: JsonObject = {}, budget = new RunBudget()) {
  return runValueFunction(prepare(spec), inputs, budget);
}

const GUARDS = `
preconditions:
- assert: =inputs.units > 0
  permFail: {message: '="units must be above zero, but are " + string(inputs.units)'}
- assert: =inputs.open
  skip: {message: The shop is closed}
- assert: =inputs.stocked
  retry: {message: Waiting for stock, delay: 7}
- assert: =inputs.known
  depSkip: {message: No such product}
- assert: =!inputs.special
  ok: {}
- assert: =inputs.boom.bang
  permFail: {message: never looked at}
return: {price: =inputs.units * 2}`;

test('the return is evaluated with inputs and locals, and constants in it stay what they are', (t) => {
  const spec = `
locals:
  limits: {low: =inputs.units / 2, high: =inputs.units * 2}
return:
  plan: {min: =locals.limits.low, max: =locals.limits.high}
  fixed: [1, "5", "1e3", null]`;
  const value = { plan: { min: 2, max: 8 }, fixed: [1, '5', '1e3', null] };
  t.deepEqual(run(spec, { units: 4 }), { type: 'Ok', value });
});

test('a function without a return is Ok with null', (t) => {
  t.deepEqual(run('preconditions: [{assert: =inputs.a, skip: {message: no}}]', { a: true }), {
    type: 'Ok',
    value: null,
  });
});

test('the first false assert decides, each verdict gives its own outcome, and messages may be expressions', (t) => {
  const at = (index: number) => `ValueFunction f spec.preconditions[${index}].assert (test.koreo:${5 + 2 * index}:13)`;
  t.deepEqual(run(GUARDS, { units: 0 }), {
    type: 'PermFail',
    message: 'units must be above zero, but are 0',
    location: at(0),
  });
  t.deepEqual(run(GUARDS, { units: 1, open: false }), { type: 'Skip', message: 'The shop is closed', location: at(1) });
  t.deepEqual(run(GUARDS, { units: 1, open: true, stocked: false }), {
    type: 'Retry',
    delay: 7,
    message: 'Waiting for stock',
    location: at(2),
  });
  t.deepEqual(run(GUARDS, { units: 1, open: true, stocked: true, known: false }), {
    type: 'DepSkip',
    message: 'No such product',
    location: at(3),
  });
});

test('nothing after the deciding precondition is evaluated, so that one can guard the next', (t) => {
  t.is(run(GUARDS, { units: 0 }) instanceof Promise, false);
  const inputs = { units: 1, open: true, stocked: true, known: true };
  t.deepEqual(run(GUARDS, { ...inputs, special: true }), { type: 'Ok', value: { price: 2 } });
  t.like(run(GUARDS, { ...inputs, special: false }), { type: 'PermFail' });
});

test('an assert that gives no boolean is a PermFail that says so', (t) => {
  t.deepEqual(run('preconditions: [{assert: =inputs.a, skip: {message: no}}]', { a: 'yes' }), {
    type: 'PermFail',
    message: 'spec.preconditions[0].assert must give a boolean, but it gives a string',
    location: 'ValueFunction f spec.preconditions[0].assert (test.koreo:4:28)',
  });
});

test('a message that gives no text is a PermFail that says so', (t) => {
  t.like(run('preconditions: [{assert: =inputs.a, skip: {message: =inputs.m}}]', { a: false, m: 5 }), {
    type: 'PermFail',
    message: 'spec.preconditions[0].skip.message must give a string, but it gives a number',
  });
});

test('locals may refer to one another in any order', (t) => {
  const spec = `
locals:
  total: =locals.net + locals.tax
  tax: =locals.net / 5
  net: =inputs.net
return: {total: =locals.total}`;
  t.deepEqual(run(spec, { net: 10 }), { type: 'Ok', value: { total: 12 } });
});

test('locals are evaluated after the preconditions and before the return', (t) => {
  const spec = `
preconditions: [{assert: =inputs.ok, skip: {message: stop}}]
locals: {broken: =inputs.missing.deep}
return: {a: 1}`;
  t.like(run(spec, { ok: false }), { type: 'Skip' });
  t.like(run(spec, { ok: true }), { type: 'PermFail' });
});

test('an expression that fails is a PermFail with its location, source and line, and without values', (t) => {
  const outcome = run('return: {a: {b: "=inputs.secret.nope"}}', { secret: 'hunter2' });
  t.like(outcome, { type: 'PermFail' });
  const { message = '', location = '' } = outcome as { message?: string; location?: string };
  t.regex(message, /^spec\.return\.a\.b \(test\.koreo:4:\d+\): .+ \(in =inputs\.secret\.nope\)$/);
  t.regex(location, /^ValueFunction f spec\.return\.a\.b \(test\.koreo:4:\d+\)$/);
  t.false(message.includes('hunter2'));
});

test('a return that gives no mapping is a PermFail', (t) => {
  t.like(run('return: =inputs.list', { list: [1] }), {
    type: 'PermFail',
    message: 'spec.return must give a mapping, but it gives a list',
  });
  t.deepEqual(run('return: =inputs.map', { map: { a: 1 } }), { type: 'Ok', value: { a: 1 } });
});

test('keys that are dangerous in JavaScript are data', (t) => {
  const spec = `
locals: {__proto__: =inputs.n, constructor: 2}
return: {__proto__: '=locals["__proto__"]', prototype: =locals.constructor}`;
  const outcome = run(spec, { n: 1 });
  t.is(JSON.stringify(outcome), '{"type":"Ok","value":{"__proto__":1,"prototype":2}}');
});

test('the same inputs give the same outcome, and are not changed', (t) => {
  const definition = prepare('return: {a: "=inputs.list.map(x, x * 2)"}');
  const inputs = Object.freeze({ list: Object.freeze([1, 2]) });
  const runs = [1, 2].map(() => runValueFunction(definition, inputs, new RunBudget()));
  t.deepEqual(runs[0], { type: 'Ok', value: { a: [2, 4] } });
  t.deepEqual(runs[0], runs[1]);
});

test('what is constant in a return is shared by all its runs, and frozen', (t) => {
  const definition = prepare('return: {fixed: {a: [1]}, n: =inputs.n}');
  const [first, second] = [1, 2].map((n) => runValueFunction(definition, { n }, new RunBudget()));
  const fixed = (outcome: unknown) => (outcome as { value: { fixed: object } }).value.fixed;
  t.is(fixed(first), fixed(second));
  t.true(Object.isFrozen(fixed(first)));
});

test('an evaluation beyond the limit is a PermFail that names the expression and the limit', (t) => {
  const limits = { ...DEFAULT_EVALUATION_LIMITS, evaluationSteps: 50 };
  const spec = 'return: {n: "=inputs.list.map(x, x + 1).size()"}';
  const list = Array.from({ length: 200 }, (_, index) => index);
  const outcome = run(spec, { list }, new RunBudget(limits));
  t.like(outcome, { type: 'PermFail' });
  t.regex((outcome as { message: string }).message, /spec\.return\.n.*50 \(limits\.evaluationSteps\)/);
});

test('an engine that answers later gives the same outcomes, as promises', async (t) => {
  const later = prepare(GUARDS, LATER);
  const cases = [
    { units: 0 },
    { units: 1, open: true, stocked: false },
    { units: 1, open: true, stocked: true, known: true, special: true },
    { units: 1, open: true, stocked: true, known: true, special: false },
    {},
  ];
  for (const inputs of cases) {
    const outcome = runValueFunction(later, inputs, new RunBudget());
    t.true(outcome instanceof Promise);
    t.is((await outcome).type, (await run(GUARDS, inputs)).type);
  }
  const locals = prepare('locals: {b: =locals.a + 1, a: =inputs.n}\nreturn: {n: =locals.b}', LATER);
  t.deepEqual(await runValueFunction(locals, { n: 1 }, new RunBudget()), { type: 'Ok', value: { n: 2 } });
});
