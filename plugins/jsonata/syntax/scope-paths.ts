import { ExpressionSyntaxError, nearest, type Path, positionAt } from '../../../kernel/plugin.js';
import { type FunctionTable, SWITCHED_OFF } from '../functions/function-table.js';
import { Frame } from './frame.js';
import { childrenOf, isPairs, type Node, type Pair, type Stage, startOf } from './node.js';

/** The paths of the scope that a value may be, just as it is; none when it is made, or nobody can know. */
type Origin = readonly Path[];

const WHOLE_SCOPE: Origin = [[]];
const MADE: Origin = [];

/** What an expression asks of its scope, each path once. */
export interface ScopePaths {
  readonly reads: readonly Path[];
  /** Those whose presence it asks after, with `$exists`, `??` or `?:`. */
  readonly tests: readonly Path[];
  /** Those whose values it may give just as they are. */
  readonly gives: readonly Path[];
}

/**
 * The paths that an expression names, found by following contexts and variables through its tree. A path ends where
 * something is computed: all below is then read. @throws ExpressionSyntaxError for variables and functions that there are not, and for the
 * whole scope as a value, of which nobody could know what is read
 */
export function scopePaths(root: Node, source: string, functions: FunctionTable): ScopePaths {
  const walk = new ScopeWalk(source, functions);
  const frame = Frame.around([root]);
  const gives = walk.visit(root, WHOLE_SCOPE, frame);
  walk.consume(gives, root);
  return { reads: [...walk.reads.values()], tests: [...walk.tests.values()], gives };
}

class ScopeWalk {
  readonly reads = new Map<string, Path>();
  readonly tests = new Map<string, Path>();
  /** Where the `%` of a label leads. */
  readonly #parents = new Map<string, Origin>();

  constructor(
    private readonly source: string,
    private readonly functions: FunctionTable,
  ) {}

  /** Notes that the value is used. */
  consume(origin: Origin, node: Node): void {
    for (const path of origin) {
      if (path.length > 0) this.reads.set(JSON.stringify(path), path);
      else throw this.#refusal('this takes the whole scope for a value; name what is read of it', node);
    }
  }

  /** Notes what the node reads, and gives where its value comes from. */
  visit(node: Node, context: Origin, frame: Frame): Origin {
    const origin = this.#value(node, context, frame);
    if (node.predicate === undefined && (node.group === undefined || node.type === 'path')) return origin;
    this.consume(origin, node);
    for (const stage of node.predicate ?? []) this.#filter(stage, frame);
    this.#pairs(node.group?.lhs ?? [], MADE, frame);
    return MADE;
  }

