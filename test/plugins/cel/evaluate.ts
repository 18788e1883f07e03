import { Budget, type Json, type Scope, standardLibrary } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';

const engine = celEngine();
const library = standardLibrary();

/** The value of an expression over a scope, with the whole library at hand. */
export function evaluate(source: string, scope: Scope = {}, budget: Budget = new Budget()): Json {
  return engine.compile(source, library).evaluate(scope, budget);
}
