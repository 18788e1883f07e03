import { Budget, type Json, type Scope, standardLibrary } from 'koreo-kernel';
import { jsonataEngine } from 'koreo-kernel/plugins/jsonata';

const engine = jsonataEngine();
const library = standardLibrary();

/** The value of an expression over a scope, with the whole library at hand. */
export async function evaluate(source: string, scope: Scope = {}, budget: Budget = new Budget()): Promise<Json> {
  return engine.compile(source, library).evaluate(scope, budget);
}
