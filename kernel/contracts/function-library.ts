import { knowOtherCopies } from '../model/errors.js';
import type { ExactValue } from '../model/exact-value.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Budget } from './budget.js';

/** What a parameter of a library function accepts; `any` accepts all, null too. */
export type ParameterType = 'any' | 'string' | 'int' | 'number' | 'boolean' | 'list' | 'mapping';

/** One parameter, by position. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
}

/** What the arguments for such parameters are. */
export type ArgumentsOf<Parameters extends readonly Parameter[]> = {
  readonly [Index in keyof Parameters]: Arguments[Parameters[Index]['type']];
};

interface Arguments extends Record<ParameterType, Json> {
  readonly any: Json;
  readonly string: string;
  readonly int: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly list: readonly Json[];
  readonly mapping: JsonObject;
}

/**
 * A pure function that every expression language offers under its own calling convention. `call` gets exactly the
 * declared arguments, of the declared types: engines check, so that all give the same errors. It must not change them.
 */
export interface LibraryFunction<Parameters extends readonly Parameter[] = readonly Parameter[]> {
  readonly name: string;
  readonly parameters: Parameters;
  /** One line for the documentation. */
  readonly summary: string;
  /** @throws FunctionError for arguments that cannot be used; LimitExceededError by way of the budget */
  call(args: ArgumentsOf<Parameters>, budget: Budget): Json;
  /**
   * The same function for languages that tell `2.0` from `2`: numbers keep their kind through it. Without it such a
   * language passes plain numbers, and takes whole ones that come back for integers.
   */
  callExact?(args: readonly ExactValue[], budget: Budget): ExactValue;
}

/** Checks the types of a function, and gives it as it is: `call` gets the types that its parameters say. */
export function defineFunction<const Parameters extends readonly Parameter[]>(
  definition: LibraryFunction<Parameters>,
): LibraryFunction<Parameters> {
  return definition;
}

/** The functions that expressions may call, by name. Frozen once the kernel has started. */
export type FunctionLibrary = ReadonlyMap<string, LibraryFunction>;

/** A library function's own complaint about its arguments; engines turn it into an ExpressionEvaluationError. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}

knowOtherCopies(FunctionError);

export const FUNCTION_LIBRARY = Symbol.for('koreo.function-library');
