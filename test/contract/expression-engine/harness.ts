import type { ExecutionContext } from 'ava';
import {
  Budget,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  type FunctionLibrary,
  type Json,
  type Program,
  type Scope,
  standardLibrary,
} from 'koreo-kernel';
import type { Dialect, Differs, Lacks } from './dialect.js';

/** What a group of tests registers itself with. */
export interface Contract {
  readonly dialect: Dialect;
  test(title: string, run: (t: ExecutionContext, engine: EngineUnderTest) => Promise<void>): void;
}

/** The engine of a dialect, with the library at hand. */
export class EngineUnderTest {
  readonly #engine;
  readonly #library: FunctionLibrary;

  constructor(dialect: Dialect, library: FunctionLibrary = standardLibrary()) {
    this.#engine = dialect.engine();
    this.#library = library;
  }

  compile(source: string): Program {
    return this.#engine.compile(source, this.#library);
  }

  /** The value of an expression, whether the engine gives it now or promises it. */
  async evaluate(source: string, scope: Scope = {}, budget: Budget = new Budget()): Promise<Json> {
    return this.compile(source).evaluate(scope, budget);
  }

  /** What an expression fails with. */
  async failure(source: string, scope: Scope = {}, budget: Budget = new Budget()): Promise<Error> {
    let value: Json;
    try {
      value = await this.evaluate(source, scope, budget);
    } catch (error) {
      if (error instanceof Error) return error;
      throw new Error(`${source} throws what is no Error`, { cause: error });
    }
    throw new Error(`${source} should fail, and gives ${JSON.stringify(value)}`);
  }
}

/** Whether an error is one of the two that an engine may throw for an expression that is wrong. */
export function isExpressionError(error: unknown): error is ExpressionEvaluationError | ExpressionSyntaxError {
  return error instanceof ExpressionEvaluationError || error instanceof ExpressionSyntaxError;
}

/** Whether the entry says that the language cannot say it. */
export function isLacking(entry: object | string): entry is Lacks {
  return typeof entry === 'object' && 'lacks' in entry;
}

/** Whether the entry says that the expression means something else here. */
export function isDiffering(entry: object | string): entry is Differs {
  return typeof entry === 'object' && 'differs' in entry;
}

/** The expression of an entry; undefined where the language lacks it. */
export function sourceOf(entry: string | Lacks | Differs): string | undefined {
  if (isLacking(entry)) return undefined;
  return isDiffering(entry) ? entry.source : entry;
}

/** Whether a value is JSON and nothing more: no prototype but Object's, no holes, no further properties. */
export function isPlainJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object') return false;
  const keys = Reflect.ownKeys(value);
  if (Array.isArray(value)) {
    // `length` is the one more that every array has.
    return (
      keys.length === value.length + 1 && Object.getPrototypeOf(value) === Array.prototype && value.every(isPlainJson)
    );
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return keys.every((key) => typeof key === 'string') && Object.values(value).every(isPlainJson);
}
