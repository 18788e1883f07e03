import {
  checkArguments,
  type ExactValue,
  FunctionError,
  type FunctionLibrary,
  type Json,
  type LibraryFunction,
} from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import type { CelFunction, FunctionTable } from '../functions/cel-function.js';
import { exactForm, plainForm } from '../values/json-form.js';
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

function unknownFunction({ library, standard }: Functions, name: string, count: number): string {
  const arities = [library.get(name)?.parameters.length, ...(standard.get(name)?.keys() ?? [])]
    .filter((arity) => arity !== undefined)
    .sort((a, b) => a - b);
  if (arities.length === 0) return `there is no function \`${name}\``;
  const wanted = [...new Set(arities)].join(' or ');
  return `\`${name}\` takes ${wanted} argument${wanted === '1' ? '' : 's'}, what it is called on included, not ${count}`;
}

function standardCall(definition: CelFunction, args: readonly Operation[], at: number): Operation {
  const special = placed(at, () => definition.specialize?.(args.map((arg) => arg.constant)));
  const call = special ?? definition.call;
  const evaluates = args.map((arg) => arg.evaluate);
  return anyOperation((frame) => {
    const values = evaluates.map((evaluate) => evaluate(frame));
    frame.budget.spend(2);
    return placed(at, () => call(values, frame.budget));
  }, args);
}

/** Tells where the call stands, for faults that do not know. */
function placed<T>(at: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Fault && error.at === undefined ? new Fault(error.message, at) : error;
  }
}

function libraryCall(definition: LibraryFunction, args: readonly Operation[], at: number): Operation {
  const exact = definition.callExact !== undefined;
  const evaluate: Evaluate = (frame) => {
    const values = args.map((arg) => exactArgument(arg, frame));
    frame.budget.spend(2);
    try {
      checkArguments(definition, values);
      if (definition.callExact !== undefined) return definition.callExact(values, frame.budget);
      return definition.call(plainArguments(args, values, frame), frame.budget);
    } catch (error) {
      throw error instanceof FunctionError ? new Fault(error.message, at) : error;
    }
  };
  return { evaluate, plain: !exact, borrowed: false, size: sizeWith(args) };
}

/** An argument as the library knows values. One that holds nothing beyond JSON is passed as it is. */
function exactArgument(arg: Operation, frame: Frame): ExactValue {
  const value = arg.evaluate(frame);
  return arg.plain ? (value as Json) : exactForm(value, frame.budget);
}

function plainArguments(args: readonly Operation[], values: readonly ExactValue[], frame: Frame): readonly Json[] {
  if (args.every((arg) => arg.plain)) return values as readonly Json[];
  return values.map((value) => plainForm(value, frame.budget));
}
