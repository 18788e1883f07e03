import {
  checkArguments,
  type ExactValue,
  FunctionError,
  type FunctionLibrary,
  type Json,
  type LibraryFunction,
} from '../../../kernel/index.js';
import { Fault } from '../fault.js';
import type { CelFunction, FunctionTable } from '../functions/cel-function.js';
import { exactForm, plainForm } from '../values/json-form.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/value.js';
import type { Evaluate, Frame, Operation } from './frame.js';
import { anyOperation, sizeWith } from './operation.js';

/** The functions that a program may call. The library comes first: where CEL has one of the same name, its meaning holds. */
export interface Functions {
  readonly library: FunctionLibrary;
  readonly standard: FunctionTable;
}

/** A call of a function by name. @throws Fault when there is no such function, which is known before anything runs */
export function callOperation(functions: Functions, name: string, args: readonly Operation[], at: number): Operation {
  const own = functions.library.get(name);
  if (own !== undefined && own.parameters.length === args.length) return libraryCall(own, args, at);
  const standard = functions.standard.get(name)?.get(args.length);
  if (standard !== undefined) return standardCall(standard, args, at);
  throw new Fault(unknownFunction(functions, name, args.length), at);
}

/** Whether there is a function of that name, whatever its arguments. */
export function hasFunction({ library, standard }: Functions, name: string): boolean {
  return library.has(name) || standard.has(name);
}

function unknownFunction({ library, standard }: Functions, name: string, count: number): string {
  const arities = [library.get(name)?.parameters.length, ...(standard.get(name)?.keys() ?? [])]
    .filter((arity) => arity !== undefined)
    .sort((a, b) => a - b);
  if (arities.length === 0) return `there is no function \`${name}\``;
  const wanted = [...new Set(arities)].join(' or ');
  return `\`${name}\` takes ${wanted} argument${wanted === '1' ? '' : 's'}, what it is called on included, not ${count}`;
}

function standardCall(definition: CelFunction, args: readonly Operation[], at: number): Operation {
  definition.check?.(args.map((arg) => arg.constant));
  const evaluates = args.map((arg) => arg.evaluate);
  return anyOperation((frame) => {
    const values = evaluateAll(evaluates, frame);
    try {
      frame.budget.spend(1);
      return definition.call(values, frame.budget);
    } catch (error) {
      throw error instanceof Fault && error.at === undefined ? new Fault(error.message, at) : error;
    }
  }, args);
}

function libraryCall(definition: LibraryFunction, args: readonly Operation[], at: number): Operation {
  const exact = definition.callExact !== undefined;
  const evaluate: Evaluate = (frame) => {
    const values = libraryArguments(args, exact, frame);
    try {
      frame.budget.spend(1);
      checkArguments(definition, values);
      if (definition.callExact !== undefined) return definition.callExact(values, frame.budget);
      return definition.call(values as readonly Json[], frame.budget);
    } catch (error) {
      throw error instanceof FunctionError ? new Fault(error.message, at) : error;
    }
  };
  return { evaluate, plain: !exact, borrowed: false, size: sizeWith(args) };
}

/** The arguments as the library knows values. Those that hold nothing beyond JSON are passed as they are. */
function libraryArguments(args: readonly Operation[], exact: boolean, frame: Frame): readonly ExactValue[] {
  return args.map((arg) => {
    const value = arg.evaluate(frame);
    if (arg.plain) return value as Json;
    return exact ? exactForm(value, frame.budget) : plainForm(value, frame.budget);
  });
}

function evaluateAll(evaluates: readonly Evaluate[], frame: Frame): readonly Value[] {
  return evaluates.map((evaluate) => evaluate(frame));
}

/** A fault for arguments of types that a function does not take. */
export function wrongArguments(name: string, args: readonly Value[]): Fault {
  return new Fault(`no such overload: ${name}(${args.map(typeName).join(', ')})`);
}
