import type { Json } from 'koreo-kernel';

/** One call of a library function and what must come of it. */
export interface FunctionCase {
  readonly args: readonly Json[];
  readonly gives?: Json;
  /** A part of the complaint. */
  readonly fails?: string;
}

/** The cases of a function, by its name. */
export type FunctionCases = Readonly<Record<string, readonly FunctionCase[]>>;

export const gives = (args: readonly Json[], value: Json): FunctionCase => ({ args, gives: value });
export const fails = (args: readonly Json[], message: string): FunctionCase => ({ args, fails: message });
