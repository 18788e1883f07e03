import { getKey, isList, isObject, type Json, type Scope } from '../../kernel/plugin.js';
import type { Node } from './syntax/node.js';

/** The names of a path, from the scope on. */
export type PlainPath = readonly string[];

/** The names of an expression that is a path of names and nothing else. */
export function plainPathOf(tree: Node): PlainPath | undefined {
  if (tree.type !== 'path' || tree.group !== undefined || tree.keepSingletonArray || tree.predicate) return undefined;
  const steps = tree.steps ?? [];
  const isPlain = ({ focus, index, stages, tuple, type }: Node) =>
    type === 'name' && [focus, index, stages, tuple].every((part) => part === undefined);
  return steps.every(isPlain) ? steps.map((step) => String(step.value)) : undefined;
}

/** The value at a path that leads through mappings only; undefined when it leads elsewhere, which JSONata must judge. */
export function valueAt(scope: Scope, path: PlainPath): Json | undefined {
  let here: Json | undefined = scope;
  for (const name of path) {
    if (!isObject(here) || isList(here)) return undefined;
    here = getKey(here, name);
  }
  return here;
}
