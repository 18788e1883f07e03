import type { FunctionLibrary } from '../../../kernel/plugin.js';
import { type Builtin, type Definition, defineBuiltin, requiredCount } from './builtin.js';
import { defineLibraryFunction } from './library-function.js';
import { listFunctions } from './list-functions.js';
import { LONG_LIST, longList } from './long-list.js';
import { mappingFunctions } from './mapping-functions.js';
import { pictureFunctions } from './number-functions.js';
import { operators } from './operators.js';
import { patternFunctions } from './pattern-functions.js';
import { StandardFunctions } from './standard-functions.js';
import { textFunctions } from './text-functions.js';
import { timeFunctions } from './time-functions.js';

/** JSONata's own functions that are let through as they are, with the arguments that they need and whether one may be the context. */
const AS_THEY_ARE: Readonly<Record<string, { readonly required: number; readonly context: boolean }>> = {
  count: { required: 1, context: false },
  formatBase: { required: 1, context: true },
  number: { required: 1, context: true },
  floor: { required: 1, context: true },
  ceil: { required: 1, context: true },
  round: { required: 1, context: true },
  abs: { required: 1, context: true },
  sqrt: { required: 1, context: true },
  power: { required: 2, context: true },
  boolean: { required: 1, context: true },
  not: { required: 1, context: true },
  lookup: { required: 2, context: true },
  append: { required: 2, context: false },
  exists: { required: 1, context: false },
  reverse: { required: 1, context: false },
  error: { required: 0, context: false },
  assert: { required: 1, context: false },
  type: { required: 1, context: false },
};

/** Functions of JSONata that are switched off, each with the reason. */
export const SWITCHED_OFF: Readonly<Record<string, string>> = {
  now: 'the same inputs must always give the same result; take a time from the inputs',
  millis: 'the same inputs must always give the same result; take a time from the inputs',
  random: 'the same inputs must always give the same result',
  shuffle: 'the same inputs must always give the same result',
  eval: 'what an expression reads must be known before it runs',
};

/** All functions that expressions may call, and how each takes its arguments. */
export class FunctionTable {
  /** What JSONata has to be told of; the others it knows. */
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly #context = new Map<string, number>();
  readonly #names: readonly string[];

  constructor(library: FunctionLibrary) {
    const standard = new StandardFunctions();
    const builtins = [
      ...[...textFunctions, ...patternFunctions, ...listFunctions, ...mappingFunctions, ...operators],
      ...[...pictureFunctions(standard), ...timeFunctions(standard)],
    ];
    const own = new Map<string, Builtin>(builtins.map((builtin) => [builtin.name, builtin]));
    const definitions = new Map([...own].map(([name, builtin]) => [name, defineBuiltin(builtin)]));
    for (const [name, fn] of library) definitions.set(name, defineLibraryFunction(fn, own.get(name)));
    definitions.set(LONG_LIST, longList);
    this.definitions = definitions;
    for (const builtin of builtins) {
      if (builtin.parameters[0]?.context) this.#context.set(builtin.name, requiredCount(builtin));
    }
    for (const [name, { context, required }] of Object.entries(AS_THEY_ARE)) {
      if (context) this.#context.set(name, required);
    }
    this.#names = [...new Set([...definitions.keys(), ...Object.keys(AS_THEY_ARE)])].filter(
      (name) => !name.startsWith(' '),
    );
  }

  get names(): readonly string[] {
    return this.#names;
  }

  has(name: string): boolean {
    return this.definitions.has(name) || Object.hasOwn(AS_THEY_ARE, name);
  }

  /** Whether a call with so few arguments takes one from its context. */
  takesContext(name: string, given: number): boolean {
    return given < (this.#context.get(name) ?? 0);
  }
}
