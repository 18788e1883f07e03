import type { Expression, MacroName, Step } from './expression.js';
import { syntaxError } from './source-text.js';

/** A call on a value, of which may come a macro. */
interface MethodCall {
  readonly at: number;
  readonly name: string;
  readonly args: readonly Expression[];
}

const MACROS: Readonly<Record<string, MacroName>> = {
  all: 'all',
  exists: 'exists',
  exists_one: 'existsOne',
  existsOne: 'existsOne',
  filter: 'filter',
  map: 'map',
};

/** The macro that a method call means, or the call itself. @throws ExpressionSyntaxError when a macro has no name for its variable */
export function macroOrCall(source: string, call: MethodCall): Step {
  const { name, args, at } = call;
  if (name === 'reduce' && args.length === 4) return reduceStep(source, call);
  const macro = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined;
  const [variable, first, second] = args;
  if (macro === undefined || variable === undefined || first === undefined) return { kind: 'call', ...call };
  if (args.length === 2) {
    const body = macro === 'map' ? { transform: first } : { test: first };
    return { kind: 'macro', at, macro, variable: variableName(source, name, variable), ...body };
  }
  if (macro === 'map' && args.length === 3 && second !== undefined) {
    const variableText = variableName(source, name, variable);
    return { kind: 'macro', at, macro, variable: variableText, test: first, transform: second };
  }
  return { kind: 'call', ...call };
}

function reduceStep(source: string, { at, name, args }: MethodCall): Step {
  const [accumulator, variable, initial, body] = args;
  if (!accumulator || !variable || !initial || !body) return { kind: 'call', at, name, args };
  const names = {
    accumulator: variableName(source, name, accumulator),
    variable: variableName(source, name, variable),
  };
  if (names.accumulator === names.variable) {
    throw syntaxError(source, variable.at, `the variables of ${name} must have different names`);
  }
  return { kind: 'reduce', at, ...names, initial, body };
}

function variableName(source: string, macro: string, argument: Expression): string {
  if (argument.kind === 'identifier' && !argument.absolute) return argument.name;
  throw syntaxError(source, argument.at, `${macro} needs a plain name for its variable here`);
}
