import type { Identifier } from '../syntax/expression.js';
import type { Operation } from './frame.js';

/** The variables of the macros around a part of an expression, innermost first. */
export interface Variables {
  readonly name: string;
  readonly slot: number;
  /** Nothing beyond JSON is ever in it. */
  readonly plain: boolean;
  readonly outer: Variables | undefined;
}

/** One variable more, in a slot of its own. */
export function bind(name: string, outer: Variables | undefined, { plain }: { readonly plain: boolean }): Variables {
  return { name, slot: outer === undefined ? 0 : outer.slot + 1, plain, outer };
}

/** The variable that a name means; undefined when it is a name of the scope. */
export function boundTo({ name, absolute }: Identifier, variables: Variables | undefined): Variables | undefined {
  if (absolute) return undefined;
  for (let here = variables; here !== undefined; here = here.outer) if (here.name === name) return here;
  return undefined;
}

/** Reads a variable. */
export function variableOperation({ slot, plain }: Variables): Operation {
  return { evaluate: (frame) => frame.slots[slot] ?? null, plain, borrowed: false, size: 1 };
}
