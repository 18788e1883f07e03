import test from 'ava';
import {
  Budget,
  checkArguments,
  type EvaluationLimit,
  FunctionError,
  type Json,
  type LibraryFunction,
  LimitExceededError,
  RunBudget,
  standardLibrary,
} from 'koreo-kernel';
import { allCases } from './all-cases.js';

const library = standardLibrary();

function functionNamed(name: string): LibraryFunction {
  const definition = library.get(name);
  if (definition === undefined) throw new Error(`there is no function ${name}`);
  return definition;
}

function call(name: string, args: readonly Json[]): Json {
  const definition = functionNamed(name);
  checkArguments(definition, args);
  return definition.call(args, new Budget());
}

test('every function of the library has cases, and every case a function', (t) => {
  t.deepEqual([...library.keys()].sort(), Object.keys(allCases).sort());
});

for (const [name, cases] of Object.entries(allCases)) {
  test(`${name} gives what its cases say`, (t) => {
    for (const { args, gives, fails } of cases) {
      const before = structuredClone(args);
      const label = `${name}(${args
        .map((arg) => JSON.stringify(arg))
        .join(', ')
        .slice(0, 100)})`;
      if (fails === undefined) {
        t.deepEqual(call(name, args), gives, label);
      } else {
        const error = t.throws(() => call(name, args), { instanceOf: FunctionError }, label);
        t.true(error?.message.includes(fails), `${label}: ${error?.message}`);
      }
      t.deepEqual(args, before, `${label} leaves its arguments alone`);
    }
  });
}

test('a call with too few or too many arguments says what the function takes', (t) => {
  t.throws(() => call('strip', ['a']), { message: 'strip(text, characters) takes 2 arguments, not 1' });
  t.throws(() => call('lower', ['a', 'b']), { message: 'lower(text) takes 1 argument, not 2' });
});

test('two calls share no library', (t) => {
  t.not(standardLibrary(), standardLibrary());
});

const limits = { evaluationSteps: 1_000, runSteps: 10_000, stringBytes: 1_000, listItems: 100 };

function limited(name: string, args: readonly Json[]): Json {
  return functionNamed(name).call(args, new RunBudget(limits).evaluation());
}

const long = 'x'.repeat(900);
const many = Array.from({ length: 2_000 }, (_, index) => index);
const wide = Object.fromEntries(many.map((index) => [`k${index}`, index]));

const bombs: readonly (readonly [name: string, args: readonly Json[], limit: EvaluationLimit])[] = [
  ['replace', [long, 'x', 'y'.repeat(20)], 'stringBytes'],
  ['replace', [long, '', long], 'stringBytes'],
  ['to_json', [[long, long]], 'stringBytes'],
  ['b64encode', [long], 'stringBytes'],
  ['toUpper', ['ß'.repeat(501)], 'stringBytes'],
  ['split', [long, 'x'], 'listItems'],
  ['split', ['x'.repeat(70_000), 'y'], 'evaluationSteps'],
  ['split_last', ['x'.repeat(15_000), `y${'x'.repeat(2_000)}`], 'evaluationSteps'],
  ['flatten', [[many.slice(0, 60), many.slice(0, 60)]], 'listItems'],
  ['from_json', [JSON.stringify(many)], 'listItems'],
  ['overlay', [wide, wide], 'evaluationSteps'],
  ['keys', [wide], 'evaluationSteps'],
  ['values', [wide], 'evaluationSteps'],
  ['sum', [many], 'evaluationSteps'],
  ['max', [many], 'evaluationSteps'],
];

for (const [name, args, limit] of bombs) {
  test(`${name} of ${JSON.stringify(args).length} characters of arguments stops at the limit ${limit}`, (t) => {
    const error = t.throws(() => limited(name, args), { instanceOf: LimitExceededError });
    t.is(error?.limit, limit);
  });
}
