import type { RunBudget } from '../contracts/budget.js';
import type { Scope } from '../contracts/expression-engine.js';
import { inOrder } from '../model/in-order.js';
import {
  copyOf,
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
    return this.#fill({}, 0, (node) => node.evaluate(scope, budget));
  }

  layOver(base: Json | undefined, scope: Scope, budget: RunBudget): MaybePromise<JsonObject> {
    const under = isObject(base) ? base : {};
    return this.#fill(copyOf(under), 0, (node, key) => node.layOver(getKey(under, key), scope, budget));
  }

  /** Sets the key of each node from the first one on, in order; a promise only once a node gives one. */
  #fill(
    result: MutableJsonObject,
    first: number,
    give: (node: TemplateNode, key: string) => MaybePromise<Json>,
  ): MaybePromise<JsonObject> {
    for (let index = first; index < this.#nodes.length; index += 1) {
      const key = this.#keys[index] as string;
      const value = give(this.#nodes[index] as TemplateNode, key);
      if (value instanceof Promise) {
        return value.then((found) => {
          setKey(result, key, found);
          return this.#fill(result, index + 1, give);
        });
      }
      setKey(result, key, value);
    }
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
