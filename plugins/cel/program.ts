import {
  type Budget,
  ExpressionEvaluationError,
  type Json,
  type Path,
  type Program,
  positionAt,
  type Scope,
} from '../../kernel/plugin.js';
import type { Operation } from './compile/frame.js';
import { stepsOf } from './compile/operation.js';
import { Fault } from './fault.js';
import type { ScopePaths } from './reads.js';
import { resultForm } from './values/json-form.js';
import type { Value } from './values/value.js';

/** A compiled CEL expression. It keeps nothing between evaluations. */
export class CelProgram implements Program {
  readonly reads: readonly Path[];
  readonly tests: readonly Path[];
  readonly gives: readonly Path[];
  readonly #steps: number;

  constructor(
    readonly source: string,
    { gives, reads, tests }: ScopePaths,
    private readonly root: Operation,
  ) {
    this.reads = reads;
    this.tests = tests;
    this.gives = gives;
    this.#steps = stepsOf(root.size);
  }

  evaluate(scope: Scope, budget: Budget): Json {
    try {
      const value = this.#value(scope, budget);
      return this.root.borrowed ? (value as Json) : resultForm(value, budget);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** The value as CEL has it, before it becomes JSON. @throws ExpressionEvaluationError, LimitExceededError */
  evaluateToValue(scope: Readonly<Record<string, Value>>, budget: Budget): Value {
    try {
      return this.#value(scope as Scope, budget);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  #value(scope: Scope, budget: Budget): Value {
    budget.spend(this.#steps);
    return this.root.evaluate({ scope, budget, slots: [] });
  }

  #explained(error: unknown): unknown {
    if (error instanceof Fault) {
      const position = error.at === undefined ? undefined : positionAt(this.source, error.at);
      return new ExpressionEvaluationError(error.message, position);
    }
    // Values can be made that are nested more deeply than the stack can follow.
    if (error instanceof RangeError && error.message.includes('call stack')) {
      return new ExpressionEvaluationError('a value is nested too deeply to be worked on');
    }
    return error;
  }
}
