import type jsonata from 'jsonata';
import {
  type Budget,
  ExpressionEvaluationError,
  type Json,
  type MaybePromise,
  type Path,
  type Program,
  type Scope,
} from '../../kernel/plugin.js';
import { EVALUATION, Evaluation } from './evaluation/evaluation.js';
import { FailureReport } from './evaluation/failure-report.js';
import { Fault } from './fault.js';
import { type PlainPath, valueAt } from './plain-path.js';
import type { Node } from './syntax/node.js';
import type { ScopePaths } from './syntax/scope-paths.js';
import { resultForm } from './values/result-form.js';

/** A compiled JSONata expression. All that an evaluation keeps is made for it, so that any number may run at once. */
export class JsonataProgram implements Program {
  readonly reads: readonly Path[];
  readonly tests: readonly Path[];
  readonly gives: readonly Path[];

  constructor(
    readonly source: string,
    { gives, reads, tests }: ScopePaths,
    private readonly expression: jsonata.Expression,
    private readonly tree: Node,
    /** Set when the expression is but a path of names, which needs no evaluator. */
    private readonly plainPath: PlainPath | undefined,
  ) {
    this.reads = reads;
    this.tests = tests;
    this.gives = gives;
  }

  evaluate(scope: Scope, budget: Budget): MaybePromise<Json> {
    if (this.plainPath !== undefined) {
      budget.spend(this.plainPath.length);
      const value = valueAt(scope, this.plainPath);
      if (value !== undefined) return value;
    }
    return this.#evaluate(scope, new Evaluation(budget));
  }

  async #evaluate(scope: Scope, evaluation: Evaluation): Promise<Json> {
    try {
      const value: unknown = await this.expression.evaluate(scope, { [EVALUATION]: evaluation });
      evaluation.ended = true;
      if (value === undefined) throw this.#report(evaluation).missing(scope);
      return this.#result(value, evaluation);
    } catch (error) {
      evaluation.ended = true;
      throw error instanceof ExpressionEvaluationError ? error : this.#report(evaluation).of(error);
    }
  }

  #result(value: unknown, evaluation: Evaluation): Json {
    try {
      return resultForm(value, evaluation);
    } catch (error) {
      throw error instanceof Fault ? this.#report(evaluation).ofResult(error) : error;
    }
  }

  #report(evaluation: Evaluation): FailureReport {
    return new FailureReport(this.source, this.tree, evaluation);
  }
}
