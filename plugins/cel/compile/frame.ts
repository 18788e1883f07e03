import type { Budget, Scope } from '../../../kernel/plugin.js';
import type { Value } from '../values/value.js';

/** What one evaluation works with. Programs keep nothing between evaluations. */
export interface Frame {
  readonly scope: Scope;
  readonly budget: Budget;
  /** The variables of macros; each has its slot from compiling. */
  readonly slots: Value[];
}

/** Evaluates a part of an expression. @throws Fault, LimitExceededError */
export type Evaluate = (frame: Frame) => Value;

/** A compiled part of an expression. */
export interface Operation {
  readonly evaluate: Evaluate;
  /** Nothing in its value is beyond JSON, so that it needs no conversion for the function library. */
  readonly plain: boolean;
  /** Its value is a part of the scope or a scalar: JSON that can be handed out as it is. */
  readonly borrowed: boolean;
  /** The value, when it is known without evaluating. Containers in it are frozen. */
  readonly constant?: Value;
  /** How many parts it has, itself counted: what evaluating it may cost. */
  readonly size: number;
}
