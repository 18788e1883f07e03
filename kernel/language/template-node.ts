import type { RunBudget } from '../contracts/budget.js';
import type { Scope } from '../contracts/expression-engine.js';
import { inOrder } from '../model/in-order.js';
import {
  andThen,
  getKey,
  isObject,
  type Json,
  type JsonObject,
  type MaybePromise,
  type MutableJsonObject,
  setKey,
} from '../model/json.js';
import type { Expression } from './template.js';

/** A part of a template: constant, expression, or a mapping or list with expressions in it. */
export interface TemplateNode {
  /** Those that stand in it, in their order. */
  readonly expressions: readonly Expression[];
  evaluate(scope: Scope, budget: RunBudget): MaybePromise<Json>;
  /** The value that stands in the base's place once the part is laid over it. The base is not changed. */
  layOver(base: Json | undefined, scope: Scope, budget: RunBudget): MaybePromise<Json>;
}

/** A part without expressions; its value is frozen and shared by all evaluations. */
export class ConstantNode implements TemplateNode {
  constructor(readonly value: Json) {}

  get expressions(): readonly Expression[] {
    return [];
  }

  evaluate(): Json {
    return this.value;
  }

  layOver(base: Json | undefined): Json {
    return layConstantOver(base, this.value);
  }
}

/** A mapping that is written out, with expressions somewhere in it. */
export class MappingNode implements TemplateNode {
  readonly #keys: readonly string[];
  readonly #nodes: readonly TemplateNode[];

  constructor(entries: readonly (readonly [key: string, node: TemplateNode])[]) {
    this.#keys = entries.map(([key]) => key);
    this.#nodes = entries.map(([, node]) => node);
  }

  get expressions(): readonly Expression[] {
    return this.#nodes.flatMap(({ expressions }) => expressions);
  }

  evaluate(scope: Scope, budget: RunBudget): MaybePromise<JsonObject> {
    const values = inOrder(this.#nodes, (node) => node.evaluate(scope, budget));
    return andThen(values, (found) => this.#fill({}, found));
  }

  layOver(base: Json | undefined, scope: Scope, budget: RunBudget): MaybePromise<JsonObject> {
    const under = isObject(base) ? base : {};
    const values = inOrder(this.#nodes, (node, index) =>
      node.layOver(getKey(under, this.#keys[index] ?? ''), scope, budget),
    );
    return andThen(values, (found) => this.#fill(copyOf(under), found));
  }

  #fill(result: MutableJsonObject, values: readonly Json[]): JsonObject {
    for (const [index, key] of this.#keys.entries()) setKey(result, key, values[index] ?? null);
    return result;
  }
}

/** A list with expressions somewhere in it. */
export class ListNode implements TemplateNode {
  readonly #nodes: readonly TemplateNode[];

  constructor(nodes: readonly TemplateNode[]) {
    this.#nodes = nodes;
  }

  get expressions(): readonly Expression[] {
    return this.#nodes.flatMap(({ expressions }) => expressions);
  }

  evaluate(scope: Scope, budget: RunBudget): MaybePromise<readonly Json[]> {
    return inOrder(this.#nodes, (node) => node.evaluate(scope, budget));
  }

  layOver(_base: Json | undefined, scope: Scope, budget: RunBudget): MaybePromise<readonly Json[]> {
    return this.evaluate(scope, budget);
  }
}

/** Lays a constant over a base: mappings that hold something merge, all else replaces. */
export function layConstantOver(base: Json | undefined, over: Json): Json {
  if (!isObject(over) || Object.keys(over).length === 0 || !isObject(base)) return over;
  const result = copyOf(base);
  for (const [key, value] of Object.entries(over)) setKey(result, key, layConstantOver(getKey(base, key), value));
  return result;
}

function copyOf(base: JsonObject): MutableJsonObject {
  const result: MutableJsonObject = {};
  for (const [key, value] of Object.entries(base)) setKey(result, key, value);
  return result;
}
