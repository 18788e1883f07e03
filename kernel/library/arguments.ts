import { FunctionError, type LibraryFunction, type ParameterType } from '../contracts/function-library.js';
import {
  type ExactValue,
  exactTypeName,
  isExactList,
  isExactMapping,
  isInteger,
  numberOf,
} from '../model/exact-value.js';

const TYPE_TEXT: Readonly<Record<ParameterType, string>> = {
  any: 'anything',
  string: 'a string',
  int: 'an integer',
  number: 'a number',
  boolean: 'a boolean',
  list: 'a list',
  mapping: 'a mapping',
};

/**
 * Checks the arguments of a call against the function's parameters, for engines to call before they call the function.
 * @throws FunctionError that names the function, the parameter and the type, and no value
 */
export function checkArguments(definition: LibraryFunction, args: readonly ExactValue[]): void {
  const { name, parameters } = definition;
  if (args.length !== parameters.length) {
    const names = parameters.map((parameter) => parameter.name).join(', ');
    throw new FunctionError(`${name}(${names}) takes ${count(parameters.length)}, not ${args.length}`);
  }
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index];
    const value = args[index];
    if (parameter !== undefined && !accepts(parameter.type, value)) {
      const wanted = TYPE_TEXT[parameter.type];
      throw new FunctionError(`${name}: \`${parameter.name}\` must be ${wanted}, not ${exactTypeName(value)}`);
    }
  }
}

function count(parameters: number): string {
  return parameters === 1 ? '1 argument' : `${parameters} arguments`;
}

function accepts(type: ParameterType, value: ExactValue | undefined): boolean {
  switch (type) {
    case 'any':
      return value !== undefined;
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'int':
      return isInteger(value);
    case 'number':
      return numberOf(value) !== undefined;
    case 'list':
      return isExactList(value);
    case 'mapping':
      return isExactMapping(value);
  }
}
