import { isFunctionValue, type Value } from '../values/kinds.js';
import type { Definition, Focus } from './builtin.js';

interface Applicable {
  readonly arity?: number;
  readonly arguments?: readonly unknown[];
  readonly implementation?: Definition['implementation'];
  apply?(focus: Focus, args: readonly Value[]): Value;
}

/** A function of JSONata that can be called from here, with as many of the arguments as it takes, but at least one. */
export interface Callable {
  /** How many arguments it takes. */
  readonly arity: number;
  call(...args: Value[]): Value;
  /** Called with all of the arguments, whatever it takes. */
  callWith(args: readonly Value[]): Value;
}

/** What an argument that is a function can be called as. */
export function callable(value: Value, focus: Focus): Callable {
  const fn = value as Applicable;
  const arity = arityOf(fn);
  const callWith = (args: readonly Value[]): Value => {
    if (fn.implementation !== undefined) return fn.implementation.apply(focus, [...args]);
    return isFunctionValue(fn) ? fn.apply?.(focus, args) : undefined;
  };
  return { arity, callWith, call: (...args) => callWith(args.slice(0, Math.max(1, arity))) };
}

function arityOf(fn: Applicable): number {
  if (fn.arity !== undefined) return fn.arity;
  // The `arguments` of a function of JavaScript cannot be asked for.
  return typeof (fn as unknown) === 'function' ? (fn as unknown as () => void).length : (fn.arguments?.length ?? 1);
}