  #value(node: Node, context: Origin, frame: Frame): Origin {
    switch (node.type) {
      case 'variable':
        return this.#variable(node, context, frame);
      case 'path':
        return this.#path(node, context, frame);
      case 'name':
        return under(context, String(node.value));
      case 'parent':
        return this.#parents.get(node.slot?.label ?? '') ?? MADE;
      case 'wildcard':
      case 'descendant':
        this.consume(context, node);
        return MADE;
      case 'bind': {
        const origin = node.rhs === undefined ? MADE : this.visit(node.rhs, context, frame);
        if (!isPairs(node.lhs)) frame.bind(String(node.lhs?.value), origin);
        return origin;
      }
      case 'block': {
        const inner = Frame.around(node.expressions ?? [], frame);
        return (node.expressions ?? []).reduce<Origin>((_, part) => this.visit(part, context, inner), MADE);
      }
      case 'condition':
        return this.#condition(node, context, frame);
      case 'lambda':
        this.#lambda(node, context, frame);
        return MADE;
      case 'function':
      case 'partial':
        this.#call(node, context, frame, node.arguments?.length ?? 0);
        return MADE;
      case 'apply':
        this.#apply(node, context, frame);
        return MADE;
      case 'transform':
        for (const part of childrenOf(node)) this.#use(part, MADE, frame);
        return MADE;
      case 'unary':
        if (isPairs(node.lhs)) this.#pairs(node.lhs, context, frame);
        for (const part of [...(node.expressions ?? []), node.expression]) this.#use(part, context, frame);
        return MADE;
      case 'binary':
        if (!isPairs(node.lhs)) this.#use(node.lhs, context, frame);
        this.#use(node.rhs, context, frame);
        return MADE;
      default:
        return MADE;
    }
  }

  #use(node: Node | undefined, context: Origin, frame: Frame): void {
    if (node !== undefined) this.consume(this.visit(node, context, frame), node);
  }

  #pairs(pairs: readonly Pair[], context: Origin, frame: Frame): void {
    for (const part of pairs.flat()) this.#use(part, context, frame);
  }

  #variable(node: Node, context: Origin, frame: Frame): Origin {
    const name = String(node.value);
    if (name === '') return context;
    if (name === '$') return WHOLE_SCOPE;
    const bound = frame.lookup(name);
    if (bound !== undefined) return bound;
    if (this.functions.has(name)) return MADE;
    const reason = Object.hasOwn(SWITCHED_OFF, name) ? SWITCHED_OFF[name] : undefined;
    if (reason !== undefined) throw this.#refusal(`\`$${name}\` is switched off: ${reason}`, node);
    const near = nearest(name, [...this.functions.names, ...frame.names]);
    const hint = near === undefined ? '' : `; did you mean \`$${near}\`?`;
    throw this.#refusal(`there is no variable or function \`$${name}\`${hint}`, node);
  }

  #path(node: Node, context: Origin, outer: Frame): Origin {
    const frame = new Frame(outer);
    let here = context;
    for (const step of node.steps ?? []) here = this.#step(step, here, frame);
    if (node.group === undefined) return here;
    this.consume(here, node);
    this.#pairs(node.group.lhs, MADE, frame);
    return MADE;
  }

  #step(step: Node, here: Origin, frame: Frame): Origin {
    if (step.ancestor !== undefined) this.#parents.set(step.ancestor.label, here);
    if (step.type === 'sort') {
      this.consume(here, step);
      for (const { expression } of step.terms ?? []) this.#use(expression, MADE, frame);
      if (step.index !== undefined) frame.bind(step.index, MADE);
      return this.#staged(step, MADE, frame);
    }
    const value = this.visit(step, here, frame);
    if (step.index !== undefined) frame.bind(step.index, MADE);
    if (step.focus === undefined) return this.#staged(step, value, frame);
    // `@$name` leaves the context where it was.
    frame.bind(step.focus, value);
    this.#staged(step, value, frame);
    return here;
  }

  #staged(step: Node, value: Origin, frame: Frame): Origin {
    let origin = value;
    for (const stage of step.stages ?? []) {
      const index = stage.expr?.type === 'number' ? Number(stage.expr.value) : -1;
      if (Number.isInteger(index) && index >= 0 && origin !== WHOLE_SCOPE) {
        origin = origin.map((path) => [...path, index]);
        continue;
      }
      this.consume(origin, step);
      if (stage.value !== undefined) frame.bind(stage.value, MADE);
      this.#filter(stage, frame);
      origin = MADE;
    }
    return origin;
  }

  #filter(stage: Stage, frame: Frame): void {
    this.#use(stage.expr, MADE, frame);
  }

  #condition(node: Node, context: Origin, frame: Frame): Origin {
    const condition = node.condition === undefined ? MADE : this.visit(node.condition, context, frame);
    if (node.condition !== undefined) this.consume(condition, node.condition);
    const branches = [node.then, node.else].map((branch) =>
      branch === undefined ? MADE : this.visit(branch, context, frame),
    );
    // `a ?: b` asks after a, and gives it.
    if (JSON.stringify(condition) === JSON.stringify(branches[0])) this.#test(condition);
    return branches.flat();
  }

  #lambda(node: Node, context: Origin, frame: Frame): void {
    const inner = Frame.around(node.body === undefined ? [] : [node.body], frame);
    for (const parameter of node.arguments ?? []) inner.bind(String(parameter.value), MADE);
    this.#use(node.body, context, inner);
  }

  #call(node: Node, context: Origin, frame: Frame, given: number): void {
    const { procedure } = node;
    const name = procedure?.type === 'variable' ? String(procedure.value) : undefined;
    if (procedure?.type === 'path') this.#refuseName(procedure);
    this.#use(procedure, context, frame);
    const isFunction = name !== undefined && frame.lookup(name) === undefined;
    for (const arg of node.arguments ?? []) {
      const origin = this.visit(arg, context, frame);
      if (isFunction && name === 'exists') this.#test(origin);
      this.consume(origin, arg);
    }
    if (isFunction && this.functions.takesContext(name, given)) this.consume(context, procedure ?? node);
  }

  #refuseName(procedure: Node): void {
    const [first, second] = procedure.steps ?? [];
    if (first?.type !== 'name' || second !== undefined) return;
    const name = String(first.value);
    const known = this.functions.has(name) ? `; did you mean \`$${name}\`?` : '; names of functions begin with `$`';
    throw this.#refusal(`\`${name}\` is no function${known}`, first);
  }

  #apply(node: Node, context: Origin, frame: Frame): void {
    if (!isPairs(node.lhs)) this.#use(node.lhs, context, frame);
    if (node.rhs === undefined) return;
    if (node.rhs.type === 'function') this.#call(node.rhs, context, frame, (node.rhs.arguments?.length ?? 0) + 1);
    else this.#use(node.rhs, context, frame);
  }

  #refusal(message: string, node: Node): ExpressionSyntaxError {
    return new ExpressionSyntaxError(message, positionAt(this.source, startOf(node, this.source)));
  }

  #test(origin: Origin): void {
    for (const path of origin) this.tests.set(JSON.stringify(path), path);
  }
}

function under(origin: Origin, name: string): Origin {
  return origin.map((path) => [...path, name]);
}
