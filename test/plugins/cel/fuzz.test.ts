import test from 'ava';
import {
  Budget,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  freezeDeep,
  type Json,
  LimitExceededError,
  RunBudget,
  standardLibrary,
} from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';
import { celJsEngine } from 'koreo-kernel/plugins/cel-js';
import { isPlainJson } from '../../../kernel/testing/contracts/expression-engine/harness.js';
import { fc } from '../../support/property.js';
import { arbitrarySource, fuzzScope } from './arbitrary-source.js';

const engines = { cel: celEngine(), 'cel-js': celJsEngine() };
const library = standardLibrary();
const limits = { evaluationSteps: 20_000, runSteps: 20_000, stringBytes: 10_000, listItems: 1_000 };
const scope = freezeDeep(fuzzScope);

/** What came of it, as a text; throws when it is anything but a value or an error of ours. */
function outcome(language: keyof typeof engines, source: string): string {
  let spent = 0;
  const run = new RunBudget(limits);
  class Counting extends Budget {
    override spend(steps: number): void {
      super.spend(steps);
      spent += steps;
    }
  }
  try {
    const value = engines[language].compile(source, library).evaluate(scope, new Counting(run)) as Json;
    if (!isPlainJson(value)) throw new Error(`${source} gives what is not JSON`);
    if (spent > limits.evaluationSteps) throw new Error(`${source} is over its budget`);
    return JSON.stringify(value);
  } catch (error) {
    const isOurs =
      error instanceof ExpressionSyntaxError ||
      error instanceof ExpressionEvaluationError ||
      error instanceof LimitExceededError;
    if (!isOurs) throw new Error(`${source} throws ${error}`, { cause: error });
    if (error.message.includes('hunter2')) throw new Error(`${source} leaks: ${error.message}`);
    if (!(error instanceof LimitExceededError)) checkPlace(source, error);
    return `${error.code}: ${error.message}`;
  }
}

function checkPlace(source: string, { position }: ExpressionSyntaxError | ExpressionEvaluationError): void {
  if (position === undefined) return;
  const line = source.split('\n')[position.line - 1];
  if (line === undefined || position.column < 1 || position.column > [...line].length + 1) {
    throw new Error(`${source}: there is no line ${position.line}, column ${position.column}`);
  }
}

for (const language of ['cel', 'cel-js'] as const) {
  test(`${language}: whatever is written gives a value or an error of ours, within its budget, and the same each time`, (t) => {
    fc.assert(
      fc.property(arbitrarySource, (source) => {
        t.is(outcome(language, source), outcome(language, source));
      }),
      { numRuns: 4_000 },
    );
  });

  test(`${language}: so does any text`, (t) => {
    const character = fc.constantFrom(...'()[]{}.,:?!&|=<>+-*/%"\'\\`#@ \n\tabx019_é😀', 'in', 'has(', 'true', 'null');
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 60 }), (source) => {
        t.is(outcome(language, source), outcome(language, source));
      }),
      { numRuns: 4_000 },
    );
  });
}
