import { childrenOf, type Node } from './node.js';

/** The names that the evaluation of a tree may look up: those of its variables, and of the function by which transforms copy. */
export function namesIn(tree: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === 'variable') names.add(String(node.value));
    if (node.type === 'transform') names.add('clone');
    for (const child of childrenOf(node)) visit(child);
  };
  visit(tree);
  return names;
}
