import test from 'ava';
import { Budget, type Json, type Scope, standardLibrary } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';
import { allCases } from '../../kernel/library/all-cases.js';
import type { FunctionCase } from '../../kernel/library/function-case.js';

const engine = celEngine();
const library = standardLibrary();

const styles: Readonly<Record<string, (name: string, args: readonly string[]) => string>> = {
  function: (name, args) => `${name}(${args.join(', ')})`,
  method: (name, [first = '', ...rest]) => `${first}.${name}(${rest.join(', ')})`,
};

for (const [style, write] of Object.entries(styles)) {
  for (const [name, cases] of Object.entries(allCases)) {
    test(`${name} in the style of a ${style} gives what its cases say`, (t) => {
      for (const { args, gives, fails } of cases) {
        const source = write(
          name,
          args.map((_, index) => `inputs.a${index}`),
        );
        const evaluate = (): Json => engine.compile(source, library).evaluate(scopeOf(args), new Budget());
        const label = `${source} of ${JSON.stringify(args).slice(0, 100)}`;
        if (fails === undefined) t.deepEqual(evaluate(), gives, label);
        else t.true(t.throws(evaluate)?.message.includes(fails), label);
      }
    });
  }
}

function scopeOf(args: FunctionCase['args']): Scope {
  return { inputs: Object.fromEntries(args.map((arg, index) => [`a${index}`, arg])) };
}
