import {
  type EvaluationLimits,
  type ExpressionEngine,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  errorMessage,
  isList,
  isObject,
  type Json,
  type JsonObject,
  LimitExceededError,
  type MutableJsonObject,
  meantOrKnown,
  type Position,
  type PrepareContext,
  type Program,
  RunBudget,
  setKey,
} from '../../kernel/plugin.js';
import { UsageError } from '../usage-error.js';
import type { Surroundings } from './surroundings.js';

/** What came of an expression: its value, or what is wrong with it in a person's words. */
export type Evaluation = { readonly ok: Json } | { readonly error: string };

/** Evaluates expressions of one language with the function library of definitions. */
export class Evaluator {
  readonly #engine: ExpressionEngine;
  readonly #context: PrepareContext;
  readonly #limits: EvaluationLimits;

  /** @throws UsageError when no plug-in brings the language */
  constructor({ context, language, limits }: Surroundings) {
    this.#context = context;
    this.#limits = limits;
    const { engines } = context;
    const engine = engines.get(language);
    if (engine === undefined) {
      const known = [...engines.keys()].sort();
      throw new UsageError(`there is no expression language '${language}'${meantOrKnown(language, known)}`);
    }
    this.#engine = engine;
  }

  /**
   * The value of an expression (a leading `=` may be left out), or of a list or mapping with expressions among its
   * leaves (strings that begin with `=`, as in definitions). What goes wrong in it is an answer, and not thrown.
   */
  async evaluate(expression: Json, inputs: JsonObject): Promise<Evaluation> {
    const budget = new RunBudget(this.#limits);
    const whole = typeof expression === 'string' ? `=${expression.replace(/^\s*=/, '')}` : expression;
    try {
      return { ok: await this.#value(whole, inputs, budget) };
    } catch (error) {
      if (isExpected(error)) return { error: describe(error) };
      throw error;
    }
  }

  async #value(value: Json, inputs: JsonObject, budget: RunBudget): Promise<Json> {
    if (typeof value === 'string') return this.#leaf(value, inputs, budget);
    if (isList(value)) return Promise.all(value.map((item) => this.#value(item, inputs, budget)));
    if (!isObject(value)) return value;
    const result: MutableJsonObject = {};
    for (const [key, item] of Object.entries(value)) setKey(result, key, await this.#value(item, inputs, budget));
    return result;
  }

  #leaf(text: string, inputs: JsonObject, budget: RunBudget): Json | Promise<Json> {
    const source = /^\s*=([\s\S]*)$/.exec(text)?.[1];
    return source === undefined ? text : this.#program(source).evaluate(inputs, budget.evaluation());
  }

  /** @throws ExpressionSyntaxError */
  #program(source: string): Program {
    const { library, limits, programs } = this.#context;
    if (source.length > limits.expressionCharacters) {
      throw new ExpressionSyntaxError(`the expression is longer than ${limits.expressionCharacters} characters`);
    }
    return programs.compile(this.#engine, source, library);
  }
}

type Expected = ExpressionSyntaxError | ExpressionEvaluationError | LimitExceededError;

function isExpected(error: unknown): error is Expected {
  return [ExpressionSyntaxError, ExpressionEvaluationError, LimitExceededError].some((type) => error instanceof type);
}

function describe(error: Expected): string {
  const position: Position | undefined = 'position' in error ? error.position : undefined;
  const where = position === undefined ? '' : ` (line ${position.line}, column ${position.column})`;
  return `${errorMessage(error)}${where}`;
}
