import test from 'ava';
import {
  DEFAULT_EVALUATION_LIMITS,
  EvaluationError,
  type ExpressionEngine,
  ExpressionEvaluationError,
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  LimitExceededError,
  RunBudget,
  type Scope,
  setKey,
  type Template,
} from 'koreo-kernel';
import { compileTemplate } from '../../../kernel/language/compiled-template.js';
import { laterEngine } from '../../support/async-engine.js';
import { anyMapping } from '../../support/json-arbitraries.js';
import { prepareContext, preparedSpec } from '../../support/prepare.js';
import { fc } from '../../support/property.js';

function templateOf(yaml: string): Template {
  const { return: template } = preparedSpec('ValueFunction', `return:\n${yaml.replace(/^/gm, '  ')}`);
  if (template === undefined) throw new Error('no return');
  return template;
}

const scope: Scope = { inputs: { n: 3, name: 'web', map: { x: 1 }, empty: {}, secret: 'hunter2' }, locals: {} };

function evaluate(yaml: string): unknown {
  return templateOf(yaml).evaluate(scope, new RunBudget());
}

function layOver(yaml: string, base: JsonObject): unknown {
  return templateOf(yaml).layOver(base, scope, new RunBudget());
}

test('expressions among the leaves of mappings and lists are evaluated', (t) => {
  const text = 'name: =inputs.name\nlist: [1, =inputs.n + 1, {deep: =inputs.n}]\nnone: null\nconstant: text';
  t.deepEqual(evaluate(text), { name: 'web', list: [1, 4, { deep: 3 }], none: null, constant: 'text' });
});

test('an expression may have white space and new lines around it', (t) => {
  t.deepEqual(evaluate('a: "=  inputs.n  "\nb: |\n  =inputs.n\n    + 1\nc: |2\n\n  = inputs.n\n'), {
    a: 3,
    b: 4,
    c: 3,
  });
});

test('a constant string stays a string, and keys are constants', (t) => {
  const text = '"=inputs.n": "5"\nb: "1e3"\nc: "true"\nd: a = b\n';
  t.deepEqual(evaluate(text), { '=inputs.n': '5', b: '1e3', c: 'true', d: 'a = b' });
});

test('the whole value may be one expression', (t) => {
  const { return: template } = preparedSpec('ValueFunction', 'return: "=inputs.map"');
  t.deepEqual(template?.evaluate(scope, new RunBudget()), { x: 1 });
});

test('keys that are dangerous in JavaScript are data', (t) => {
  const value = evaluate('__proto__: {n: =inputs.n}\nconstructor: =inputs.n') as JsonObject;
  t.deepEqual(Object.keys(value), ['__proto__', 'constructor']);
  t.is(Object.getPrototypeOf(value), Object.prototype);
  const laid = layOver('__proto__: {n: =inputs.n}', { a: 1 }) as JsonObject;
  t.deepEqual(Object.keys(laid), ['a', '__proto__']);
});

test('what is constant in a template is frozen and shared by its evaluations', (t) => {
  const template = templateOf('fixed: {deep: [1, {x: 2}]}\nn: =inputs.n');
  const first = template.evaluate(scope, new RunBudget()) as { fixed: { deep: object } };
  const second = template.evaluate(scope, new RunBudget()) as { fixed: { deep: object } };
  t.is(first.fixed, second.fixed);
  t.true(Object.isFrozen(first.fixed) && Object.isFrozen(first.fixed.deep));
});

test('a template without expressions says that it is constant, and gives the same value each time', (t) => {
  const template = templateOf('a: [1]\nb: {c: null}');
  t.deepEqual(template.constant, { a: [1], b: { c: null } });
  t.true(template.evaluate(scope, new RunBudget()) === template.constant);
  t.is(templateOf('a: =inputs.n').constant, undefined);
});

test('reads are those of all expressions, each once', (t) => {
  const { reads } = templateOf('a: =inputs.n + inputs.n\nb: [=inputs.map.x, =inputs.n]');
  t.deepEqual([...reads].sort(), [
    ['inputs', 'map', 'x'],
    ['inputs', 'n'],
  ]);
});

test('a synchronous engine gives values, and no promise', (t) => {
  t.false(evaluate('a: [=inputs.n, {b: =inputs.n}]') instanceof Promise);
});

function laterTemplate(spec: string, engines: readonly ExpressionEngine[] = [laterEngine()]): Template {
  const context = { ...prepareContext(engines), defaultLanguage: 'later' };
  const { return: template } = preparedSpec('ValueFunction', spec, context);
  if (template === undefined) throw new Error('no return');
  return template;
}

