import type { Path } from '../../../kernel/plugin.js';
import { childrenOf, isPairs, type Node } from './node.js';

/** The variables of one block, function or path, each with the paths of the scope that it may stand for. */
export class Frame {
  readonly #bound = new Map<string, readonly Path[]>();

  constructor(private readonly outer?: Frame) {}

  /** The frame of these nodes, in which all variables that they bind are known from the start, as functions may call later ones. */
  static around(nodes: readonly Node[], outer?: Frame): Frame {
    const frame = new Frame(outer);
    for (const node of nodes) frame.#declare(node);
    return frame;
  }

  /** Adds what a variable may stand for. */
  bind(name: string, origin: readonly Path[]): void {
    this.#bound.set(name, [...(this.#bound.get(name) ?? []), ...origin]);
  }

  /** What a variable may stand for; undefined when nothing binds it. */
  lookup(name: string): readonly Path[] | undefined {
    return this.#bound.get(name) ?? this.outer?.lookup(name);
  }

  get names(): readonly string[] {
    return [...this.#bound.keys(), ...(this.outer?.names ?? [])];
  }

  #declare(node: Node): void {
    if (node.type === 'bind' && !isPairs(node.lhs)) this.bind(String(node.lhs?.value), []);
    // Blocks and functions have frames of their own.
    if (node.type === 'block' || node.type === 'lambda') return;
    for (const child of childrenOf(node)) this.#declare(child);
  }
}
