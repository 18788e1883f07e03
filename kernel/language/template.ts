import type { RunBudget } from '../contracts/budget.js';
import type { Program, Scope } from '../contracts/expression-engine.js';
import type { Json, JsonObject, MaybePromise } from '../model/json.js';
import type { SourceLocation } from '../model/location.js';
import type { Path } from '../model/path.js';

/** A compiled expression and the place in its definition where it stands. */
export interface Expression {
  readonly program: Program;
  readonly location: SourceLocation;
  /** @throws EvaluationError, which names the location, the source and the engine's complaint */
  evaluate(scope: Scope, budget: RunBudget): MaybePromise<Json>;
}

/** An expression of a template, and where in the template it stands: the empty path when it is all of it. */
export interface PlacedExpression {
  readonly path: Path;
  readonly expression: Expression;
}

/** A JSON value with expressions among its leaves, compiled. What is constant in it is shared by all its evaluations, and frozen. */
export interface Template {
  readonly location: SourceLocation;
  /** What all its expressions read. */
  readonly reads: readonly Path[];
  readonly expressions: readonly PlacedExpression[];
  /** The value itself, when nothing in it is an expression. */
  readonly constant?: Json | undefined;
  /** @throws EvaluationError */
  evaluate(scope: Scope, budget: RunBudget): MaybePromise<Json>;
  /**
   * Lays the template over a base, as overlays are: mappings that are written out merge, all else (lists, scalars, an
   * empty mapping, whatever an expression gives) replaces. The base is not changed. @throws EvaluationError
   */
  layOver(base: JsonObject, scope: Scope, budget: RunBudget): MaybePromise<JsonObject>;
}
