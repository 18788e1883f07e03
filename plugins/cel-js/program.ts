import {
  type Budget,
  type FunctionLibrary,
  type Json,
  type Path,
  type Program,
  positionAt,
  type Scope,
} from '../../kernel/plugin.js';
import { explained } from './explain.js';
import { GuardedVisitor } from './guarded-visitor.js';
import type { Node } from './parts.js';
import type { ScopePaths } from './reads.js';
import { checkResult } from './result.js';

/** A compiled expression of cel-js. It keeps nothing between evaluations. */
export class CelJsProgram implements Program {
  readonly reads: readonly Path[];
  readonly tests: readonly Path[];
  readonly gives: readonly Path[];

  constructor(
    readonly source: string,
    { gives, reads, tests }: ScopePaths,
    private readonly tree: Node,
    private readonly library: FunctionLibrary,
  ) {
    this.reads = reads;
    this.tests = tests;
    this.gives = gives;
  }

  evaluate(scope: Scope, budget: Budget): Json {
    const visitor = new GuardedVisitor(scope, this.library, budget);
    try {
      const value = visitor.visit(this.tree) as Json;
      checkResult(value, budget);
      return value;
    } catch (error) {
      const at = visitor.failedAt;
      throw explained(error, at === undefined ? undefined : positionAt(this.source, at));
    }
  }
}
