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

/** The macro that a method call means, or the call itself. @throws ExpressionSyntaxError when the arguments are not a macro's */
export function macroOrCall(source: string, call: MethodCall): Step {
  const { name, args, at } = call;
  if (name === 'reduce') return reduceStep(source, call);
  const macro = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined;
  if (macro === undefined) return { kind: 'call', ...call };
  const [variable, first, second, more] = args;
  if (
    variable === undefined ||
    first === undefined ||
    more !== undefined ||
    (second !== undefined && macro !== 'map')
  ) {
    const filtered = macro === 'map' ? `, or \`${name}(x, test, expression)\`` : '';
    throw syntaxError(source, at, `the macro is written \`${name}(x, expression)\`${filtered}`);
  }
  const variableText = variableName(source, name, variable);
  if (macro !== 'map') return { kind: 'macro', at, macro, variable: variableText, test: first };
  if (second === undefined) return { kind: 'macro', at, macro, variable: variableText, transform: first };
  return { kind: 'macro', at, macro, variable: variableText, test: first, transform: second };
}

function reduceStep(source: string, { at, name, args }: MethodCall): Step {
  const [accumulator, variable, initial, body, more] = args;
  if (!accumulator || !variable || !initial || !body || more) {
    throw syntaxError(source, at, 'the macro is written `reduce(accumulator, x, initial, expression)`');
  }
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
