/**
 * The strongly connected components of a graph, each after those that it leads to: groups of nodes that all lead to one
 * another. Edges that leave the given nodes are ignored. (Tarjan's algorithm with a stack of its own, for long chains.)
 */
export function componentsInOrder(
  nodes: Iterable<string>,
  edges: (node: string) => Iterable<string>,
): readonly (readonly string[])[] {
  const within = new Set(nodes);
  const search = new ComponentSearch((node) => [...edges(node)].filter((target) => within.has(target)));
  for (const node of within) search.visit(node);
  return search.components;
}

interface Frame {
  readonly node: string;
  readonly rest: string[];
}

class ComponentSearch {
  readonly components: string[][] = [];
  readonly #edges: (node: string) => string[];
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();

  constructor(edges: (node: string) => string[]) {
    this.#edges = edges;
  }

  visit(root: string): void {
    if (this.#index.has(root)) return;
    const path = [this.#enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        path.pop();
        this.#leave(top.node, path.at(-1)?.node);
      } else if (!this.#index.has(next)) {
        path.push(this.#enter(next));
      } else if (this.#isOpen.has(next)) {
        this.#lower(top.node, this.#index.get(next) ?? 0);
      }
    }
  }

  #enter(node: string): Frame {
    const index = this.#index.size;
    this.#index.set(node, index);
    this.#low.set(node, index);
    this.#open.push(node);
    this.#isOpen.add(node);
    return { node, rest: this.#edges(node) };
  }

  #leave(node: string, parent: string | undefined): void {
    const low = this.#low.get(node) ?? 0;
    if (parent !== undefined) this.#lower(parent, low);
    if (low !== this.#index.get(node)) return;
    const component = this.#open.splice(this.#open.lastIndexOf(node));
    for (const member of component) this.#isOpen.delete(member);
    this.components.push(component);
  }

  #lower(node: string, low: number): void {
    this.#low.set(node, Math.min(this.#low.get(node) ?? low, low));
  }
}

/** The shortest way from a node back to itself, the node first and not repeated; undefined when there is none. */
export function shortestCycle(start: string, edges: (node: string) => Iterable<string>): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const next of edges(node)) {
      if (next === start) return wayTo(node, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const way = [end];
  for (let node = cameFrom.get(end); node !== undefined; node = cameFrom.get(node)) way.push(node);
  return way.reverse();
}
