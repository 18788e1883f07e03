import { checkArguments, FunctionError, type Json, type LibraryFunction } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { isFunctionValue, type Value } from '../values/kinds.js';
import { resultForm } from '../values/result-form.js';
import { type Builtin, callBuiltin, type Definition, definition, evaluationOf, type Focus } from './builtin.js';

/**
 * A function of the library as JSONata calls it. Where JSONata has one of the same name, the library's meaning holds, and
 * JSONata's for what only it takes: regular expressions, more or fewer arguments, nothing at all.
 */
export function defineLibraryFunction(fn: LibraryFunction, standard: Builtin | undefined): Definition {
  const arity = fn.parameters.length;
  return definition(arity, Math.max(arity, standard?.parameters.length ?? 0), (focus, given) => {
    if (standard === undefined || !isStandardForm(fn, standard, given)) return callLibrary(fn, given, focus);
    return callBuiltin(standard, given, focus);
  });
}

function isStandardForm(fn: LibraryFunction, standard: Builtin, given: readonly Value[]): boolean {
  const args = withoutRest(given, fn.parameters.length);
  if (args.length !== fn.parameters.length || args[0] === undefined || args.some(isFunctionValue)) return true;
  return standard.meantFor?.(args[0]) ?? false;
}

function callLibrary(fn: LibraryFunction, given: readonly Value[], focus: Focus): Json {
  const evaluation = evaluationOf(focus);
  evaluation.spend(1);
  const args = withoutRest(given, fn.parameters.length).map((value, index) => {
    if (value !== undefined) return resultForm(value, evaluation);
    const name = fn.parameters[index]?.name;
    throw new Fault(name === undefined ? `$${fn.name}: an argument is missing` : `$${fn.name}: \`${name}\` is missing`);
  });
  try {
    checkArguments(fn, args);
    return fn.call(args, evaluation.budget);
  } catch (error) {
    throw error instanceof FunctionError ? new Fault(error.message) : error;
  }
}

/** Partial application and higher-order functions pass more arguments than were written, all of them missing. */
function withoutRest(given: readonly Value[], count: number): readonly Value[] {
  return given.slice(count).every((extra) => extra === undefined) ? given.slice(0, count) : given;
}
