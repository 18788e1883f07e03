import { LimitExceededError, type RunBudget } from '../contracts/budget.js';
import { ExpressionEvaluationError, type Program, type Scope } from '../contracts/expression-engine.js';
import type { Json, MaybePromise } from '../model/json.js';
import type { Origin, Position, SourceLocation } from '../model/location.js';
import { EvaluationError } from './evaluation-error.js';
import { positionInValue } from './expression-text.js';
import type { Expression } from './template.js';
import type { TemplateNode } from './template-node.js';

/** Where an expression stands: its location, and what it takes to point into it. */
export interface ExpressionPlace {
  readonly location: SourceLocation;
  readonly origin?: Origin | undefined;
  /** Where the source begins in its string value. */
  readonly start: Position;
}

/** An expression of a definition: a shared program at its own place. */
export class CompiledExpression implements Expression, TemplateNode {
  readonly location: SourceLocation;
  readonly #origin: Origin | undefined;
  readonly #start: Position;

  constructor(
    readonly program: Program,
    { location, origin, start }: ExpressionPlace,
  ) {
    this.location = location;
    this.#origin = origin;
    this.#start = start;
  }

  get expressions(): readonly Expression[] {
    return [this];
  }

  evaluate(scope: Scope, budget: RunBudget): MaybePromise<Json> {
    try {
      const value = this.program.evaluate(scope, budget.evaluation());
      return value instanceof Promise ? value.catch((error) => this.#fail(error)) : value;
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** What an expression gives replaces what was there. */
  layOver(_base: Json | undefined, scope: Scope, budget: RunBudget): MaybePromise<Json> {
    return this.evaluate(scope, budget);
  }

  #fail(error: unknown): never {
    const position = error instanceof ExpressionEvaluationError ? error.position : undefined;
    throw new EvaluationError(this.#locate(position), this.program.source, reasonOf(error), { cause: error });
  }

  #locate(inSource: Position | undefined): SourceLocation {
    if (inSource === undefined) return this.location;
    return locateInside({ location: this.location, origin: this.#origin, start: this.#start }, inSource);
  }
}

/** The location of a position inside an expression's source. */
export function locateInside({ location, origin, start }: ExpressionPlace, inSource: Position): SourceLocation {
  return { ...location, ...origin?.locate?.(location.path, positionInValue(start, inSource)) };
}

function reasonOf(error: unknown): string {
  if (error instanceof ExpressionEvaluationError || error instanceof LimitExceededError) return error.message;
  // Other errors are defects of an engine or function; their messages may hold anything, so only the cause keeps them.
  return `the expression engine failed with ${error instanceof Error ? error.name : 'an unknown error'}`;
}
