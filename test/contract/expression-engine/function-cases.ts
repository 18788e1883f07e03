import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { ExpressionEvaluationError, type Json, type Scope } from 'koreo-kernel';
import type { Dialect } from 'koreo-kernel/testing/contracts';
import { EngineUnderTest } from '../../../kernel/testing/contracts/expression-engine/harness.js';
import { allCases } from '../../kernel/library/all-cases.js';

/** Registers a test for every function of the library: every language gives the same answers, with the same complaints. */
export function functionCases(dialect: Dialect): void {
  for (const [name, cases] of Object.entries(allCases)) {
    test(`${dialect.name}: the function ${name} gives what its cases say`, async (t) => {
      const engine = new EngineUnderTest(dialect);
      for (const { args, gives, fails } of cases) {
        const source = dialect.call(name, namesOf(args)) ?? '';
        const label = `${source} of ${JSON.stringify(args).slice(0, 100)}`;
        const differing = dialect.calls?.find((other) => other.name === name && isDeepStrictEqual(other.args, args));
        if (fails === undefined || differing !== undefined) {
          t.deepEqual(await engine.evaluate(source, scopeOf(args)), differing?.gives ?? gives, label);
          continue;
        }
        const error = await engine.failure(source, scopeOf(args));
        t.true(error instanceof ExpressionEvaluationError, label);
        t.true(error.message.includes(fails), `${label}: ${error.message}`);
      }
    });
  }
}

function namesOf(args: readonly Json[]): readonly string[] {
  return args.map((_, index) => `inputs.a${index}`);
}

function scopeOf(args: readonly Json[]): Scope {
  return { inputs: Object.fromEntries(args.map((arg, index) => [`a${index}`, arg])) };
}