test('an engine that takes time gives promises of the same values', async (t) => {
  const template = laterTemplate('return: {a: =inputs.n, b: [1, =inputs.name, 2], c: {d: =inputs.n, e: x}}');
  const result = template.evaluate(scope, new RunBudget());
  t.true(result instanceof Promise);
  t.deepEqual(await result, { a: 3, b: [1, 'web', 2], c: { d: 3, e: 'x' } });
  const laid = template.layOver({ c: { f: 1 } }, scope, new RunBudget());
  t.deepEqual(await laid, { c: { f: 1, d: 3, e: 'x' }, a: 3, b: [1, 'web', 2] });
});

test('expressions are evaluated one after the other, in the order of the text', async (t) => {
  const log: string[] = [];
  const engine: ExpressionEngine = {
    language: 'later',
    compile: (source) => ({
      source,
      reads: [],
      evaluate: async () => {
        log.push(`${source} begins`);
        await Promise.resolve();
        log.push(`${source} ends`);
        return null;
      },
    }),
  };
  await laterTemplate('return: {z: =a, y: [=b, {x: =c}], a: =d}', [engine]).evaluate(scope, new RunBudget());
  t.deepEqual(
    log,
    ['a', 'b', 'c', 'd'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test('an expression that fails names its place in the file, its source, and the complaint of the engine', (t) => {
  const error = t.throws(() => evaluate('deep:\n  - 1\n  - =inputs.none + 1'), { instanceOf: EvaluationError });
  t.is(error.code, 'expression-failed');
  t.regex(error.message, /^spec\.return\.deep\[1\] \(a\.koreo:8:\d+\): .*none.* \(in =inputs\.none \+ 1\)$/);
  t.is(error.location.line, 8);
  t.deepEqual(error.location.path, ['spec', 'return', 'deep', 1]);
});

test('an engine that knows where it failed is followed into a block scalar', (t) => {
  const engine = failingEngine(() => new Error('unused'));
  const context = { ...prepareContext([engine]), defaultLanguage: 'failing' };
  const { return: template } = preparedSpec('ValueFunction', 'return:\n  a: |\n    =first\n      second', context);
  const error = t.throws(() => template?.evaluate(scope, new RunBudget()), { instanceOf: EvaluationError });
  t.deepEqual([error.location.line, error.location.column], [8, 9]);
});

test('a long source is shortened in messages', (t) => {
  const long = `inputs.none${' + 1'.repeat(200)}`;
  const error = t.throws(() => evaluate(`a: =${long}`), { instanceOf: EvaluationError });
  t.true(error.message.length < 500);
  t.is(error.source, long);
});

test('an evaluation over a limit names the expression and the limit', (t) => {
  const engine: ExpressionEngine = {
    language: 'later',
    compile: (source) => ({
      source,
      reads: [],
      evaluate: (_scope, budget) => {
        budget.spend(11);
        return null;
      },
    }),
  };
  const budget = new RunBudget({ ...DEFAULT_EVALUATION_LIMITS, evaluationSteps: 10 });
  const template = laterTemplate('return: {a: =costly}', [engine]);
  const error = t.throws(() => template.evaluate(scope, budget), { instanceOf: EvaluationError });
  t.regex(error.message, /^spec\.return\.a \(a\.koreo:5:15\): .*limits\.evaluationSteps.* \(in =costly\)$/);
  t.true(error.cause instanceof LimitExceededError);
});

test('a defect of an engine is told without its message, which may hold data', async (t) => {
  const engine = failingEngine(() => new TypeError('cannot read hunter2'), { defect: true });
  const context = { ...prepareContext([engine]), defaultLanguage: 'failing' };
  const { return: template } = preparedSpec('ValueFunction', 'return: {a: =x}', context);
  const error = t.throws(() => template?.evaluate(scope, new RunBudget()), { instanceOf: EvaluationError });
  t.regex(error.message, /the expression engine failed with TypeError/);
  t.false(error.message.includes('hunter2'));
});

test('a rejected promise of an engine becomes the same error', async (t) => {
  const engine: ExpressionEngine = {
    language: 'later',
    compile: (source) => ({ source, reads: [], evaluate: () => Promise.reject(new Error('no')) }),
  };
  const result = laterTemplate('return: {a: =x}', [engine]).evaluate(scope, new RunBudget());
  await t.throwsAsync(async () => result, { instanceOf: EvaluationError });
});

test('mappings that are written out merge, and lists and scalars replace', (t) => {
  const base = { a: { x: 1, y: [1, 2, 3] }, b: 1, c: { z: 1 } };
  t.deepEqual(layOver('a: {y: [=inputs.n], w: 0}\nb: {q: =inputs.n}\nc: =inputs.n', base), {
    a: { x: 1, y: [3], w: 0 },
    b: { q: 3 },
    c: 3,
  });
});

test('constants merge as expressions do', (t) => {
  t.deepEqual(layOver('a: {y: {v: 1}}\nb: {c: [1]}', { a: { x: 1, y: { u: 0 } }, b: { c: [2, 3], d: 4 } }), {
    a: { x: 1, y: { u: 0, v: 1 } },
    b: { c: [1], d: 4 },
  });
});

test('an empty mapping within an overlay replaces, and an overlay that says nothing changes nothing', (t) => {
  const base = { a: { x: 1 }, b: { c: { d: 1 } } };
  t.deepEqual(layOver('a: {}\nb: {c: {}, e: =inputs.n}', base), { a: {}, b: { c: {}, e: 3 } });
  t.deepEqual(layOver('{}', base), base);
});

test('a mapping that an expression computes replaces', (t) => {
  t.deepEqual(layOver('a: =inputs.map\nb: =inputs.empty', { a: { y: 2 }, b: { z: 1 }, c: 1 }), {
    a: { x: 1 },
    b: {},
    c: 1,
  });
  const { return: whole } = preparedSpec('ValueFunction', 'return: =inputs.map');
  t.deepEqual(whole?.layOver({ y: 1 }, scope, new RunBudget()), { x: 1 });
});

test('an overlay that is one expression must give a mapping', (t) => {
  const { return: whole } = preparedSpec('ValueFunction', 'return: =inputs.n');
  const error = t.throws(() => whole?.layOver({ y: 1 }, scope, new RunBudget()), { instanceOf: EvaluationError });
  t.regex(error.message, /must be a mapping, not a number/);
});

test('null replaces, since it stands for a field that is not wanted', (t) => {
  t.deepEqual(layOver('a: null\nb: {c: null}', { a: 1, b: { c: { d: 1 } } }), { a: null, b: { c: null } });
});

/** What laying over means, in the fewest words. */
function reference(base: Json | undefined, over: Json, isRoot = true): Json {
  if (!isObject(over)) return over;
  if (Object.keys(over).length === 0) return isRoot && base !== undefined ? base : over;
  const result = {};
  for (const [key, value] of isObject(base) ? Object.entries(base) : []) setKey(result, key, value);
  for (const [key, value] of Object.entries(over)) {
    const under = isObject(base) && Object.hasOwn(base, key) ? base[key] : undefined;
    setKey(result, key, reference(under, value, false));
  }
  return result;
}

function constantTemplate(value: Json): Template {
  return compileTemplate(value, { path: [] }, () => undefined);
}

test('laying a constant over is the same as the rule says, changes no base, and twice is as good as once', (t) => {
  fc.assert(
    fc.property(anyMapping, anyMapping, (base, over) => {
      const before = structuredClone(Object.entries(base));
      const once = constantTemplate(over).layOver(base, {}, new RunBudget()) as JsonObject;
      const twice = constantTemplate(over).layOver(once, {}, new RunBudget()) as JsonObject;
      return (
        equalJson(once, reference(base, over)) &&
        equalJson(twice, once) &&
        equalJson(Object.fromEntries(before) as Json, Object.fromEntries(Object.entries(base)) as Json)
      );
    }),
  );
  t.pass();
});

test('laying over nothing gives what evaluating gives', (t) => {
  fc.assert(
    fc.property(anyMapping, (over) => {
      const template = constantTemplate(over);
      const laid = template.layOver({}, {}, new RunBudget()) as Json;
      return equalJson(laid, template.evaluate({}, new RunBudget()) as Json);
    }),
  );
  t.pass();
});

function failingEngine(error: () => Error, { defect = false } = {}): ExpressionEngine {
  return {
    language: 'failing',
    compile: (source) => ({
      source,
      reads: [],
      evaluate: () => {
        if (defect) throw error();
        const lines = source.split('\n');
        const column = (lines.at(-1) ?? '').search(/\S/) + 1;
        throw new ExpressionEvaluationError('fails here', { line: lines.length, column });
      },
    }),
  };
}
