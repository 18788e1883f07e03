import {
  ExpressionEvaluationError,
  formatPath,
  hasKey,
  LimitExceededError,
  positionAt,
  type Scope,
} from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { isLibraryFailure, messageOf } from '../messages.js';
import { childrenOf, isPairs, type Node, startOf } from '../syntax/node.js';
import type { Evaluation } from './evaluation.js';
import { tooManyItems } from './guards.js';

/** Makes errors for users of what went wrong in an evaluation: where it was, and no value of the scope. */
export class FailureReport {
  constructor(
    private readonly source: string,
    private readonly tree: Node,
    private readonly evaluation: Evaluation,
  ) {}

  /** The error for something that was thrown. */
  of(error: unknown): Error {
    if (error instanceof LimitExceededError || error instanceof ExpressionEvaluationError) return error;
    if (error instanceof Fault) return this.#error(error.message, error.position, error.node);
    if (isLibraryFailure(error)) {
      if (error.code === 'D2014' || error.code === 'D2015') return tooManyItems(this.evaluation, Number(error.value));
      if (error.code === 'D3137' || error.code === 'D3141')
        return this.#error(this.#authorMessage(error.code), error.position);
      return this.#error(messageOf(error), this.#isOf(error.token) ? undefined : error.position);
    }
    if (error instanceof RangeError && error.message.includes('call stack')) {
      return this.#error('a value or a function is nested too deeply to be worked on', undefined);
    }
    const name = error instanceof Error ? error.name : 'an unknown error';
    const node = this.#node();
    const position = node === undefined ? undefined : positionAt(this.source, startOf(node, this.source));
    return new ExpressionEvaluationError(`JSONata failed with ${name}`, position, { cause: error });
  }

  /** The error for a result that is no JSON. */
  ofResult(fault: Fault): ExpressionEvaluationError {
    return new ExpressionEvaluationError(fault.message, positionAt(this.source, startOf(this.tree, this.source)));
  }

  /** The error for a result that is nothing, which names what was not there. */
  missing(scope: Scope): ExpressionEvaluationError {
    const node = this.#missingPart(this.tree);
    const position = positionAt(this.source, startOf(node, this.source));
    return new ExpressionEvaluationError(this.#missingText(node, scope), position);
  }

  #error(message: string, offset: number | undefined, failed?: Node): ExpressionEvaluationError {
    const start = failed === undefined ? this.#start(offset) : startOf(failed, this.source);
    return new ExpressionEvaluationError(message, start === undefined ? undefined : positionAt(this.source, start));
  }

  /** Where the failing part begins: what ends at the offset, or what was entered last. */
  #start(offset: number | undefined): number | undefined {
    const node = this.#node();
    if (node !== undefined && (offset === undefined || !isCall(node))) return startOf(node, this.source);
    const named = offset === undefined ? undefined : nodeEndingAt(this.tree, offset);
    if (named !== undefined) return startOf(named, this.source);
    return offset === undefined ? undefined : Math.max(0, offset - 1);
  }

  /** Whether what was entered last is what failed. JSONata tells of some places only from where a function was called. */
  #isOf(token: unknown): boolean {
    const node = this.#node();
    return token !== undefined && (node?.value === token || node?.procedure?.value === token);
  }

  #node(): Node | undefined {
    return [...this.evaluation.inFlight.keys()].at(-1);
  }

  /** A message that stands in the source is shown; one that is computed may hold anything. */
  #authorMessage(code: string): string {
    const name = code === 'D3137' ? '$error' : '$assert';
    const call = this.#node();
    const written = call?.arguments?.at(-1);
    if (written?.type === 'string') return `${name}: ${String(written.value)}`;
    if (written === undefined || (code === 'D3141' && call?.arguments?.length === 1)) return `${name} failed`;
    return `${name} failed; its message is computed and may hold values, so it is not shown`;
  }

  /** The innermost part because of which the whole is nothing. */
  #missingPart(node: Node): Node {
    const gave = (part: Node | undefined): part is Node => part !== undefined && this.evaluation.gaveNothing.has(part);
    const parts = node.type === 'lambda' || node.type === 'bind' ? [node.rhs] : candidates(node);
    const part = parts.find(gave);
    return part === undefined ? node : this.#missingPart(part);
  }

  #missingText(node: Node, scope: Scope): string {
    if (node.type !== 'name')
      return 'the expression gives nothing, and a value is needed; `… ?? other` gives another one';
    const name = String(node.value);
    const path = pathTo(this.tree, node);
    if (path === undefined) return `there is no \`${name}\` here`;
    if (path.length > 0) return `no such key \`${name}\` in \`${formatPath(path)}\``;
    if (hasKey(scope, name))
      return `there is no \`${name}\` in the context of this part; \`$$.${name}\` is that of the scope`;
    const names = Object.keys(scope).map((known) => `\`${known}\``);
    return `undeclared name \`${name}\` (in scope: ${names.join(', ') || 'nothing'})`;
  }
}

function candidates(node: Node): readonly (Node | undefined)[] {
  switch (node.type) {
    case 'path':
      return node.steps ?? [];
    case 'condition':
      return [node.then, node.else];
    case 'block':
      return [node.expressions?.at(-1)];
    case 'binary':
    case 'apply':
      return isPairs(node.lhs) ? [] : [node.lhs, node.rhs];
    case 'function':
      return node.arguments ?? [];
    case 'unary':
      return [node.expression];
    default:
      return [];
  }
}

function isCall(node: Node): boolean {
  return node.type === 'function' || node.type === 'apply' || node.type === 'block';
}

/** The names that lead to a step, when all before it are names of the scope. */
function pathTo(tree: Node, step: Node): readonly string[] | undefined {
  if (tree.type === 'path' && tree.steps?.includes(step)) {
    const before = tree.steps.slice(0, tree.steps.indexOf(step));
    return before.every(({ type }) => type === 'name') ? before.map(({ value }) => String(value)) : undefined;
  }
  for (const child of childrenOf(tree)) {
    const found = pathTo(child, step);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The part whose token ends at the offset. */
function nodeEndingAt(tree: Node, offset: number): Node | undefined {
  if (tree.position === offset && tree.type !== 'path') return tree;
  for (const child of childrenOf(tree)) {
    const found = nodeEndingAt(child, offset);
    if (found !== undefined) return found;
  }
  return undefined;
}
