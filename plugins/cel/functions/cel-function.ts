import type { Budget } from '../../../kernel/plugin.js';
import { type Fault, noOverload } from '../fault.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/value.js';

/** A function of CEL itself. Methods are functions whose first argument is what they are called on. */
export interface CelFunction {
  readonly name: string;
  readonly arity: number;
  /** @throws Fault for arguments that it does not take; LimitExceededError */
  call(args: readonly Value[], budget: Budget): Value;
  /**
   * Called with those arguments that are constants, when an expression is compiled: what to call in its evaluations in place of
   * `call`, if there is something better. @throws Fault for what can never work
   */
  specialize?(constants: readonly (Value | undefined)[]): CelFunction['call'] | undefined;
}

/** CEL's own functions, by name and number of arguments. */
export type FunctionTable = ReadonlyMap<string, ReadonlyMap<number, CelFunction>>;

/** The table of some functions. */
export function functionTable(functions: readonly CelFunction[]): FunctionTable {
  const table = new Map<string, Map<number, CelFunction>>();
  for (const definition of functions) {
    const named = table.get(definition.name) ?? new Map<number, CelFunction>();
    table.set(definition.name, named.set(definition.arity, definition));
  }
  return table;
}

/** A fault for arguments of types that a function does not take. */
export function wrongArguments(name: string, args: readonly Value[]): Fault {
  return noOverload(`${name}(${args.map(typeName).join(', ')})`);
}
