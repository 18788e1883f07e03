import type { Path } from '../../kernel/plugin.js';
import { isTypeName } from './compile/scope-path.js';
import { constantPath } from './compile/written-path.js';
import type { Expression, Identifier, Step } from './syntax/expression.js';

/** The names of macro variables around a part of an expression. */
type Bound = ReadonlySet<string>;

/** What an expression asks of its scope, each path once, in the order of the source. */
export interface ScopePaths {
  /** All that it reads. */
  readonly reads: readonly Path[];
  /** Those of them whose presence it asks after with `has`. */
  readonly tests: readonly Path[];
  /** Those of them whose values it may give just as they are. */
  readonly gives: readonly Path[];
}

/** The paths that an expression names, wherever it may come to evaluate them. */
export function scopePaths(expression: Expression): ScopePaths {
  const walk = new ReadsWalk();
  walk.visit(expression, new Set());
  return { reads: [...walk.reads.values()], tests: [...walk.tests.values()], gives: givenBy(expression) };
}

/** The paths that an expression is, or one of its branches is. */
function givenBy(expression: Expression): readonly Path[] {
  switch (expression.kind) {
    case 'identifier':
      return isTypeName([expression.name]) ? [] : [[expression.name]];
    case 'access': {
      if (expression.base.kind !== 'identifier') return [];
      const path = constantPath(expression.base.name, expression.steps);
      return path.length === expression.steps.length + 1 && !isTypeName(path) ? [path] : [];
    }
    case 'conditional':
      return [...expression.branches.map(({ result }) => result), expression.otherwise].flatMap(givenBy);
    default:
      return [];
  }
}

class ReadsWalk {
  readonly reads = new Map<string, Path>();
  readonly tests = new Map<string, Path>();

  visit(expression: Expression, bound: Bound): void {
    switch (expression.kind) {
      case 'literal':
        return;
      case 'identifier':
        this.#path(expression, [], bound);
        return;
      case 'list':
        this.#all(expression.items, bound);
        return;
      case 'map':
        for (const { key, value } of expression.entries) this.#all([key, value], bound);
        return;
      case 'not':
      case 'negate':
        this.visit(expression.operand, bound);
        return;
      case 'chain':
        this.visit(expression.first, bound);
        for (const { operand } of expression.rest) this.visit(operand, bound);
        return;
      case 'and':
      case 'or':
        this.#all(expression.terms, bound);
        return;
      case 'conditional':
        for (const { condition, result } of expression.branches) this.#all([condition, result], bound);
        this.visit(expression.otherwise, bound);
        return;
      case 'call':
        this.#all(expression.args, bound);
        return;
      case 'access':
        this.#access(expression.base, expression.steps, bound);
        return;
      case 'has': {
        const steps = [...expression.steps, expression.last];
        this.#access(expression.base, steps, bound);
        this.#test(expression.base, steps, bound);
        return;
      }
    }
  }

  #all(expressions: readonly Expression[], bound: Bound): void {
    for (const expression of expressions) this.visit(expression, bound);
  }

  #access(base: Expression, steps: readonly Step[], bound: Bound): void {
    if (base.kind === 'identifier') this.#path(base, steps, bound);
    else this.visit(base, bound);
    for (const step of steps) this.#step(step, bound);
  }

  /** A question about a path that is written out whole is a test; with a computed part it is about something else. */
  #test(base: Expression, steps: readonly Step[], bound: Bound): void {
    if (base.kind !== 'identifier' || isBound(base, bound)) return;
    const path = constantPath(base.name, steps);
    if (path.length !== steps.length + 1) return;
    this.tests.set(JSON.stringify(path), path);
  }

  #path(base: Identifier, steps: readonly Step[], bound: Bound): void {
    const path = constantPath(base.name, steps);
    if (isBound(base, bound) || isTypeName(path)) return;
    this.reads.set(JSON.stringify(path), path);
  }

  #step(step: Step, bound: Bound): void {
    switch (step.kind) {
      case 'select':
        return;
      case 'index':
        this.visit(step.index, bound);
        return;
      case 'call':
        this.#all(step.args, bound);
        return;
      case 'macro': {
        const inner = new Set([...bound, step.variable]);
        if (step.test !== undefined) this.visit(step.test, inner);
        if (step.transform !== undefined) this.visit(step.transform, inner);
        return;
      }
      case 'reduce':
        this.visit(step.initial, bound);
        this.visit(step.body, new Set([...bound, step.accumulator, step.variable]));
        return;
    }
  }
}

/** Whether a name is a macro's variable, and not one of the scope. */
function isBound({ absolute, name }: Identifier, bound: Bound): boolean {
  return bound.has(name) && !absolute;
}
