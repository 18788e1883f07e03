import { EVALUATION, type Evaluation } from '../evaluation/evaluation.js';
import { Fault } from '../fault.js';
import { isFunctionValue, isMapping, kindOf, type Value } from '../values/kinds.js';

/** What a parameter takes: a list takes a single value for a list of it, as JSONata does everywhere. */
export type ParameterType = 'any' | 'string' | 'number' | 'boolean' | 'list' | 'mapping' | 'function' | 'matcher';

/** One parameter, by position. */
export interface BuiltinParameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly optional?: true;
  /** Taken from the context when the call leaves it out. */
  readonly context?: true;
}

/** What a function of JSONata is called with. */
export interface Focus {
  readonly environment: { lookup(name: string): unknown };
  readonly input?: Value;
}

/** A standard function of JSONata as it is here: what it makes and what it takes of time is counted. */
export interface Builtin {
  readonly name: string;
  readonly parameters: readonly BuiltinParameter[];
  /**
   * Called with arguments of the declared types, as many as were given; those that are missing are undefined, and the first
   * never is, unless `missing` says that it may be.
   */
  call(args: readonly Value[], evaluation: Evaluation, focus: Focus): Value;
  /** Where the library has a function of the same name: whether this one is meant when the first argument is such a value. */
  readonly meantFor?: (first: Value) => boolean;
  /** Whether a missing first argument is passed on, where else it makes the result missing. */
  readonly missing?: true;
}

/** A function as JSONata's evaluator knows it. */
export interface Definition {
  readonly _jsonata_function: true;
  readonly implementation: (this: Focus, ...args: Value[]) => Value;
  readonly arity: number;
}

/** The evaluation that a call belongs to. */
export function evaluationOf(focus: Focus): Evaluation {
  return focus.environment.lookup(EVALUATION) as Evaluation;
}

/** Makes a builtin known to JSONata's evaluator. */
export function defineBuiltin(builtin: Builtin): Definition {
  const arity = Math.max(1, requiredCount(builtin));
  return definition(arity, builtin.parameters.length, (focus, given) => callBuiltin(builtin, given, focus));
}

/**
 * A function of JSONata. Called with the arguments that were written.
 * @param arity how many arguments others that call it should give, such as `$map`
 * @param most how many it takes
 */
export function definition(
  arity: number,
  most: number,
  call: (focus: Focus, given: readonly Value[]) => Value,
): Definition {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].slice(0, most).join(', ');
  const implementation = function (this: Focus, ...given: Value[]): Value {
    return call(this, given);
  };
  // Partial application takes the names of parameters from the text of a function.
  return new SharedDefinition(Object.assign(implementation, { toString: () => `(${names})` }), arity);
}

/**
 * A definition that all programs share. JSONata writes onto a function where it is called, and tells that place of whatever
 * fails in it, even when it is called from somewhere else by then: so the place is not kept.
 */
class SharedDefinition implements Definition {
  readonly _jsonata_function = true;

  constructor(
    readonly implementation: Definition['implementation'],
    readonly arity: number,
  ) {}

  get position(): undefined {
    return undefined;
  }

  set position(_place: unknown) {}

  get token(): undefined {
    return undefined;
  }

  set token(_name: unknown) {}
}

/** Calls a builtin with its arguments put right and checked. @throws Fault that names the parameter and the type, and no value */
export function callBuiltin(builtin: Builtin, given: readonly Value[], focus: Focus): Value {
  const evaluation = evaluationOf(focus);
  evaluation.spend(1);
  const args = withContext(builtin, given, focus);
  const { name, parameters } = builtin;
  if (args.slice(parameters.length).some((extra) => extra !== undefined)) {
    throw new Fault(`$${name} takes ${parameters.length} arguments at most, not ${args.length}`);
  }
  const [first] = parameters;
  const required = requiredCount(builtin);
  const leftOut = args.length < required ? parameters[args.length] : undefined;
  if (leftOut !== undefined) throw new Fault(`$${name}: \`${leftOut.name}\` is missing`);
  if (args[0] === undefined && builtin.missing === undefined && first !== undefined && first.optional === undefined) {
    return undefined;
  }
  const written = parameters.slice(0, Math.max(args.length, required));
  const checked = written.map((parameter, index) => argument(builtin, parameter, args[index], index > 0));
  return builtin.call(checked, evaluation, focus);
}

/** JSONata's rule: a first argument that is left out is the context, and so it is when what was given fits only the others. */
function withContext(builtin: Builtin, given: readonly Value[], focus: Focus): readonly Value[] {
  const [first] = builtin.parameters;
  if (first?.context === undefined || given.length >= builtin.parameters.length) return given;
  const isLeftOut = given.length < requiredCount(builtin) || !areAccepted(given.slice(0, 1), [first]);
  return isLeftOut || leaveContextOut(given, builtin) ? [focus.input, ...given] : given;
}

/** Whether the arguments can only be those after the first one, which the context can be. */
function leaveContextOut(given: readonly Value[], { parameters }: Builtin): boolean {
  const [first, ...others] = parameters;
  if (first?.context === undefined || given.length > others.length) return false;
  return !areAccepted(given, parameters) && areAccepted(given, others);
}

/** Whether the arguments are of the types of the parameters; one that is missing is of any. */
function areAccepted(args: readonly Value[], parameters: readonly BuiltinParameter[]): boolean {
  return args.every((arg, index) => arg === undefined || accepts(parameters[index]?.type ?? 'any', arg));
}

/** How many arguments must be there, one way or the other. */
export function requiredCount({ parameters }: Builtin): number {
  return parameters.filter((parameter) => parameter.optional === undefined).length;
}

function argument({ missing, name }: Builtin, parameter: BuiltinParameter, value: Value, mustBeThere: boolean): Value {
  if (value === undefined) {
    if (mustBeThere && parameter.optional === undefined && missing === undefined) {
      throw new Fault(`$${name}: \`${parameter.name}\` is missing`);
    }
    return undefined;
  }
  if (!accepts(parameter.type, value)) {
    throw new Fault(`$${name}: \`${parameter.name}\` must be ${TYPE_TEXT[parameter.type]}, not ${kindOf(value)}`);
  }
  return parameter.type === 'list' && !Array.isArray(value) ? [value] : value;
}

const TYPE_TEXT: Readonly<Record<ParameterType, string>> = {
  any: 'anything',
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
  list: 'a list',
  mapping: 'a mapping',
  function: 'a function',
  matcher: 'a string or a regular expression',
};

function accepts(type: ParameterType, value: Value): boolean {
  switch (type) {
    case 'any':
    case 'list':
      return true;
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    case 'mapping':
      return isMapping(value);
    case 'function':
      return isFunctionValue(value);
    case 'matcher':
      return typeof value === 'string' || isFunctionValue(value);
  }
}
