import type { RunBudget } from '../contracts/budget.js';
import type { Scope } from '../contracts/expression-engine.js';
import { andThen, isList, isObject, type Json, type JsonObject, type MaybePromise, typeName } from '../model/json.js';
import type { SourceLocation } from '../model/location.js';
import { type Path, pathTo } from '../model/path.js';
import { CompiledExpression } from './compiled-expression.js';
import { EvaluationError } from './evaluation-error.js';
import type { PlacedExpression, Template } from './template.js';
import { ConstantNode, ListNode, MappingNode, type TemplateNode } from './template-node.js';

/** Compiles one string value: an expression, or undefined for a constant. What is wrong with it is told elsewhere. */
export type CompileText = (text: string, path: Path) => CompiledExpression | undefined;

/** A template of a definition: a tree of nodes at its place. */
class CompiledTemplate implements Template {
  readonly #root: TemplateNode;

  constructor(
    root: TemplateNode,
    readonly location: SourceLocation,
  ) {
    this.#root = root;
  }

  // Both are asked for while definitions are prepared, and by tools: not worth being kept with each template.
  get reads(): readonly Path[] {
    const reads = this.#root.expressions.flatMap(({ program }) => program.reads);
    return [...new Map(reads.map((path) => [JSON.stringify(path), path])).values()];
  }

  get expressions(): readonly PlacedExpression[] {
    const depth = this.location.path.length;
    return this.#root.expressions.map((expression) => ({ path: expression.location.path.slice(depth), expression }));
  }

  get constant(): Json | undefined {
    return this.#root instanceof ConstantNode ? this.#root.value : undefined;
  }

  evaluate(scope: Scope, budget: RunBudget): MaybePromise<Json> {
    return this.#root.evaluate(scope, budget);
  }

  layOver(base: JsonObject, scope: Scope, budget: RunBudget): MaybePromise<JsonObject> {
    // The overlay itself is no mapping within an overlay: one that says nothing changes nothing.
    if (isEmptyMapping(this.constant)) return base;
    return andThen(this.#root.layOver(base, scope, budget), (result) => this.#asMapping(result));
  }

  #asMapping(value: Json): JsonObject {
    if (isObject(value)) return value;
    const source = this.#root instanceof CompiledExpression ? this.#root.program.source : '';
    throw new EvaluationError(this.location, source, `an overlay must be a mapping, not a ${typeName(value)}`);
  }
}

function isEmptyMapping(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** Compiles a JSON value whose strings may be expressions. Parts without any are frozen and shared by all evaluations. */
export function compileTemplate(value: Json, location: SourceLocation, compile: CompileText): Template {
  return new CompiledTemplate(compileNode(value, location.path, compile), location);
}

function compileNode(value: Json, path: Path, compile: CompileText): TemplateNode {
  if (typeof value === 'string') return compile(value, path) ?? new ConstantNode(value);
  if (isList(value)) {
    const nodes = value.map((item, index) => compileNode(item, pathTo(path, index), compile));
    return nodes.every(isConstant) ? new ConstantNode(Object.freeze(value)) : new ListNode(nodes);
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(
      ([key, item]) => [key, compileNode(item, pathTo(path, key), compile)] as const,
    );
    return entries.every(([, node]) => isConstant(node))
      ? new ConstantNode(Object.freeze(value))
      : new MappingNode(entries);
  }
  return new ConstantNode(value);
}

function isConstant(node: TemplateNode): boolean {
  return node instanceof ConstantNode;
}
