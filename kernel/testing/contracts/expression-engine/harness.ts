import {
  Budget,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  type FunctionLibrary,
  type Json,
  type Program,
  type Scope,
  type SourceLimits,
  standardLibrary,
} from '../../../plugin.js';
import type { Assertions } from '../assertions.js';
import type { Dialect, Differs, Lacks } from './dialect.js';

/** What a group of tests registers itself with. */
export interface Contract {
  readonly dialect: Dialect;
  test(title: string, run: (t: Assertions, engine: EngineUnderTest) => Promise<void>): void;
}

/** So much of a source or a value is shown in messages. */
const SHOWN = 200;

/** The engine of a dialect, with the library at hand. */
export class EngineUnderTest {
  readonly #dialect: Dialect;
  readonly #engine;
  readonly #library: FunctionLibrary;

  constructor(dialect: Dialect, library: FunctionLibrary = standardLibrary()) {
    this.#dialect = dialect;
    this.#engine = dialect.engine();
    this.#library = library;
  }

  /** The source that is nothing but the expression. */
  whole(expression: string): string {
    return this.#dialect.whole?.(expression) ?? expression;
  }

  compile(source: string, limits?: SourceLimits): Program {
    return this.#engine.compile(source, this.#library, limits);
  }

  /** What a source is refused with when it is compiled. */
  refusal(source: string, limits?: SourceLimits): ExpressionSyntaxError {
    const shown = JSON.stringify(source.slice(0, SHOWN));
    try {
      this.compile(source, limits);
    } catch (error) {
      if (error instanceof ExpressionSyntaxError) return error;
      throw new Error(`${shown} should be an ExpressionSyntaxError, and throws ${String(error)}`, { cause: error });
    }
    throw new Error(`${shown} should be refused when it is compiled, and is not`);
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
      throw new Error(`${source.slice(0, SHOWN)} throws what is no Error`, { cause: error });
    }
    throw new Error(`${source.slice(0, SHOWN)} should fail, and gives ${JSON.stringify(value).slice(0, SHOWN)}`);
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
