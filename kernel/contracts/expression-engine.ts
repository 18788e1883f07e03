import { KoreoError } from '../model/errors.js';
import type { Json, MaybePromise } from '../model/json.js';
import type { Position } from '../model/location.js';
import type { Path } from '../model/path.js';
import type { Budget } from './budget.js';
import type { FunctionLibrary } from './function-library.js';

/** The names that an expression may read. Nothing but own keys is ever looked at. */
export type Scope = Readonly<Record<string, Json>>;

/** Compiles and evaluates one expression language. Stateless; safe to share between kernels. */
export interface ExpressionEngine {
  /** The name by which configurations and annotations choose it: `cel`. */
  readonly language: string;
  /**
   * @param limits those of the deployment; an engine that is given none keeps to its own
   * @throws ExpressionSyntaxError when the source does not parse, or goes beyond a limit on sources
   */
  compile(source: string, library: FunctionLibrary, limits?: SourceLimits): Program;
}

/** Limits on sources; see `limits` in the configuration. */
export interface SourceLimits {
  readonly expressionCharacters: number;
  /** Brackets, calls and branches inside one another. */
  readonly expressionNesting: number;
}

/** A compiled expression: immutable, shared by everyone whose source is the same. */
export interface Program {
  readonly source: string;
  /**
   * The free paths that the expression names, from its syntax tree, whether or not a branch would be taken:
   * `steps.config["a"].b` gives `["steps","config","a","b"]`; a computed index ends the path where it stands.
   */
  readonly reads: readonly Path[];
  /**
   * Those of `reads` whose presence the expression itself asks after (`has(inputs.size)`), so that they may be missing.
   * Absent where the language has no such question, or the expression asks none.
   */
  readonly tests?: readonly Path[];
  /**
   * Those of `reads` whose values the expression may give just as they are: `a.b`, and both of `c ? a.b : d.e`. For tools
   * that follow where values go. Absent where the engine cannot tell.
   */
  readonly gives?: readonly Path[];
  /** Never changes the scope. @throws ExpressionEvaluationError, LimitExceededError */
  evaluate(scope: Scope, budget: Budget): MaybePromise<Json>;
}

/** The source is not an expression of its language. The position is in the source, from line 1, column 1. */
export class ExpressionSyntaxError extends KoreoError {
  readonly code = 'expression-syntax';

  constructor(
    message: string,
    readonly position: Position = { line: 1, column: 1 },
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** An evaluation failed. The message tells names and types, and never values from the scope. */
export class ExpressionEvaluationError extends KoreoError {
  readonly code = 'expression-evaluation';

  constructor(
    message: string,
    /** Where in the source, when the engine knows. */
    readonly position?: Position,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export const EXPRESSION_ENGINES = Symbol.for('koreo.expression-engines');
