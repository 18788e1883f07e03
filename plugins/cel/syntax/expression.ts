import type { Value } from '../values/value.js';

/**
 * A CEL expression as a tree. Chains of operators, of logic, of conditions and of member accesses are flat, so that the
 * tree is never deeper than the source is nested. `at` is an offset in the source.
 */
export type Expression =
  | Literal
  | Identifier
  | ListLiteral
  | MapLiteral
  | Unary
  | Chain
  | Logic
  | Conditional
  | Call
  | Access
  | Has;

interface Node {
  readonly at: number;
}

/** A constant. */
export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: Value;
}

/** A name; with a leading dot it is never a macro's variable. */
export interface Identifier extends Node {
  readonly kind: 'identifier';
  readonly name: string;
  readonly absolute: boolean;
}

export interface ListLiteral extends Node {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

export interface MapLiteral extends Node {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

export interface MapEntry extends Node {
  readonly key: Expression;
  readonly value: Expression;
}

export interface Unary extends Node {
  readonly kind: 'not' | 'negate';
  readonly operand: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';

/** Operators of one precedence, from left to right. */
export interface Chain extends Node {
  readonly kind: 'chain';
  readonly first: Expression;
  readonly rest: readonly ChainLink[];
}

export interface ChainLink extends Node {
  readonly operator: BinaryOperator;
  readonly operand: Expression;
}

/** `a && b && c`, `a || b || c`. */
export interface Logic extends Node {
  readonly kind: 'and' | 'or';
  readonly terms: readonly Expression[];
}

/** `a ? b : c ? d : e`. */
export interface Conditional extends Node {
  readonly kind: 'conditional';
  readonly branches: readonly { readonly condition: Expression; readonly result: Expression }[];
  readonly otherwise: Expression;
}

/** `f(x)`. */
export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}

/** A value and what is asked of it: `a.b["c"].d().e`. */
export interface Access extends Node {
  readonly kind: 'access';
  readonly base: Expression;
  readonly steps: readonly Step[];
}

export type Step = SelectStep | IndexStep | CallStep | MacroStep | ReduceStep;

export interface SelectStep extends Node {
  readonly kind: 'select';
  readonly field: string;
}

export interface IndexStep extends Node {
  readonly kind: 'index';
  readonly index: Expression;
}

export interface CallStep extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}

export type MacroName = 'all' | 'exists' | 'existsOne' | 'filter' | 'map';

/** A macro over the items of a list, or the keys of a mapping. Only `map` has a transform; its test may be left out. */
export interface MacroStep extends Node {
  readonly kind: 'macro';
  readonly macro: MacroName;
  readonly variable: string;
  readonly test?: Expression;
  readonly transform?: Expression;
}

/** `list.reduce(accumulator, variable, initial, body)`. */
export interface ReduceStep extends Node {
  readonly kind: 'reduce';
  readonly accumulator: string;
  readonly variable: string;
  readonly initial: Expression;
  readonly body: Expression;
}

/** `has(a.b)`, `has(a["b"])`: whether what the last step leads to is there. */
export interface Has extends Node {
  readonly kind: 'has';
  readonly base: Expression;
  readonly steps: readonly Step[];
  readonly last: SelectStep | IndexStep;
}
