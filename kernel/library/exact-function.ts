import type { Budget } from '../contracts/budget.js';
import type { LibraryFunction, Parameter } from '../contracts/function-library.js';
import type { ExactValue } from '../model/exact-value.js';
import { toPlain } from './plain-value.js';

/** A function of the library that keeps the kinds of numbers apart; {@link exactFunction} adds its plain form. */
export interface ExactFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly summary: string;
  call(args: readonly ExactValue[], budget: Budget): ExactValue;
}

/** The library function whose plain form is the exact one with plain numbers out. */
export function exactFunction(definition: ExactFunction): LibraryFunction {
  const { name, parameters, summary } = definition;
  return {
    name,
    parameters,
    summary,
    call: (args, budget) => toPlain(definition.call(args, budget)),
    callExact: (args, budget) => definition.call(args, budget),
  };
}
